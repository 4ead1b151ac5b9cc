package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// NavItem is a line of a NavList.
type NavItem struct {
	Icon   theme.IconName // or ""
	Label  string
	Detail string // quiet, at the end; may be empty
}

// NavList is a list of places to go to, of which one is open. Each is reached by Tab; the
// arrow keys go to the neighbour.
type NavList struct {
	fynewidget.BaseWidget
	OnChosen func(i int)

	lines  []*navLine
	chosen int
	marked bool // the open one is shown: not where the list is a pane of its own
}

// NewNavList returns a list with the first item open.
func NewNavList(onChosen func(int), items ...NavItem) *NavList {
	l := &NavList{OnChosen: onChosen, marked: true}
	for i, item := range items {
		l.lines = append(l.lines, newNavLine(l, i, item))
	}
	l.ExtendBaseWidget(l)
	return l
}

// Choose marks an item without a report.
func (l *NavList) Choose(i int) {
	if i >= 0 && i < len(l.lines) && i != l.chosen {
		l.chosen = i
		l.Refresh()
	}
}

// Mark says whether the open item is shown as such.
func (l *NavList) Mark(on bool) {
	if l.marked != on {
		l.marked = on
		l.Refresh()
	}
}

// Focusable returns what takes the keyboard: the line of the open item.
func (l *NavList) Focusable() fyne.Focusable { return l.lines[l.chosen] }

func (l *NavList) choose(i int) {
	l.Choose(i)
	if l.OnChosen != nil {
		l.OnChosen(i)
	}
}

// lineHeight is of one item, at the text size in force.
func (l *NavList) lineHeight() float32 { return theme.MenuItemHeight() + theme.Space8 }

// HeightFor returns the height of all items.
func (l *NavList) HeightFor(float32) float32 { return float32(len(l.lines)) * l.lineHeight() }

// CreateRenderer implements fyne.Widget.
func (l *NavList) CreateRenderer() fyne.WidgetRenderer {
	objects := make([]fyne.CanvasObject, len(l.lines))
	for i, line := range l.lines {
		objects[i] = line
	}
	update := func() {
		for _, line := range l.lines {
			line.Refresh()
		}
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, l.HeightFor(1)) }
	place := func(s fyne.Size) {
		h := l.lineHeight()
		for i, line := range l.lines {
			put(line, 0, float32(i)*h, s.Width, h, s.Width)
		}
	}
	return newParts(l, update, minSize, place, objects...)
}

// navLine is one item of a NavList.
type navLine struct {
	press
	of    *NavList
	index int
	item  NavItem
}

func newNavLine(of *NavList, i int, item NavItem) *navLine {
	l := &navLine{of: of, index: i, item: item}
	l.extend(l, func() { of.choose(i) })
	return l
}

// Label returns the word on the line.
func (l *navLine) Label() string { return l.item.Label }

func (l *navLine) TypedKey(e *fyne.KeyEvent) {
	step := 0
	switch e.Name {
	case fyne.KeyUp:
		step = -1
	case fyne.KeyDown:
		step = 1
	default:
		l.press.TypedKey(e)
		return
	}
	i := l.index + step
	if i < 0 || i >= len(l.of.lines) {
		return
	}
	if l.of.marked { // where the list stands alone, going on does not open
		l.of.choose(i)
	}
	if c := canvasOf(l); c != nil {
		c.Focus(l.of.lines[i])
	}
}

// CreateRenderer implements fyne.Widget.
func (l *navLine) CreateRenderer() fyne.WidgetRenderer {
	plate, ring := box(theme.RadiusRow), box(theme.RadiusRow)
	icon, word, detail := picture(), newWords(), newWords()
	word.fits, detail.fits = true, true
	update := func() {
		p := theme.Current()
		fill, style := transparent, theme.UI
		open := l.of.marked && l.of.chosen == l.index
		switch {
		case open:
			fill, style = p.Selected, theme.UIBold
		case l.hot():
			fill = p.Hover
		}
		paint(plate, fill, transparent, 0)
		showRing(ring, l.ring)
		if l.item.Icon != "" {
			setIcon(icon, theme.Icon(l.item.Icon, p.Ink2))
		}
		word.set(l.item.Label, style, p.Ink)
		detail.set(l.item.Detail, theme.Caption, p.Ink3)
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, l.of.lineHeight()) }
	place := func(s fyne.Size) {
		x, end, reach := theme.Space12, s.Width-theme.Space12, -theme.Space2
		if l.item.Icon == "" { // the words line up with what stands above them
			x, end, reach = 0, s.Width, theme.Space8
		}
		for _, r := range []*canvas.Rectangle{plate, ring} {
			r.Move(fyne.NewPos(-reach, theme.Space2))
			r.Resize(fyne.NewSize(s.Width+2*reach, s.Height-2*theme.Space2))
		}
		show(icon, l.item.Icon != "")
		if l.item.Icon != "" {
			put(icon, x, (s.Height-theme.IconAction)/2, theme.IconAction, theme.IconAction, s.Width)
			x += theme.IconAction + theme.Space12
		}
		if n := min(detail.natural(), (end-x)/2); n > 0 {
			end -= n
			detail.put(end, (s.Height-detail.style.LineHeight)/2, n, s.Width, alignEnd)
			end -= theme.Space8
		}
		word.put(x, (s.Height-word.style.LineHeight)/2, end-x, s.Width, alignStart)
	}
	return newParts(l, update, minSize, place, plate, ring, icon, word.raster, detail.raster)
}
