package app

import "time"

// SystemClock returns the clock of this computer.
func SystemClock() Clock { return systemClock{} }

type systemClock struct{}

// Now leaves Go's monotonic reading out: on Linux it rests while the computer sleeps, and
// what is due would be late by that.
func (systemClock) Now() time.Time { return time.Now().Round(0) }

func (systemClock) Elapsed() time.Duration { return elapsed() }

func (systemClock) Tick(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(d)
	return t.C, t.Stop
}

// watch notices that the wall clock moved against the monotonic one. The loop owns it.
type watch struct {
	wall time.Time
	mono time.Duration
}

// jumped returns by how much the wall clock moved since the last call beyond the
// time that passed, or 0 where it kept within clockTolerance.
func (w *watch) jumped(clock Clock) time.Duration {
	wall, mono := clock.Now(), clock.Elapsed()
	by := w.off(wall, mono)
	*w = watch{wall.Round(0), mono}
	return by
}

// off returns what jumped would return at this moment.
func (w *watch) off(wall time.Time, mono time.Duration) time.Duration {
	if w.wall.IsZero() {
		return 0
	}
	by := wall.Round(0).Sub(w.wall) - (mono - w.mono)
	if by.Abs() <= clockTolerance {
		return 0
	}
	return by
}
