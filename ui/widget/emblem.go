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
	icon theme.IconName
	size float32
	ink  Ink
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

// CreateRenderer implements fyne.Widget.
func (e *Emblem) CreateRenderer() fyne.WidgetRenderer {
	icon := picture()
	update := func() { setIcon(icon, theme.Icon(e.icon, e.ink(theme.Current()))) }
	minSize := func() fyne.Size { return fyne.NewSquareSize(e.size) }
	place := func(s fyne.Size) { put(icon, 0, 0, e.size, e.size, s.Width) }
	return newParts(e, update, minSize, place, icon)
}
