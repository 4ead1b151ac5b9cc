package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

const (
	sealSize float32 = 40
	// sealInset is the empty margin of the icon at this size; the circle lines up with the
	// text below it.
	sealInset float32 = 5
)

// seal is the mark of the app.
type seal struct {
	fynewidget.BaseWidget
	icon *canvas.Image
}

func newSeal() *seal {
	s := &seal{icon: &canvas.Image{FillMode: canvas.ImageFillContain}}
	s.ExtendBaseWidget(s)
	return s
}

func (s *seal) CreateRenderer() fyne.WidgetRenderer {
	r := &sealRenderer{s}
	r.paint()
	return r
}

type sealRenderer struct{ s *seal }

func (r *sealRenderer) paint() {
	r.s.icon.Resource = theme.Icon(theme.IconSeal, theme.Current().Accent)
}

func (r *sealRenderer) Destroy()                     {}
func (r *sealRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(sealSize) }
func (r *sealRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.s.icon} }

func (r *sealRenderer) Layout(s fyne.Size) {
	r.s.icon.Move(fyne.NewPos(theme.Start(-sealInset, sealSize, s.Width), 0))
	r.s.icon.Resize(fyne.NewSquareSize(sealSize))
}

func (r *sealRenderer) Refresh() {
	r.paint()
	r.s.icon.Refresh()
}
