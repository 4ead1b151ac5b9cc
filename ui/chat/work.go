package chat

import (
	"context"
	"sync"
)

// Work runs calls that may wait for the disk away from the window's goroutine and
// posts their outcomes back to it. One serves all panes of a window.
type Work struct {
	ctx  context.Context
	post func(func())
	wg   sync.WaitGroup
}

// NewWork returns a Work whose calls get ctx. post runs a function on the window's
// goroutine, now or later, in the order of its calls.
func NewWork(ctx context.Context, post func(func())) *Work {
	return &Work{ctx: ctx, post: post}
}

// Wait returns when no call is under way. No call may be started after it.
func (w *Work) Wait() { w.wg.Wait() }

// call runs f elsewhere and then done on the window's goroutine.
func call[T any](w *Work, f func(context.Context) (T, error), done func(T, error)) {
	w.wg.Go(func() {
		v, err := f(w.ctx)
		w.post(func() { done(v, err) })
	})
}

// batch calls f once for any number of marks that were made before it ran. It is
// how a burst of events becomes one repaint.
type batch struct {
	post   func(func())
	f      func()
	marked bool
}

func (b *batch) mark() {
	if b.marked {
		return
	}
	b.marked = true
	b.post(func() {
		b.marked = false
		b.f()
	})
}
