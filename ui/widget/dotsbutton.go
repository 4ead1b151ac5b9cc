package widget

import (
	"fyne.io/fyne/v2"

	"tacit/ui/theme"
)

// DotsButton is the dots of trust where they explain themselves: their word shows on
// hover and focus, and a press asks for more.
type DotsButton struct {
	press
	// OnTapped is given the point of the window below the dots, at their start.
	OnTapped func(at fyne.Position)

	dots *Dots
}

// NewDotsButton returns dots that can be pressed; word is that of the level.
func NewDotsButton(level int, diameter float32, word string, onTapped func(at fyne.Position)) *DotsButton {
	b := &DotsButton{OnTapped: onTapped, dots: NewDots(level, diameter)}
	b.word = word
	b.extend(b, func() {
		if b.OnTapped != nil {
			b.OnTapped(below(b))
		}
	})
	return b
}

// Set shows another level with its word.
func (b *DotsButton) Set(level int, word string) {
	b.word = word
	b.dots.SetLevel(level)
}

// Word returns the word of the level.
func (b *DotsButton) Word() string { return b.word }

// dotsReach is how far the target reaches beyond the dots: they stay in their line, and
// can be hit.
const dotsReach = theme.Space8

// CreateRenderer implements fyne.Widget. The size is that of the dots alone.
func (b *DotsButton) CreateRenderer() fyne.WidgetRenderer {
	wash, ring := box(theme.RadiusField), box(theme.RadiusField)
	update := func() {
		fill := transparent
		if b.hot() {
			fill = theme.Current().Hover
		}
		paint(wash, fill, transparent, 0)
		showRing(ring, b.ring)
		b.dots.Refresh()
	}
	minSize := func() fyne.Size {
		return b.dots.MinSize().AddWidthHeight(2*dotsReach, 0).Max(fyne.NewSize(0, theme.IconButtonSize))
	}
	place := func(s fyne.Size) {
		m := b.dots.MinSize()
		for _, r := range []fyne.CanvasObject{wash, ring} { // smaller than what can be hit
			put(r, 0, (s.Height-m.Height)/2-dotsReach, s.Width, m.Height+2*dotsReach, s.Width)
		}
		put(b.dots, (s.Width-m.Width)/2, (s.Height-m.Height)/2, m.Width, m.Height, s.Width)
	}
	return newParts(b, update, minSize, place, wash, ring, b.dots)
}

// below is the point of the window under the start corner of o.
func below(o fyne.CanvasObject) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	if theme.RTL() {
		at.X += o.Size().Width
	}
	return at.AddXY(0, o.Size().Height+theme.Space4)
}
