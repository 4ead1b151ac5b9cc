package layout

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Flow stands objects beside one another from the start edge, and goes on in a further
// line where there is no room for the next. Hidden ones take no room.
type Flow struct {
	fynewidget.BaseWidget
	objects []fyne.CanvasObject
	gap     float32 // between two of a line
}

// NewFlow returns a flow of objects.
func NewFlow(gap float32, objects ...fyne.CanvasObject) *Flow {
	f := &Flow{objects: objects, gap: gap}
	f.ExtendBaseWidget(f)
	return f
}

// walk goes through what is visible with its place and returns the height of all.
func (f *Flow) walk(width float32, visit func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	x, y, line := float32(0), float32(0), float32(0)
	for _, o := range f.objects {
		if !o.Visible() {
			continue
		}
		w := min(widthOf(o), max(1, width))
		h := heightFor(o, w)
		if x > 0 && x+w > width {
			x, y, line = 0, y+line, 0
		}
		visit(o, x, y, w, h)
		x, line = x+w+f.gap, max(line, h)
	}
	return y + line
}

// HeightFor implements Tall.
func (f *Flow) HeightFor(width float32) float32 {
	return f.walk(width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

// NaturalWidth implements Natural: all in one line.
func (f *Flow) NaturalWidth() float32 {
	w := float32(0)
	for _, o := range f.objects {
		if o.Visible() {
			if w > 0 {
				w += f.gap
			}
			w += widthOf(o)
		}
	}
	return w
}

// MinSize implements fyne.CanvasObject.
func (f *Flow) MinSize() fyne.Size {
	f.ExtendBaseWidget(f)
	return fyne.NewSize(1, f.HeightFor(max(1, f.Size().Width)))
}

// CreateRenderer implements fyne.Widget.
func (f *Flow) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{of: f, place: f.place, objects: func() []fyne.CanvasObject { return f.objects }}
}

func (f *Flow) place(s fyne.Size) {
	f.walk(s.Width, func(o fyne.CanvasObject, x, y, w, h float32) {
		put(o, theme.Start(x, w, s.Width), y, w, h)
	})
}
