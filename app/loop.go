package app

import (
	"context"
	"errors"
)

// op is one operation of the loop. run may be called again when the batch it was
// part of could not be committed: it must assign its results, not add to them.
type op struct {
	mode mode
	run  func(*work) error
	done chan error // buffered: the loop never waits for a caller
}

// mode is what an operation needs of the store.
type mode int

const (
	inMemory mode = iota
	reading
	writing
)

// refusal is an error of one operation that has written nothing: the others of
// its batch go on. Any other error undoes the batch.
type refusal struct{ err error }

func (r refusal) Error() string { return r.err.Error() }
func (r refusal) Unwrap() error { return r.err }

func refuse(err error) error { return refusal{err} }

// do runs f in the loop and returns when what it did is durable.
func (m *Messenger) do(ctx context.Context, mode mode, f func(*work) error) error {
	return m.begin(ctx, mode, f)()
}

// begin hands f to the loop and returns a function that waits, once, until what it did is durable.
func (m *Messenger) begin(ctx context.Context, mode mode, f func(*work) error) (wait func() error) {
	o := &op{mode: mode, run: f, done: make(chan error, 1)}
	if err := m.submit(ctx, o); err != nil {
		return func() error { return err }
	}
	return func() error {
		select {
		case err := <-o.done: // also when ctx has ended: f may be running
			return err
		case <-m.stopped:
			return ErrClosed
		}
	}
}

func (m *Messenger) submit(ctx context.Context, o *op) error {
	select {
	case m.ops <- o:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-m.stopped:
		return ErrClosed
	}
}

// loop executes operations until ended is closed. It is the only goroutine that
// touches the fields of Messenger marked as its own.
func (m *Messenger) loop(ended <-chan struct{}) {
	tick, stop := m.clock.Tick(tickEvery)
	defer stop()
	for {
		select {
		case o := <-m.ops:
			m.execute(m.gather(o))
		case <-tick:
			m.tick()
		case <-m.wake:
		case <-ended:
			return
		}
		m.executeOwn()
		m.serveSubscribers()
	}
}

// executeOwn executes what the loop itself has to do.
func (m *Messenger) executeOwn() {
	for len(m.todo) > 0 {
		todo := m.todo
		m.todo = nil
		for _, f := range todo {
			if err := m.runNow(writing, f); err != nil {
				m.log.Error("store", "err", err) // it comes up again
				m.subs.broadcast(StorageFailed{err})
			}
		}
	}
}

// gather takes what waits, so that one commit carries all of it.
func (m *Messenger) gather(first *op) []*op {
	batch := []*op{first}
	for len(batch) < maxBatch {
		select {
		case o := <-m.ops:
			batch = append(batch, o)
		default:
			return batch
		}
	}
	return batch
}

// execute runs a batch in one transaction. When it cannot be committed, each of
// its operations is tried alone, so that none fails for another's sake; a store
// that refuses one of them with the same error refuses the rest.
func (m *Messenger) execute(batch []*op) {
	err := m.attempt(batch)
	if err == nil {
		return
	}
	if len(batch) == 1 {
		batch[0].done <- err
		return
	}
	var last error
	for _, o := range batch {
		if last == nil || o.mode != writing {
			if err := m.attempt([]*op{o}); err == nil {
				continue
			} else {
				o.done <- err
				if errors.Is(err, ErrDiskFull) || errors.Is(err, ErrDiskReadOnly) {
					last = err
				}
				continue
			}
		}
		o.done <- last
	}
}

// attempt runs a batch in one transaction, and only when that is durable takes
// over its changes, tells the callers and does what follows.
func (m *Messenger) attempt(batch []*op) error {
	w := newWork(m)
	results := make([]error, len(batch))
	body := func() error {
		for i, o := range batch {
			err := o.run(w)
			var r refusal
			switch {
			case err == nil:
				w.keep()
			case errors.As(err, &r):
				w.drop()
				results[i] = r.err
			default:
				return err
			}
		}
		return w.flush()
	}
	if err := m.transact(batch, w, body); err != nil {
		return err
	}
	m.commit(w)
	for i, o := range batch {
		o.done <- results[i]
	}
	return nil
}

// transact runs body under what the batch needs of the store. Operations that
// were begun are finished also while the program ends.
func (m *Messenger) transact(batch []*op, w *work, body func() error) error {
	need := inMemory
	for _, o := range batch {
		need = max(need, o.mode)
	}
	switch need {
	case writing:
		return m.store.Update(context.Background(), func(tx Tx) error {
			w.tx, w.read = tx, tx
			return body()
		})
	case reading:
		return m.store.View(context.Background(), func(tx ReadTx) error {
			w.read = tx
			return body()
		})
	}
	return body()
}
