package widget

import (
	"time"

	"fyne.io/fyne/v2"
)

// Later runs f on Fyne's thread after d, unless it was stopped there before. Tests that
// show widgets put a clock of their own in its place: Fyne's test driver has no thread
// to come back to.
var Later = func(d time.Duration, f func()) (stop func()) {
	stopped := false // owner: Fyne's thread
	timer := time.AfterFunc(d, func() {
		fyne.Do(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() {
		stopped = true
		timer.Stop()
	}
}

// delay is at most one thing that waits to happen.
type delay struct{ cancel func() }

// start puts f off by d, in place of what was put off before.
func (t *delay) start(d time.Duration, f func()) {
	t.stop()
	t.cancel = Later(d, f)
}

func (t *delay) stop() {
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
}
