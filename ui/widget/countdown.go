package widget

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// CountdownRing shows what is left of a length of time as an arc that shrinks from the
// top. It does not run by itself: call Set once a second.
type CountdownRing struct {
	fynewidget.BaseWidget
	share float32 // what is left, 0 to 1
}

// NewCountdownRing returns a full ring.
func NewCountdownRing() *CountdownRing {
	r := &CountdownRing{share: 1}
	r.ExtendBaseWidget(r)
	return r
}

// Set shows that left remains of whole.
func (r *CountdownRing) Set(left, whole time.Duration) {
	share := float32(0)
	if whole > 0 {
		share = max(0, min(1, float32(left)/float32(whole)))
	}
	if share != r.share {
		r.share = share
		r.Refresh()
	}
}

// ringCutout leaves a stroke of 16 % of the radius.
const ringCutout = 0.84

// CreateRenderer implements fyne.Widget.
func (r *CountdownRing) CreateRenderer() fyne.WidgetRenderer {
	track, arc := canvas.NewArc(0, 360, ringCutout, transparent), canvas.NewArc(0, 0, ringCutout, transparent)
	arc.CornerRadius = 2
	update := func() {
		p := theme.Current()
		track.FillColor, arc.FillColor = p.Hairline, p.Accent
		// What is left lies behind the hand that runs clockwise from the top.
		arc.StartAngle, arc.EndAngle = 0, -360*r.share
		if theme.RTL() {
			arc.EndAngle = 360 * r.share
		}
		show(arc, r.share > 0)
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(theme.RingSize) }
	place := func(s fyne.Size) {
		side := min(s.Width, s.Height)
		for _, a := range []*canvas.Arc{track, arc} {
			put(a, (s.Width-side)/2, (s.Height-side)/2, side, side, s.Width)
		}
	}
	return newParts(r, update, minSize, place, track, arc)
}
