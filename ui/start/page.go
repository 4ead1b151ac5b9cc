package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/ui/theme"
	"tacit/ui/widget/layout"
)

// pageTop is how far below the window's edge the column begins where there is room.
const pageTop float32 = 84

// newPage stands a column in the middle of the window; a low window scrolls it.
func newPage(column *layout.Column) fyne.CanvasObject {
	return container.NewVScroll(container.New(page{column}, column))
}

type page struct{ column *layout.Column }

func (p page) width(room float32) float32 { return min(theme.FormWidth, room-2*theme.Gutter) }

func (p page) MinSize([]fyne.CanvasObject) fyne.Size {
	// The scroll container gives the page its own width, which is known after the first layout.
	w := p.width(max(theme.WindowMinWidth, p.column.Size().Width+2*theme.Gutter))
	return fyne.NewSize(1, p.column.HeightFor(w)+2*theme.Space24)
}

func (p page) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	w := p.width(s.Width)
	h := p.column.HeightFor(w)
	top := min(pageTop, max(theme.Space24, (s.Height-h)/2))
	p.column.Move(fyne.NewPos(float32(int((s.Width-w)/2)), float32(int(top))))
	p.column.Resize(fyne.NewSize(w, h))
}
