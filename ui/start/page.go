package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// pageTop is how far below the window's edge the column begins where there is room.
const pageTop float32 = 84

// newPage stands a column in the middle of the window; a low window scrolls it.
func newPage(column *layout.Column) fyne.CanvasObject {
	return widget.NewScrollBox(container.New(page{column}, column))
}

type page struct{ column *layout.Column }

func (p page) width(room float32) float32 { return min(theme.FormWidth, room-2*theme.Gutter) }

// HeightFor is what the scroll box asks for.
func (p page) HeightFor(room float32) float32 {
	return p.column.HeightFor(p.width(room)) + 2*theme.Space24
}

// MinSize changes with the height, which tells the scroll box to look again.
func (p page) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(1, p.column.HeightFor(max(1, p.column.Size().Width))+2*theme.Space24)
}

func (p page) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	w := p.width(s.Width)
	h := p.column.HeightFor(w)
	top := min(pageTop, max(theme.Space24, (s.Height-h)/2))
	p.column.Move(fyne.NewPos(float32(int((s.Width-w)/2)), float32(int(top))))
	p.column.Resize(fyne.NewSize(w, h))
}
