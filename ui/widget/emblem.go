package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Emblem is an icon that stands for itself: in an empty state, over the outcome of
// something, as the mark of the app.
type Emblem struct {
	fynewidget.BaseWidget
	icon  theme.IconName
	size  float32
	ink   Ink
	inset float32 // how far it is drawn towards the start edge
}

// NewEmblem returns an icon of the given size in an ink.
func NewEmblem(icon theme.IconName, size float32, ink Ink) *Emblem {
	e := &Emblem{icon: icon, size: size, ink: ink}
	e.ExtendBaseWidget(e)
	return e
}

// Set shows another icon, or the same in another ink.
func (e *Emblem) Set(icon theme.IconName, ink Ink) {
	e.icon, e.ink = icon, ink
	e.Refresh()
}

// Flush draws the icon a little towards the start edge, so that its line rather than its
// box stands over the text below it.
func (e *Emblem) Flush() *Emblem {
	const margin = 3.0 / 24 // of the grid, what the icons leave free
	e.inset = e.size * margin
	return e
}

// CreateRenderer implements fyne.Widget.
func (e *Emblem) CreateRenderer() fyne.WidgetRenderer {
	icon := picture()
	update := func() { setIcon(icon, theme.Icon(e.icon, e.ink(theme.Current()))) }
	minSize := func() fyne.Size { return fyne.NewSquareSize(e.size) }
	place := func(s fyne.Size) { put(icon, -e.inset, 0, e.size, e.size, s.Width) }
	return newParts(e, update, minSize, place, icon)
}
