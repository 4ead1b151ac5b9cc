package ui

import "time"

const (
	// idleTick is how often it is looked whether anybody is still there.
	idleTick = 5 * time.Second
	// awayAfter is how long nothing is done before nobody counts as being there: hidden
	// chats are hidden again, and contacts who are told see it.
	awayAfter = 5 * time.Minute
	// linksEvery is how often the open connections are looked at while they are shown.
	linksEvery = 2 * time.Second
)

// idle knows how long nobody has done anything.
type idle struct {
	now  func() time.Time
	last time.Time
	away bool // awayAfter has passed, and it was told
}

func newIdle() *idle { return &idle{now: time.Now, last: time.Now()} }

// seen notes that somebody did something, and reports whether they come back.
func (i *idle) seen() (back bool) {
	back, i.away, i.last = i.away, false, i.now()
	return back
}

// since is how long nothing was done. A computer that sleeps stops the clock that runs
// evenly, and somebody may set the other one: the longer of the two counts.
func (i *idle) since() time.Duration {
	now := i.now()
	return max(0, now.Sub(i.last), now.Round(0).Sub(i.last.Round(0)))
}

// left reports, once, that nobody counts as being there any more.
func (i *idle) left() bool {
	if i.away || i.since() < awayAfter {
		return false
	}
	i.away = true
	return true
}
