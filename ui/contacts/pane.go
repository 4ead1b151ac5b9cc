package contacts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/layout"
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

// padded leaves the gutter around a column.
type padded struct{ column *layout.Column }

// HeightFor is what the scroll box asks for.
func (p padded) HeightFor(width float32) float32 {
	return p.column.HeightFor(width-2*theme.Gutter) + 2*theme.Space24
}

// MinSize changes with the height, which tells the scroll box to look again.
func (p padded) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(1, p.column.HeightFor(max(1, p.column.Size().Width))+2*theme.Space24)
}

func (p padded) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	w := s.Width - 2*theme.Gutter
	p.column.Move(fyne.NewPos(theme.Gutter, theme.Space24))
	p.column.Resize(fyne.NewSize(w, p.column.HeightFor(w)))
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
