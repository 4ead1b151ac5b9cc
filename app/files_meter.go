package app

import (
	"math"
	"time"

	"tacit/identity/envelope"
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

// tell tells subscribers how far a file is.
func (in *intake) tell(q *incoming, now time.Duration, cells int) {
	rate, due := q.meter.add(now, int64(cells)*envelope.FileChunk)
	if !due {
		return
	}
	done := q.next
	in.m.doWhile(in.m.lifetime, reading, func(w *work) error {
		return w.tellProgress(q.message, done, rate)
	})
}

// tellProgress tells how many cells of a file moved.
func (w *work) tellProgress(id MessageID, cells uint32, rate int64) error {
	rec, err := w.read.File(id)
	if err != nil {
		return refuse(err)
	}
	if rec.State != FileMoving {
		return nil // it was told how it ended
	}
	rec.Have = cells
	w.emit(FileProgress{Contact: rec.Contact, Message: id, File: *rec.Shown(), Rate: rate})
	return nil
}
