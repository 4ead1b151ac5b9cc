package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// roundLook is how a round button looks now.
type roundLook struct {
	fill, edge, ink color.NRGBA
	unread          int            // over the top edge
	icon            theme.IconName // in place of the button's own, or ""
}

// newRoundButton returns the renderer of a disc of the given size with an icon.
func newRoundButton(b *press, icon theme.IconName, size float32, look func() roundLook) fyne.WidgetRenderer {
	disc, wash, ring := canvas.NewCircle(transparent), canvas.NewCircle(transparent), canvas.NewCircle(transparent)
	mark, pill := picture(), newPillParts()
	update := func() {
		p, l := theme.Current(), look()
		disc.FillColor, disc.StrokeColor, disc.StrokeWidth = l.fill, l.edge, 0
		if l.edge.A > 0 {
			disc.StrokeWidth = theme.Hair
			wash.FillColor = p.Hover
		}
		show(wash, l.edge.A > 0 && b.hot())
		ring.StrokeColor, ring.StrokeWidth = p.Accent, theme.FocusEdge
		show(ring, b.ring)
		drawn := icon
		if l.icon != "" {
			drawn = l.icon
		}
		setIcon(mark, theme.Icon(drawn, l.ink))
		pill.set(l.unread)
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(size) }
	place := func(s fyne.Size) {
		x, y := (s.Width-size)/2, (s.Height-size)/2
		put(disc, x, y, size, size, s.Width)
		put(wash, x, y, size, size, s.Width)
		const out = theme.FocusInset + theme.FocusEdge
		put(ring, x-out, y-out, size+2*out, size+2*out, s.Width)
		inset := (size - theme.IconAction) / 2
		put(mark, x+inset, y+inset, theme.IconAction, theme.IconAction, s.Width)
		m := pill.size()
		pill.put((s.Width-m.Width)/2, y-m.Height/2-theme.Space2, s.Width)
	}
	return newParts(b.self, update, minSize, place, disc, wash, ring, mark, pill.plate, pill.number.raster)
}
