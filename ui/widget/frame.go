package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// A Frame is what surrounds one thing to type into: its label above, the box,
// something at the end of the box, and below it a hint, or what is wrong. The
// lines below are reserved, so that an error never moves what follows.
type Frame struct {
	fynewidget.BaseWidget

	content   fyne.CanvasObject
	end       fyne.CanvasObject // may be nil
	hintLines int
	hint, err string
	focused   bool
	disabled  bool

	label   *Label
	below   *Label
	box     *canvas.Rectangle
	warning *canvas.Image
	objects []fyne.CanvasObject
}

// init sets the frame around content, which has a height of its own and is put
// in the middle of the box. self is the widget that embeds the frame.
func (f *Frame) init(self fyne.Widget, label, hint string, content fyne.CanvasObject) {
	f.content, f.hint, f.hintLines = content, hint, 1
	f.label = NewLabel(label, &theme.SmallBold, InkMain)
	f.label.SetAlign(text.AlignStart)
	f.below = NewLabel(hint, &theme.Caption, InkSecond)
	f.below.SetAlign(text.AlignStart)
	f.box = box(theme.RadiusField)
	f.warning = picture()
	f.objects = []fyne.CanvasObject{f.label, f.box, f.warning, f.below, content}
	f.ExtendBaseWidget(self)
}

// SetLabel changes the words above the box; without any their line is not kept.
func (f *Frame) SetLabel(s string) {
	f.label.SetText(s)
	f.Refresh()
}

// SetHint changes the words below the box.
func (f *Frame) SetHint(s string) {
	f.hint = s
	f.Refresh()
}

// SetHintLines reserves room below the box; it is one line.
func (f *Frame) SetHintLines(n int) {
	f.hintLines = n
	f.Refresh()
}

// SetError shows what is wrong in the place of the hint; "" means nothing is.
func (f *Frame) SetError(s string) {
	f.err = s
	f.Refresh()
}

// Error returns what is said to be wrong.
func (f *Frame) Error() string { return f.err }

// SetFocused shows that the content has the keyboard.
func (f *Frame) SetFocused(on bool) {
	f.focused = on
	f.Refresh()
	if on {
		revealFocused(f.box)
	}
}

// SetEnd puts a button 36 wide at the end of the box.
func (f *Frame) SetEnd(o fyne.CanvasObject) {
	f.end = o
	f.objects = append(f.objects[:5:5], o)
	f.Refresh()
}

// labelHeight is the room above the box.
func (f *Frame) labelHeight() float32 {
	if f.label.Text() == "" {
		return 0
	}
	return theme.SmallBold.LineHeight + theme.Space4
}

// belowHeight is the room under the box: the lines reserved, or more where a narrow frame
// or large text needs more.
func (f *Frame) belowHeight(width float32) float32 {
	if f.hintLines == 0 {
		return 0
	}
	reserved := float32(f.hintLines) * theme.Caption.LineHeight
	said := f.hint
	if f.err != "" {
		said = f.err
		width -= signRoom
	}
	if said == "" {
		return reserved + theme.Space4
	}
	f.below.SetText(said)
	return max(reserved, f.below.HeightFor(width)) + theme.Space4
}

// signRoom is what the triangle before an error takes.
const signRoom = theme.IconState + theme.Space4

// HeightFor returns the height at a width.
func (f *Frame) HeightFor(width float32) float32 {
	return f.labelHeight() + theme.FieldHeight() + f.belowHeight(width)
}

// MinSize is the whole of it.
func (f *Frame) MinSize() fyne.Size {
	return fyne.NewSize(4*theme.Space48, f.HeightFor(widthOf(f)))
}

// CreateRenderer implements fyne.Widget.
func (f *Frame) CreateRenderer() fyne.WidgetRenderer { return &frameRenderer{f} }

type frameRenderer struct{ f *Frame }

func (r *frameRenderer) Destroy()                     {}
func (r *frameRenderer) MinSize() fyne.Size           { return r.f.MinSize() }
func (r *frameRenderer) Objects() []fyne.CanvasObject { return r.f.objects }

func (r *frameRenderer) Refresh() {
	r.Layout(r.f.Size())
	canvas.Refresh(r.f.content)
	canvas.Refresh(r.f.box)
}

func (r *frameRenderer) Layout(s fyne.Size) {
	if s.Width <= 0 {
		return
	}
	f := r.f
	r.colour()
	y := f.labelHeight()
	show(f.label, y > 0)
	put(f.label, 0, 0, s.Width, theme.SmallBold.LineHeight, s.Width)
	h := theme.FieldHeight()
	put(f.box, 0, y, s.Width, h, s.Width)
	r.layoutContent(y, h, s.Width)
	y += h + theme.Space4
	r.layoutBelow(y, s.Width)
}

// layoutContent fills the box.
func (r *frameRenderer) layoutContent(y, h, width float32) {
	f := r.f
	room := width - 2*theme.Space12
	if f.end != nil {
		room -= theme.IconButtonSize - theme.Space8
		put(f.end, width-theme.IconButtonSize-theme.Space4, y+(h-theme.IconButtonSize)/2, theme.IconButtonSize, theme.IconButtonSize, width)
	}
	ch := min(f.content.MinSize().Height, h)
	put(f.content, theme.Space12, y+(h-ch)/2, room, ch, width)
}

// layoutBelow puts hint or error.
func (r *frameRenderer) layoutBelow(y, width float32) {
	f := r.f
	x := float32(0)
	if f.err != "" {
		x = signRoom
		put(f.warning, 0, y+(theme.Caption.LineHeight-theme.IconState)/2, theme.IconState, theme.IconState, width)
	}
	show(f.warning, f.err != "")
	show(f.below, f.hintLines > 0)
	put(f.below, x, y, width-x, f.below.HeightFor(width-x), width)
}

func (r *frameRenderer) colour() {
	f, p := r.f, theme.Current()
	edge, width, fillColor := p.Field, theme.FieldEdge, p.Surface
	switch {
	case f.err != "":
		edge, width = p.Danger, theme.FocusEdge
	case f.focused:
		edge, width = p.Accent, theme.FocusEdge
	case f.disabled:
		fillColor = p.List
	}
	paint(f.box, fillColor, edge, width)
	below, ink := f.hint, InkSecond
	if f.err != "" {
		below, ink = f.err, InkDanger
	}
	f.below.SetColor(ink)
	f.below.SetText(below)
	f.below.Refresh()
	f.label.Refresh()
	setIcon(f.warning, theme.SmallIcon(theme.IconFailed, p.Danger))
}
