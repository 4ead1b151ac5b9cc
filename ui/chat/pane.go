package chat

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// pane is the renderer of the views: objects that a function of the view places.
type pane struct {
	of      fyne.Widget
	objects []fyne.CanvasObject
	update  func()          // reads the theme anew
	place   func(fyne.Size) // puts the objects into a pane of that size
}

func newPane(of fyne.Widget, update func(), place func(fyne.Size), objects ...fyne.CanvasObject) *pane {
	update()
	return &pane{of: of, objects: objects, update: update, place: place}
}

func (p *pane) Destroy()                     {}
func (p *pane) Layout(s fyne.Size)           { p.place(s) }
func (p *pane) MinSize() fyne.Size           { return fyne.NewSize(1, 1) }
func (p *pane) Objects() []fyne.CanvasObject { return p.objects }

func (p *pane) Refresh() {
	p.update()
	p.place(p.of.Size())
	canvas.Refresh(p.of)
}

// put places o, w by h, at x from the start edge of a pane of the given width, on whole
// device pixels.
func put(o fyne.CanvasObject, x, y, w, h, width float32) {
	o.Move(fyne.NewPos(snap(o, theme.Start(x, w, width)), snap(o, y)))
	o.Resize(fyne.NewSize(w, h))
}

func snap(o fyne.CanvasObject, v float32) float32 {
	scale := 1.0
	if c := canvasOf(o); c != nil && c.Scale() > 0 {
		scale = float64(c.Scale())
	}
	return float32(math.Round(float64(v)*scale) / scale)
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

func show(o fyne.CanvasObject, on bool) {
	switch {
	case on == o.Visible():
	case on:
		o.Show()
	default:
		o.Hide()
	}
}

// column returns where the column of bubbles stands in a pane, and its width.
func column(width float32) (x, w float32) {
	w = min(width-2*theme.Gutter, theme.ColumnMax)
	return (width - w) / 2, w
}
