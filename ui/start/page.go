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

// A page stands a column in the middle of the window, with the choice of the language in
// the corner where lines end; a low window scrolls both.
type page struct {
	column *layout.Column
	corner *languages
}

func newPage(column *layout.Column, corner *languages) fyne.CanvasObject {
	return widget.NewScrollBox(container.New(page{column, corner}, column, corner.flow))
}

func (p page) width(room float32) float32 { return min(theme.FormWidth, room-2*theme.Gutter) }

// least is where the column may begin at the earliest.
func (p page) least(room float32) float32 {
	if _, h := p.corner.size(room); h > 0 {
		return theme.Space8 + h + theme.Space12
	}
	return theme.Space24
}

// HeightFor is what the scroll box asks for.
func (p page) HeightFor(room float32) float32 {
	return p.least(room) + p.column.HeightFor(p.width(room)) + theme.Space24
}

// MinSize changes with the height, which tells the scroll box to look again.
func (p page) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(1, p.column.HeightFor(max(1, p.column.Size().Width))+2*theme.Space24)
}

func (p page) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	w := p.width(s.Width)
	h := p.column.HeightFor(w)
	top := max(p.least(s.Width), min(pageTop, max(theme.Space24, (s.Height-h)/2)))
	p.column.Move(fyne.NewPos(float32(int((s.Width-w)/2)), float32(int(top))))
	p.column.Resize(fyne.NewSize(w, h))
	cw, ch := p.corner.size(s.Width)
	p.corner.flow.Move(fyne.NewPos(theme.Start(s.Width-theme.Gutter-cw, cw, s.Width), theme.Space8))
	p.corner.flow.Resize(fyne.NewSize(cw, ch))
}
