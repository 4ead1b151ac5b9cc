package widget

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

const (
	timerSize float32 = 12
	// timerSteps is in how many steps the glyph empties. It is no clock: each step is a
	// repaint of the window, and a movement that takes the eye from what one reads.
	timerSteps = 12
)

// left returns how many steps of a timer are left.
func (r ThreadTimer) left(now time.Time) int {
	if r.Total <= 0 || r.EndsAt.IsZero() {
		return timerSteps
	}
	share := float64(r.EndsAt.Sub(now)) / float64(r.Total)
	return max(0, min(timerSteps, int(math.Ceil(share*timerSteps))))
}

// next returns how long it takes until the step after this one, or 0 if none comes.
func (r ThreadTimer) next(now time.Time) time.Duration {
	n := r.left(now)
	if r.Total <= 0 || r.EndsAt.IsZero() || n == 0 {
		return 0
	}
	at := r.EndsAt.Add(-time.Duration(float64(r.Total) * float64(n-1) / timerSteps))
	return max(time.Second/4, at.Sub(now)+time.Millisecond)
}

// word says when a message disappears.
func (r ThreadTimer) word(now time.Time) string {
	if r.EndsAt.IsZero() {
		return lang.T("thread.timer_read", "time", lang.Duration(r.Total))
	}
	return lang.T("thread.timer", "time", lang.Duration(max(time.Second, r.EndsAt.Sub(now).Round(time.Second))))
}

// awaitTimers comes back when the next step of a message in sight is due.
func (t *Thread) awaitTimers() {
	now := time.Now()
	var soonest time.Duration
	for _, r := range t.order {
		if d := r.b.item.Timer.next(now); d > 0 && (soonest == 0 || d < soonest) {
			soonest = d
		}
	}
	at := now.Add(soonest)
	if soonest == 0 {
		t.tick.stop()
		t.ticks = time.Time{}
		return
	}
	if !t.ticks.IsZero() && t.ticks.After(now) && !t.ticks.After(at) {
		return // one is under way that comes no later
	}
	t.ticks = at
	t.tick.start(soonest, func() {
		t.ticks = time.Time{}
		t.place()
	})
}

// paintTimer draws the glyph: a thin circle, and in it what is left as a part of a disc.
func (r *threadRow) paintTimer(dst *image.RGBA, scale float32) {
	const line = 1.25
	cx := (r.b.timerX + timerSize/2) * scale
	cy := (r.b.timeY + theme.Caption.LineHeight/2 + 0.5) * scale
	c := r.palette.Ink3
	arc(dst, cx, cy, (timerSize/2-0.5)*scale, line*scale, 1, false, c)
	if r.step > 0 {
		arc(dst, cx, cy, (timerSize/2-2.5)*scale, (timerSize/2-2.5)*scale, float32(r.step)/timerSteps, r.rtl, c)
	}
}

// onTimer reports whether a point of the thread lies on the glyph.
func (r *threadRow) onTimer(p fyne.Position) bool {
	if !r.b.timed() {
		return false
	}
	x, y := p.X-r.x-r.b.timerX, p.Y-r.y-r.b.timeY
	return x >= 0 && x < timerSize && y >= 0 && y < theme.Caption.LineHeight
}
