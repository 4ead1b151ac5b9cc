package contacts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// pane is a header with its hairline and, below, what scrolls.
type pane struct{ head, rule, body fyne.CanvasObject }

func (p pane) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (p pane) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	top := theme.HeaderHeight()
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(theme.Start(x, w, s.Width), y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(p.head, theme.Gutter, 0, s.Width-theme.Gutter-theme.Space12, top)
	put(p.rule, 0, top, s.Width, theme.Hair)
	put(p.body, 0, top+theme.Hair, s.Width, max(1, s.Height-top-theme.Hair))
}

// padded leaves the gutter around a column and gives it the height it needs.
type padded struct{}

func (padded) MinSize(objects []fyne.CanvasObject) fyne.Size {
	o := objects[0]
	w := max(o.Size().Width, theme.DetailsWidth-2*theme.Gutter)
	return fyne.NewSize(1, tall(o, w)+theme.Space24+theme.Space24)
}

func (padded) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	w := s.Width - 2*theme.Gutter
	objects[0].Move(fyne.NewPos(theme.Gutter, theme.Space24))
	objects[0].Resize(fyne.NewSize(w, tall(objects[0], w)))
}

func tall(o fyne.CanvasObject, w float32) float32 {
	if t, ok := o.(interface{ HeightFor(float32) float32 }); ok {
		return t.HeightFor(w)
	}
	return o.MinSize().Height
}

// rule is a hairline.
type rule struct {
	fynewidget.BaseWidget
	line *canvas.Rectangle
}

func newRule() *rule {
	r := &rule{line: canvas.NewRectangle(theme.Current().Hairline)}
	r.ExtendBaseWidget(r)
	return r
}

func (r *rule) CreateRenderer() fyne.WidgetRenderer { return &ruleRenderer{r} }

type ruleRenderer struct{ r *rule }

func (r *ruleRenderer) Destroy()                     {}
func (r *ruleRenderer) MinSize() fyne.Size           { return fyne.NewSize(1, theme.Hair) }
func (r *ruleRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.r.line} }
func (r *ruleRenderer) Layout(s fyne.Size)           { r.r.line.Resize(s) }

func (r *ruleRenderer) Refresh() {
	r.r.line.FillColor = theme.Current().Hairline
	r.r.line.Refresh()
}
