package apptest

import (
	"sync"
	"time"
)

// Clock is an app.Clock on package time, whose wall can be moved. Inside a
// testing/synctest bubble it tells the bubble's time.
type Clock struct {
	start time.Time

	mu    sync.Mutex
	shift time.Duration // guarded by mu
}

// NewClock returns a clock that is right.
func NewClock() *Clock { return &Clock{start: time.Now()} }

// Jump moves the wall clock by d; the time that passes is not touched.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shift += d
}

// Now implements app.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.shift).Round(0)
}

// Elapsed implements app.Clock.
func (c *Clock) Elapsed() time.Duration { return time.Since(c.start) }

// Tick implements app.Clock.
func (c *Clock) Tick(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(d)
	return t.C, t.Stop
}
