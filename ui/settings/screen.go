package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// Section is one page of the settings.
type Section struct {
	Icon    theme.IconName
	Title   string
	Content *layout.Column
	Shown   func(on bool) // the page came or went; may be nil
}

// Screen is the settings: the list of sections at the start and one of them beside it,
// or in a narrow window one after the other.
type Screen struct {
	fynewidget.BaseWidget
	OnClose func()

	sections []Section
	open     int
	entered  bool // in a narrow window: the section is shown, not the list
	one      bool // the window is narrow

	list   *widget.NavList
	names  *widget.Header     // over the list
	leave  *widget.IconButton // its cross, where the list stands alone
	header *widget.Header     // over the section
	scroll *widget.ScrollBox
	nav    *widget.ScrollBox
	body   *fyne.Container
	canvas fyne.Canvas // set by FocusOn
}

// NewScreen returns the screen with its first section open.
func NewScreen(sections []Section, onClose func()) *Screen {
	s := &Screen{OnClose: onClose, sections: sections}
	items := make([]widget.NavItem, len(sections))
	for i, section := range sections {
		items[i] = widget.NavItem{Icon: section.Icon, Label: section.Title}
	}
	s.list = widget.NewNavList(s.choose, items...)
	closer := func() *widget.IconButton {
		return widget.NewIconButton(theme.IconClose, lang.T("word.close"), func() { s.OnClose() })
	}
	s.leave = closer()
	s.names = widget.NewHeader(lang.T("word.back"), func() {}, s.leave)
	s.names.SetTitle(lang.T("settings.title"), "")
	s.header = widget.NewHeader(lang.T("word.back"), func() { s.Back() }, closer())
	s.nav = widget.NewScrollBox(s.list)
	s.ExtendBaseWidget(s)
	s.show()
	return s
}

// Open goes to a section.
func (s *Screen) Open(i int) {
	s.list.Choose(i)
	s.choose(i)
}

// FocusOn gives the keyboard to the list.
func (s *Screen) FocusOn(c fyne.Canvas) {
	s.canvas = c
	c.Focus(s.list.Focusable())
}

func (s *Screen) choose(i int) {
	if i != s.open {
		s.tell(false)
		s.open = i
		s.show()
	}
	s.entered = true
	s.Refresh()
}

// Back leaves the section in a narrow window, and else the settings.
func (s *Screen) Back() {
	if s.one && s.entered {
		s.entered = false
		s.Refresh()
		if s.canvas != nil {
			s.canvas.Focus(s.list.Focusable())
		}
		return
	}
	s.OnClose()
}

// Closed tells the open section that it is gone.
func (s *Screen) Closed() { s.tell(false) }

// Resized is to be called when a section has another height.
func (s *Screen) Resized() { s.Refresh() }

func (s *Screen) tell(on bool) {
	if shown := s.sections[s.open].Shown; shown != nil {
		shown(on)
	}
}

// show puts the open section into the pane, scrolled to its beginning.
func (s *Screen) show() {
	section := s.sections[s.open]
	section.Content.RefreshAll()
	s.header.SetTitle(section.Title, "")
	s.body = container.New(page{section.Content}, section.Content)
	s.scroll = widget.NewScrollBox(s.body)
	s.tell(true)
}

// TypedKey takes Escape.
func (s *Screen) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		s.Back()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Screen) CreateRenderer() fyne.WidgetRenderer {
	r := &screenRenderer{s: s, ground: canvas.NewRectangle(nil), rule: canvas.NewRectangle(nil)}
	r.colour()
	return r
}

type screenRenderer struct {
	s            *Screen
	ground, rule *canvas.Rectangle
}

func (r *screenRenderer) Destroy()           {}
func (r *screenRenderer) MinSize() fyne.Size { return fyne.NewSize(1, 1) }

func (r *screenRenderer) Objects() []fyne.CanvasObject {
	s := r.s
	return []fyne.CanvasObject{r.ground, s.names, s.nav, r.rule, s.header, s.scroll}
}

func (r *screenRenderer) colour() {
	r.ground.FillColor = theme.Current().List
	r.rule.FillColor = theme.Current().Hairline
}

func (r *screenRenderer) Refresh() {
	r.colour()
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

func (r *screenRenderer) Layout(size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	s := r.s
	one := size.Width < theme.OnePane
	s.one = one
	s.list.Mark(!one)
	s.header.ShowBack(one)
	visible(s.leave, one)
	listShown, pageShown := !one || !s.entered, !one || s.entered
	listWidth := theme.ListColumn(size.Width)
	x := listWidth
	if one {
		listWidth, x = size.Width, 0
	}
	for o, on := range map[fyne.CanvasObject]bool{
		r.ground: listShown, s.names: listShown, s.nav: listShown, r.rule: !one, s.header: pageShown, s.scroll: pageShown,
	} {
		visible(o, on)
	}
	top := theme.HeaderHeight() + theme.Hair
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(theme.Start(x, w, size.Width), y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(r.ground, 0, 0, listWidth, size.Height)
	put(s.names, 0, 0, listWidth-theme.Hair, top)
	put(s.nav, theme.Space8, top+theme.Space8, listWidth-2*theme.Space8, max(1, size.Height-top-theme.Space8))
	put(r.rule, listWidth-theme.Hair, 0, theme.Hair, size.Height)
	put(s.header, x, 0, size.Width-x, top)
	put(s.scroll, x, top, size.Width-x, max(1, size.Height-top))
}

// page stands a section in its pane: not wider than reads well.
type page struct{ column *layout.Column }

func (p page) width(room float32) float32 {
	return max(1, min(theme.CardMax*theme.Scale(), room-2*theme.Gutter))
}

// HeightFor is what the scroll box asks for.
func (p page) HeightFor(room float32) float32 {
	return p.column.HeightFor(p.width(room)) + 2*theme.Space24
}

// MinSize changes with the height, which tells the scroll box to look again.
func (p page) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(1, p.column.HeightFor(max(1, p.column.Size().Width))+2*theme.Space24)
}

func (p page) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	w := p.width(s.Width)
	p.column.Move(fyne.NewPos(theme.Start(theme.Gutter, w, s.Width), theme.Space24))
	p.column.Resize(fyne.NewSize(w, p.column.HeightFor(w)))
}
