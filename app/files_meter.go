package app

import (
	"math"
	"time"
)

// meter measures how fast a file moves, and paces telling it.
type meter struct {
	at, told time.Duration // when bytes were last counted, and told
	bytes    int64         // since at
	rate     float64       // bytes a second
}

func (m *meter) begin(now time.Duration) { *m = meter{at: now, told: now} }

// add counts bytes. due says that it is time to tell the rate.
func (m *meter) add(now time.Duration, bytes int64) (rate int64, due bool) {
	m.bytes += bytes
	if now-m.told < progressEvery {
		return 0, false
	}
	dt := (now - m.at).Seconds()
	late := float64(m.bytes) / dt
	if m.rate == 0 {
		m.rate = late
	} else {
		m.rate += (late - m.rate) * (1 - math.Exp(-dt/rateOver.Seconds()))
	}
	m.at, m.told, m.bytes = now, now, 0
	return int64(m.rate), true
}
