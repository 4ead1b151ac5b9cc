package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// fieldFrame is what surrounds a line of input: the label above, the edge, and one line
// of hint below, which an error replaces. The line below is kept free even when there is
// nothing to say, so that an error never shifts what follows.
type fieldFrame struct {
	label, below *words
	edge         *canvas.Rectangle
	sign         *canvas.Image

	text, hint, err   string
	focused, disabled bool
}

func newFieldFrame(label, hint string) *fieldFrame {
	return &fieldFrame{
		label: newWords(), below: newText(0),
		edge: box(theme.RadiusField), sign: picture(),
		text: label, hint: hint,
	}
}

func (f *fieldFrame) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{f.edge, f.label.raster, f.below.raster, f.sign}
}

func (f *fieldFrame) update() {
	p := theme.Current()
	f.label.set(f.text, theme.SmallBold, p.Ink)
	ground, edge, width := p.Surface, p.Field, theme.FieldEdge
	switch {
	case f.disabled:
		ground, edge = p.List, p.Hairline
	case f.err != "":
		edge, width = p.Danger, theme.FocusEdge
	case f.focused:
		edge, width = p.Accent, theme.FocusEdge
	}
	paint(f.edge, ground, edge, width)
	show(f.sign, f.err != "")
	if f.err != "" {
		f.below.set(f.err, theme.Caption, p.Danger)
		setIcon(f.sign, theme.SmallIcon(theme.IconFailed, p.Danger))
		return
	}
	f.below.set(f.hint, theme.Caption, p.Ink2)
}

// top is where the edge begins.
func (f *fieldFrame) top() float32 {
	if f.text == "" {
		return 0
	}
	return theme.SmallBold.LineHeight + theme.Space2
}

const signRoom = theme.IconState + theme.Space4

func (f *fieldFrame) belowHeight(width float32) float32 {
	if f.err != "" {
		width -= signRoom
	}
	return max(theme.Caption.LineHeight, f.below.heightFor(width))
}

func (f *fieldFrame) heightFor(width float32) float32 {
	return f.top() + theme.FieldHeight() + theme.Space4 + f.belowHeight(width)
}

// place lays everything out and returns where the input goes.
func (f *fieldFrame) place(s fyne.Size) (y, height float32) {
	f.label.put(0, 0, s.Width, s.Width, alignStart)
	top, height := f.top(), theme.FieldHeight()
	put(f.edge, 0, top, s.Width, height, s.Width)
	y = top + height + theme.Space4
	x := float32(0)
	if f.err != "" {
		x = signRoom
		put(f.sign, 0, y+(theme.Caption.LineHeight-theme.IconState)/2, theme.IconState, theme.IconState, s.Width)
	}
	f.below.put(x, y, s.Width-x, s.Width, alignStart)
	return top, height
}
