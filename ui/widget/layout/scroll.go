package layout

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"
)

// Scroll shows a column whole where it has the height for it, and lets it scroll where not.
type Scroll struct {
	fynewidget.BaseWidget
	column *Column
}

// NewScroll returns a Scroll around a column.
func NewScroll(c *Column) *Scroll {
	s := &Scroll{column: c}
	s.ExtendBaseWidget(s)
	return s
}

// HeightFor implements Tall.
func (s *Scroll) HeightFor(width float32) float32 { return s.column.HeightFor(width) }

// MinSize implements fyne.CanvasObject.
func (s *Scroll) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	return s.column.MinSize()
}

// CreateRenderer implements fyne.Widget.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer {
	inner := container.NewVScroll(container.New(whole{}, s.column))
	place := func(size fyne.Size) { put(inner, 0, 0, size.Width, size.Height) }
	return &renderer{of: s, place: place, objects: func() []fyne.CanvasObject { return []fyne.CanvasObject{inner} }}
}

// whole gives a column the width there is and the height it needs at it.
type whole struct{}

func (whole) MinSize(o []fyne.CanvasObject) fyne.Size {
	c := o[0].(*Column)
	return fyne.NewSize(1, c.HeightFor(max(c.width, c.Size().Width)))
}

func (whole) Layout(o []fyne.CanvasObject, s fyne.Size) { put(o[0], 0, 0, s.Width, s.Height) }
