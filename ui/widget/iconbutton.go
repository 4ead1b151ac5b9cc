package widget

import (
	"image/color"

	"fyne.io/fyne/v2"

	"tacit/ui/theme"
)

// IconButton is an icon of 20 in a target of 36. Its word shows when the pointer rests
// on it and when the keyboard reaches it.
type IconButton struct {
	press
	OnTapped func()

	icon theme.IconName
	ink  color.NRGBA // in place of the theme's, on a ground that is no theme's; or nothing
}

// NewIconButton returns a button; word says what it does.
func NewIconButton(icon theme.IconName, word string, onTapped func()) *IconButton {
	b := &IconButton{OnTapped: onTapped, icon: icon}
	b.word = word
	b.extend(b, func() {
		if b.OnTapped != nil {
			b.OnTapped()
		}
	})
	return b
}

// SetIcon changes the icon and its word.
func (b *IconButton) SetIcon(icon theme.IconName, word string) {
	b.icon, b.word = icon, word
	b.Refresh()
}

// Word returns what the button does, in a word.
func (b *IconButton) Word() string { return b.word }

// CreateRenderer implements fyne.Widget.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	wash, ring, icon := box(theme.RadiusField), box(theme.RadiusField), picture()
	update := func() {
		p := theme.Current()
		fillColour, ink := transparent, p.Ink2
		if b.hot() {
			fillColour, ink = p.Hover, p.Ink
		}
		if b.disabled {
			ink = p.Ink3
		}
		if b.ink.A > 0 {
			ink = b.ink
			if b.hot() {
				fillColour = theme.Alpha(b.ink, 0.12)
			}
		}
		paint(wash, fillColour, transparent, 0)
		showRing(ring, b.ring)
		setIcon(icon, theme.Icon(b.icon, ink))
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(theme.IconButtonSize) }
	place := func(s fyne.Size) {
		side := theme.IconButtonSize
		x, y := (s.Width-side)/2, (s.Height-side)/2
		put(wash, x, y, side, side, s.Width)
		put(ring, x, y, side, side, s.Width)
		const inset = (theme.IconButtonSize - theme.IconAction) / 2
		put(icon, x+inset, y+inset, theme.IconAction, theme.IconAction, s.Width)
	}
	return newParts(b, update, minSize, place, wash, ring, icon)
}
