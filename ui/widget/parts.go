package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// parts is the renderer of the controls: canvas objects that functions of the control
// colour, measure and place.
type parts struct {
	of      fyne.Widget
	objects []fyne.CanvasObject
	update  func() // reads theme and state anew
	min     func() fyne.Size
	place   func(fyne.Size) // puts the objects into a box of that size
}

func newParts(of fyne.Widget, update func(), min func() fyne.Size, place func(fyne.Size), objects ...fyne.CanvasObject) *parts {
	update()
	return &parts{of: of, objects: objects, update: update, min: min, place: place}
}

func (p *parts) Destroy()                     {}
func (p *parts) Layout(s fyne.Size)           { p.place(s) }
func (p *parts) MinSize() fyne.Size           { return p.min() }
func (p *parts) Objects() []fyne.CanvasObject { return p.objects }

func (p *parts) Refresh() {
	p.update()
	p.place(p.of.Size())
	canvas.Refresh(p.of)
}

// put places o, w by h, at x from the start edge of a box of the given width. The
// position is rounded to whole device pixels: text and icons blur between them.
func put(o fyne.CanvasObject, x, y, w, h, width float32) {
	s := deviceScale(o)
	o.Move(fyne.NewPos(snap(theme.Start(x, w, width), s), snap(y, s)))
	o.Resize(fyne.NewSize(w, h))
}

// fill lets o cover a box of size s, grown by the margin on each side.
func fill(o fyne.CanvasObject, s fyne.Size, margin float32) {
	o.Move(fyne.NewPos(-margin, -margin))
	o.Resize(fyne.NewSize(s.Width+2*margin, s.Height+2*margin))
}

func deviceScale(o fyne.CanvasObject) float32 {
	if app := fyne.CurrentApp(); app != nil {
		if c := app.Driver().CanvasForObject(o); c != nil && c.Scale() > 0 {
			return c.Scale()
		}
	}
	return 1
}

func snap(v, scale float32) float32 {
	n := v * scale
	if n < 0 {
		return -float32(int(-n+0.5)) / scale
	}
	return float32(int(n+0.5)) / scale
}

var transparent = color.NRGBA{}

// box is a rounded rectangle.
func box(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(transparent)
	r.CornerRadius = radius
	return r
}

// paint sets fill and edge of a rectangle. An edge that cannot be seen has no width, or
// it would take its room from the fill.
func paint(r *canvas.Rectangle, fill, edge color.NRGBA, width float32) {
	if edge.A == 0 {
		width = 0
	}
	r.FillColor, r.StrokeColor, r.StrokeWidth = fill, edge, width
}

// picture is an icon of the theme.
func picture() *canvas.Image {
	i := &canvas.Image{FillMode: canvas.ImageFillContain}
	return i
}

// setIcon shows another icon, or the same in another colour.
func setIcon(i *canvas.Image, r fyne.Resource) {
	if i.Resource == r {
		return
	}
	i.Resource = r
	i.Refresh()
}

// focusRing surrounds what has the keyboard, at a distance.
func focusRing(radius float32) *canvas.Rectangle {
	r := box(radius + theme.FocusInset + theme.FocusEdge)
	r.Hide()
	return r
}

func showRing(r *canvas.Rectangle, on bool) {
	paint(r, transparent, theme.Current().Accent, theme.FocusEdge)
	show(r, on)
}

func show(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
