package chat

import (
	"context"
	"sync"
	"time"
)

// Work runs calls that may wait for the disk away from the window's goroutine and
// posts their outcomes back to it. One serves all panes of a window.
type Work struct {
	ctx  context.Context
	post func(func())
	wg   sync.WaitGroup

	// after runs f on any goroutine after d, unless it was stopped before. Tests have a
	// clock of their own.
	after func(d time.Duration, f func()) (stop func() bool)
}

// NewWork returns a Work whose calls get ctx. post runs a function on the window's
// goroutine, now or later, in the order of its calls.
func NewWork(ctx context.Context, post func(func())) *Work {
	return &Work{ctx: ctx, post: post, after: func(d time.Duration, f func()) func() bool {
		return time.AfterFunc(d, f).Stop
	}}
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

// act runs f elsewhere, where only an error is of interest.
func act(w *Work, f func(context.Context) error, done func(error)) {
	call(w, func(ctx context.Context) (struct{}, error) { return struct{}{}, f(ctx) },
		func(_ struct{}, err error) { done(err) })
}

// wait is at most one thing that is put off. Owner: the window's goroutine.
type wait struct{ cancel func() }

// start runs f on the window's goroutine after d, in place of what was put off before.
func (t *wait) start(w *Work, d time.Duration, f func()) {
	t.stop()
	stopped := false
	stop := w.after(d, func() {
		w.post(func() {
			if !stopped && w.ctx.Err() == nil {
				t.cancel = nil
				f()
			}
		})
	})
	t.cancel = func() {
		stopped = true
		stop()
	}
}

// running reports whether something is put off.
func (t *wait) running() bool { return t.cancel != nil }

func (t *wait) stop() {
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
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
