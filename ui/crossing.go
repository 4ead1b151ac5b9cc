package ui

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"
)

// crossing is the one way from other goroutines into Fyne's thread, and the way out of it
// for what takes time.
type crossing struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newCrossing(parent context.Context) *crossing {
	ctx, cancel := context.WithCancel(parent)
	return &crossing{ctx: ctx, cancel: cancel}
}

// post runs f on Fyne's thread, in the order of the calls.
func (c *crossing) post(f func()) { fyne.Do(f) }

// run calls work on a goroutine of its own and what it returns on Fyne's thread.
func (c *crossing) run(work func(context.Context) func()) {
	c.wg.Go(func() {
		done := work(c.ctx)
		c.post(done)
	})
}

// end cancels what is under way. wait, off Fyne's thread, returns when it has ended.
func (c *crossing) end()  { c.cancel() }
func (c *crossing) wait() { c.wg.Wait() }
