package start

import (
	"image/color"

	"tacit/ui/theme"
	"tacit/ui/widget"
)

// newSeal is the mark of the app over a form.
func newSeal() *widget.Emblem {
	accent := func(p *theme.Palette) color.NRGBA { return p.Accent }
	return widget.NewEmblem(theme.IconSeal, theme.IconEmpty, accent).Flush()
}
