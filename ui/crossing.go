package ui

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// crossing is the one way from other goroutines into Fyne's thread, and the way out of it
// for what takes time.
type crossing struct {
	post   func(func()) // runs a function on Fyne's thread, in the order of the calls
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newCrossing(post func(func())) *crossing {
	ctx, cancel := context.WithCancel(context.Background())
	return &crossing{post: post, ctx: ctx, cancel: cancel}
}

// toFyne is what every crossing of the program posts to.
func toFyne(f func()) { fyne.Do(f) }

// run calls work on a goroutine of its own and what it returns on Fyne's thread.
func (c *crossing) run(work func(context.Context) func()) {
	c.wg.Go(func() {
		done := work(c.ctx)
		c.post(done)
	})
}

// every calls f on Fyne's thread about each d until stop is called or the crossing ends.
func (c *crossing) every(d time.Duration, f func()) (stop func()) {
	ctx, stop := context.WithCancel(c.ctx)
	c.wg.Go(func() {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				c.post(func() {
					if ctx.Err() == nil {
						f()
					}
				})
			}
		}
	})
	return stop
}

// after calls f on Fyne's thread once, unless the crossing ends before.
func (c *crossing) after(d time.Duration, f func()) {
	c.wg.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-c.ctx.Done():
		case <-timer.C:
			c.post(f)
		}
	})
}

// end cancels what is under way; wait, off Fyne's thread, returns when it has ended.
func (c *crossing) end()  { c.cancel() }
func (c *crossing) wait() { c.wg.Wait() }
