package main

import (
	"sync"
	"time"

	"tacit/app"
)

// evening is the moment at which all pictures are taken, in a time zone made for it: the
// clock of the computer goes on as it does.
var evening = time.Date(2026, time.November, 21, 18, 6, 0, 0, time.UTC)

// moveZone makes it evening now.
func moveZone() {
	time.Local = time.FixedZone("", int(time.Until(evening)/time.Second))
}

// clock is what all messengers go by. It can be set to an earlier day, to have something
// said then, and goes forward only.
type clock struct {
	began time.Time

	mu    sync.Mutex
	shift time.Duration // against the computer's clock; guarded by mu
}

var _ app.Clock = (*clock)(nil)

func newClock() *clock { return &clock{began: time.Now()} }

// set makes it t.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shift = time.Until(t)
}

// present makes it now.
func (c *clock) present() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shift = 0
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.shift).Round(0)
}

func (c *clock) Elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.began) + c.shift
}

func (c *clock) Tick(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(d)
	return t.C, t.Stop
}

// ago is a time of day, "09:12", so many days before the evening of the pictures.
func ago(days int, of string) time.Time {
	t, err := time.Parse("15:04", of)
	if err != nil {
		panic(err) // a slip in a table of this program
	}
	y, m, d := time.Now().Date() // in the zone of the pictures
	return time.Date(y, m, d-days, t.Hour(), t.Minute(), 0, 0, time.Local)
}
