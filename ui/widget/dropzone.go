package widget

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// DropZone is a dashed box that says what may be dropped on the window. Fyne tells of a
// drop only when it happens, so the box cannot light up before.
type DropZone struct {
	fynewidget.BaseWidget
	icon theme.IconName
	text string
	body *words
}

// NewDropZone returns a box with an icon and a sentence.
func NewDropZone(icon theme.IconName, text string) *DropZone {
	z := &DropZone{icon: icon, text: text, body: newText(0)}
	z.ExtendBaseWidget(z)
	return z
}

// SetText shows another sentence.
func (z *DropZone) SetText(s string) {
	if z.text != s {
		z.text = s
		z.Refresh()
	}
}

const dropPadding = theme.Space24

func (z *DropZone) update() {
	z.body.align = alignCentre
	z.body.set(z.text, theme.UI, theme.Current().Ink2)
}

// HeightFor returns the least height at a width.
func (z *DropZone) HeightFor(width float32) float32 {
	z.update()
	return theme.IconEmpty + theme.Space12 + z.body.heightFor(width-2*dropPadding) + 2*dropPadding
}

// CreateRenderer implements fyne.Widget.
func (z *DropZone) CreateRenderer() fyne.WidgetRenderer {
	icon := picture()
	edge := canvas.NewRaster(func(w, h int) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		scale := deviceScale(z)
		dashedOutline(img, theme.RadiusBox*scale, scale, theme.Current().Field)
		return img
	})
	update := func() {
		z.update()
		edge.Refresh()
		setIcon(icon, theme.Icon(z.icon, theme.Current().Ink3))
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, z.HeightFor(widthOf(z))) }
	place := func(s fyne.Size) {
		fill(edge, s, 0)
		y := (s.Height - z.HeightFor(s.Width)) / 2
		y += dropPadding
		put(icon, (s.Width-theme.IconEmpty)/2, y, theme.IconEmpty, theme.IconEmpty, s.Width)
		y += theme.IconEmpty + theme.Space12
		z.body.put(dropPadding, y, s.Width-2*dropPadding, s.Width, alignCentre)
	}
	return newParts(z, update, minSize, place, edge, icon, z.body.raster)
}
