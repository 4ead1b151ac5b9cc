package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Dialog is a card over the window, which lies under paper at 60 % meanwhile. It is never
// a second window.
type Dialog struct {
	fynewidget.BaseWidget
	OnClosed func() // Escape or Close

	card   *Card
	hints  *Hints // words of the card's icons: the window's own layer lies below
	canvas fyne.Canvas
	before fyne.Focusable // what had the keyboard
}

// NewDialog returns a closed dialog with content on its card, which scrolls where the
// window is not high enough for it.
func NewDialog(content fyne.CanvasObject) *Dialog {
	if _, scrolls := content.(*ScrollBox); !scrolls {
		content = NewScrollBox(content)
	}
	d := &Dialog{card: NewCard(content), hints: &Hints{}}
	d.hints.ExtendBaseWidget(d.hints)
	d.ExtendBaseWidget(d)
	return d
}

// ShowOn opens the dialog over a window and gives first the keyboard; first may be nil.
func (d *Dialog) ShowOn(c fyne.Canvas, first fyne.Focusable) {
	if d.canvas != nil {
		return
	}
	d.canvas, d.before = c, c.Focused()
	c.Unfocus() // what lies below keeps no caret and no ring
	hintLayers[d.hints] = true
	c.Overlays().Add(d)
	d.Resize(c.Size())
	if first != nil {
		c.Focus(first)
	}
}

// Open reports whether the dialog is shown.
func (d *Dialog) Open() bool { return d.canvas != nil }

// Close closes the dialog and gives the keyboard back.
func (d *Dialog) Close() {
	if d.canvas == nil {
		return
	}
	c := d.canvas
	d.canvas = nil
	d.hints.Close()
	c.Overlays().Remove(d)
	if d.before != nil {
		c.Focus(d.before)
	}
	if d.OnClosed != nil {
		d.OnClosed()
	}
}

// Tapped keeps presses from what lies below.
func (d *Dialog) Tapped(*fyne.PointEvent) {}

// Scrolled keeps the wheel from what lies below.
func (d *Dialog) Scrolled(*fyne.ScrollEvent) {}

// TypedKey takes the keys that the content had no use for.
func (d *Dialog) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		d.Close()
	}
}

// cardSize is how large the card is in a window of size s.
func (d *Dialog) cardSize(s fyne.Size) fyne.Size {
	const both = 2 * theme.CardPadding
	room := s.Width - 2*theme.Gutter
	w := min(room, max(theme.CardWidth(), min(theme.CardMax, d.card.MinSize().Width)))
	h := d.card.MinSize().Height
	if t, ok := d.card.content.(interface{ HeightFor(float32) float32 }); ok {
		h = t.HeightFor(w-both) + both
	}
	return fyne.NewSize(w, min(h, s.Height-2*theme.Gutter))
}

// CreateRenderer implements fyne.Widget.
func (d *Dialog) CreateRenderer() fyne.WidgetRenderer {
	scrim := canvas.NewRectangle(transparent)
	update := func() { paint(scrim, theme.Current().Scrim, transparent, 0) }
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(s fyne.Size) {
		fill(scrim, s, 0)
		fill(d.hints, s, 0)
		c := d.cardSize(s)
		put(d.card, (s.Width-c.Width)/2, (s.Height-c.Height)/2, c.Width, c.Height, s.Width)
	}
	return newParts(d, update, minSize, place, scrim, d.card, d.hints)
}
