package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// An Ink chooses a colour of the palette in force, such as InkMain.
type Ink func(*theme.Palette) color.NRGBA

// The inks of text.
var (
	InkMain    Ink = func(p *theme.Palette) color.NRGBA { return p.Ink }
	InkSecond  Ink = func(p *theme.Palette) color.NRGBA { return p.Ink2 }
	InkThird   Ink = func(p *theme.Palette) color.NRGBA { return p.Ink3 }
	InkLink    Ink = func(p *theme.Palette) color.NRGBA { return p.Link }
	InkDanger  Ink = func(p *theme.Palette) color.NRGBA { return p.Danger }
	InkWarning Ink = func(p *theme.Palette) color.NRGBA { return p.Warning }
	InkSuccess Ink = func(p *theme.Palette) color.NRGBA { return p.Success }
)

// A Label shows text that cannot be edited, in any script. It wraps at its
// width and follows theme and text size. Its state belongs to Fyne's thread.
type Label struct {
	fynewidget.BaseWidget

	text     string
	style    *theme.TextStyle
	ink      Ink
	maxLines int
	align    text.Align
	base     text.BaseDir

	view  *blockView
	block *text.Block
	made  labelMade // what block was made from
}

// labelMade is everything that a label's block depends on.
type labelMade struct {
	text  string
	style theme.TextStyle
	width float32
	lines int
	align text.Align
	base  text.BaseDir
	rtl   bool
}

// NewLabel returns a label in a style of package theme, such as &theme.Body,
// which it reads anew when the text size changes.
func NewLabel(s string, style *theme.TextStyle, ink Ink) *Label {
	l := &Label{text: s, style: style, ink: ink, view: newBlockView()}
	l.ExtendBaseWidget(l)
	return l
}

// Text returns what the label shows.
func (l *Label) Text() string { return l.text }

// SetText shows another text.
func (l *Label) SetText(s string) {
	if s != l.text {
		l.text = s
		l.Refresh()
	}
}

// SetStyle sets the text in another style of package theme.
func (l *Label) SetStyle(style *theme.TextStyle) {
	l.style = style
	l.Refresh()
}

// SetColor chooses another ink.
func (l *Label) SetColor(ink Ink) {
	l.ink = ink
	l.Refresh()
}

// SetMaxLines cuts the text after n lines, with an ellipsis; 0 shows all.
func (l *Label) SetMaxLines(n int) {
	l.maxLines = n
	l.Refresh()
}

// SetAlign chooses where lines stand. A label of interface text of one line
// wants text.AlignStart; the default is by paragraph.
func (l *Label) SetAlign(a text.Align) {
	l.align = a
	l.Refresh()
}

// SetBase forces the base direction, such as left to right for codes.
func (l *Label) SetBase(b text.BaseDir) {
	l.base = b
	l.Refresh()
}

// HeightFor returns the height of the label at a width.
func (l *Label) HeightFor(width float32) float32 { return l.at(width).Height }

// NaturalWidth is the width of the text when nothing breaks its lines.
func (l *Label) NaturalWidth() float32 {
	return text.Layout(l.text, *l.style, text.Options{MaxLines: l.maxLines, Base: l.base, RTL: theme.RTL()}).Width
}

// LastLine returns the width of the last line and whether it begins at the
// right, so that something may stand beside it.
func (l *Label) LastLine() (width float32, rtl bool) { return l.at(l.Size().Width).LastLine() }

// Truncated reports whether an ellipsis took the place of some of the text.
func (l *Label) Truncated() bool { return l.at(l.Size().Width).Truncated }

// at returns the block at a width, which is kept for the next call.
func (l *Label) at(width float32) *text.Block {
	m := labelMade{l.text, *l.style, width, l.maxLines, l.align, l.base, theme.RTL()}
	if l.block == nil || l.made != m {
		l.made = m
		l.block = text.Whole(m.text, m.style, text.Options{
			Width: width, Fill: true, MaxLines: m.lines, Align: m.align, Base: m.base, RTL: m.rtl,
		}, l.least())
	}
	return l.block
}

// least is by how much the text may be made smaller where a word of it has no room. A
// label of one line is cut: a name.
func (l *Label) least() float32 {
	if l.maxLines == 1 {
		return 1
	}
	return min(1, 1/theme.Scale())
}

// Fits reports whether all words of the text are whole at a width, at the size that it
// was given.
func (l *Label) Fits(width float32) bool {
	return !text.Layout(l.text, *l.style, text.Options{Width: width, MaxLines: l.maxLines, Base: l.base, RTL: theme.RTL()}).Broken()
}

// MinSize is the height at the present width, and hardly any width: a label
// never pushes its surroundings apart.
func (l *Label) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return fyne.NewSize(1, l.at(l.Size().Width).Height)
}

// CreateRenderer implements fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer { return &labelRenderer{l} }

type labelRenderer struct{ l *Label }

func (r *labelRenderer) Destroy()           {}
func (r *labelRenderer) MinSize() fyne.Size { return r.l.MinSize() }
func (r *labelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.view.Raster}
}

func (r *labelRenderer) Layout(s fyne.Size) {
	l := r.l
	if s.Width <= 0 {
		return
	}
	b := l.at(s.Width)
	l.view.show(b, l.ink(theme.Current()))
	show(l.view.Raster, l.text != "")
	l.view.place(0, 0, s.Width, b.Height)
}

func (r *labelRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}
