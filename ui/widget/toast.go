package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Toast is the layer on which a short confirmation appears at the bottom and leaves by
// itself. It lets every event through. Errors are never told this way.
type Toast struct {
	fynewidget.BaseWidget
	text  string
	above float32
	leave delay
}

// NewToast returns an empty layer, to be stacked over a window's content. Above is how
// far from the bottom edge the toast appears.
func NewToast(above float32) *Toast {
	t := &Toast{above: above}
	t.ExtendBaseWidget(t)
	return t
}

// Say shows a sentence for four seconds.
func (t *Toast) Say(sentence string) {
	t.text = sentence
	t.Refresh()
	t.leave.start(theme.ToastStay, t.Dismiss)
}

// Dismiss takes the sentence away at once.
func (t *Toast) Dismiss() {
	t.leave.stop()
	if t.text != "" {
		t.text = ""
		t.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Toast) CreateRenderer() fyne.WidgetRenderer {
	plate, body := box(theme.RadiusRow), newText(0)
	body.align = alignCentre
	update := func() {
		p := theme.Current()
		paint(plate, p.Surface, p.Hairline, theme.Hair)
		body.set(t.text, theme.UI, p.Ink)
		show(plate, t.text != "")
		show(body.raster, t.text != "")
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(s fyne.Size) {
		if t.text == "" {
			return
		}
		most := min(theme.CardMax, s.Width-2*theme.Gutter) - 2*theme.Space16
		w := min(body.natural()+1, most)
		h := body.heightFor(w)
		x, y := (s.Width-w)/2, s.Height-t.above-h-theme.Space12
		put(plate, x-theme.Space16, y-theme.Space12, w+2*theme.Space16, h+2*theme.Space12, s.Width)
		body.put(x, y, w, s.Width, alignCentre)
	}
	return newParts(t, update, minSize, place, plate, body.raster)
}
