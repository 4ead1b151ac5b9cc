// Package batch joins what comes at the same time into one commit: while one is under
// way the next gathers, so that a sync is paid for by many.
package batch

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// ErrClosed: the queue was closed before the work was begun.
var ErrClosed = errors.New("closed")

// Queue hands what is done through it to its workers, in batches. Its methods may be called by many.
type Queue[W any] struct {
	items   chan *item[W]
	quit    chan struct{}
	once    sync.Once
	workers sync.WaitGroup
}

// item is one piece of work.
type item[W any] struct {
	work   W
	state  atomic.Int32
	result chan error // capacity 1
}

// States of an item: whoever moves it on from waiting owns it.
const (
	waiting = iota
	taken   // by a worker: the result will come
	givenUp // by its caller
)

// New starts workers; each calls commit with 1 to most pieces at a time. commit answers for
// each at its place; nil in place of all answers: every one succeeded. It runs until Close.
func New[W any](workers, most int, commit func([]W) []error) *Queue[W] {
	q := &Queue[W]{items: make(chan *item[W], most), quit: make(chan struct{})}
	for range workers {
		q.workers.Go(func() { q.run(most, commit) })
	}
	return q
}

// Do has w committed and returns its error. When ctx ends before a worker took w, it is
// not done at all; later its end is waited for, so that w belongs to the caller again.
func (q *Queue[W]) Do(ctx context.Context, w W) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	i := &item[W]{work: w, result: make(chan error, 1)}
	select {
	case q.items <- i:
	case <-ctx.Done():
		return ctx.Err()
	case <-q.quit:
		return ErrClosed
	}
	err := ErrClosed
	select {
	case err := <-i.result:
		return err
	case <-ctx.Done():
		err = ctx.Err()
	case <-q.quit:
	}
	if i.state.CompareAndSwap(waiting, givenUp) {
		return err
	}
	return <-i.result
}

// Close lets the batches under way end, and refuses the rest.
func (q *Queue[W]) Close() {
	q.once.Do(func() { close(q.quit) })
	q.workers.Wait()
}

func (q *Queue[W]) run(most int, commit func([]W) []error) {
	items := make([]*item[W], 0, most)
	works := make([]W, 0, most)
	for {
		select {
		case <-q.quit:
			return
		case i := <-q.items:
			items = q.gather(append(items[:0], i), most)
		}
		works = works[:0]
		for _, i := range items {
			works = append(works, i.work)
		}
		if len(works) == 0 {
			continue
		}
		errs := commit(works)
		for n, i := range items {
			var err error
			if errs != nil {
				err = errs[n]
			}
			i.result <- err
		}
		clear(items)
		clear(works)
	}
}

// gather adds what waits already, up to most, and leaves out what was given up.
func (q *Queue[W]) gather(first []*item[W], most int) []*item[W] {
	i := first[0]
	items := first[:0]
	for {
		if i.state.CompareAndSwap(waiting, taken) {
			items = append(items, i)
		}
		if len(items) == most {
			return items
		}
		select {
		case i = <-q.items:
		default:
			return items
		}
	}
}
