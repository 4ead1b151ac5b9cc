package app

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"tacit/identity"
	"tacit/identity/envelope"
)

// courier is the goroutine that sends files to one contact while there is a link, one
// after another, as the contact asks for them.
type courier struct {
	m       *Messenger
	contact ContactID
	handle  identity.Handle
	cancel  context.CancelFunc
	done    chan struct{}
	wake    chan struct{}

	mu    sync.Mutex
	queue []*errand // guarded by mu; the first may be under way
}

// errand is a file to be sent, from one of its cells on.
type errand struct {
	message MessageID
	id      envelope.FileID
	from    uint32
	over    chan struct{} // closed when it is not wanted (so) any more; courier.mu
}

func (m *Messenger) startCourier(c ContactID, h identity.Handle, before *courier) *courier {
	ctx, cancel := context.WithCancel(m.lifetime)
	k := &courier{m: m, contact: c, handle: h, cancel: cancel, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	m.senders.Go(func() {
		defer close(k.done)
		defer cancel()
		if before != nil {
			before.cancel()
			<-before.done
		}
		k.run(ctx)
	})
	return k
}

// want adds a file to what is to be sent. The latest word about a file counts.
func (k *courier) want(e *errand) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strike(e.id)
	if len(k.queue) >= maxErrands {
		return // it is asked for again
	}
	e.over = make(chan struct{})
	k.queue = append(k.queue, e)
	nudge(k.wake)
}

// drop gives a file up.
func (k *courier) drop(id envelope.FileID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strike(id)
}

// strike takes a file out of the queue. The caller holds mu.
func (k *courier) strike(id envelope.FileID) {
	k.queue = slices.DeleteFunc(k.queue, func(e *errand) bool {
		if e.id == id {
			close(e.over)
		}
		return e.id == id
	})
}

// first returns the errand to go on, or nil.
func (k *courier) first() *errand {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.queue) == 0 {
		return nil
	}
	return k.queue[0]
}

func (k *courier) run(ctx context.Context) {
	for ctx.Err() == nil {
		if e := k.first(); e != nil {
			k.carry(ctx, e)
			continue
		}
		select {
		case <-k.wake:
		case <-ctx.Done():
		}
	}
}

// carry does an errand and strikes it, unless another word about its file came meanwhile.
func (k *courier) carry(ctx context.Context, e *errand) {
	err := k.send(ctx, e)
	k.mu.Lock()
	k.queue = slices.DeleteFunc(k.queue, func(o *errand) bool { return o == e })
	k.mu.Unlock()
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrDamaged):
		err := k.m.doWhile(ctx, writing, func(w *work) error { return w.lostOwnFile(e.message) })
		if err != nil {
			k.m.failedWhile(ctx, err)
		}
	default:
		k.m.log.Debug("file not sent", "err", err) // the contact asks again
	}
}

// lostOwnFile notes that an own file is not to be had any more.
func (w *work) lostOwnFile(id MessageID) error {
	rec, found, err := w.file(id)
	if err != nil || !found || rec.State == FileDone {
		return err
	}
	rec.State, rec.Reason, rec.Blob = FileCancelled, ReasonGone, 0
	if err := w.setFile(rec); err != nil {
		return err
	}
	w.later(func() { nudge(w.m.files.sweep) })
	return w.sayEnd(rec, endGone)
}

// send sends the cells of a file to its end.
func (k *courier) send(ctx context.Context, e *errand) error {
	var rec FileRecord
	err := k.m.doWhile(ctx, writing, func(w *work) error {
		r, found, err := w.file(e.message)
		if err != nil || !found || r.State != FileWaiting && r.State != FileMoving {
			return err
		}
		r.State, r.Reason, r.Have = FileMoving, ReasonNone, min(e.from, r.File.Chunks())
		rec = r
		return w.setFile(r)
	})
	if err != nil || rec.Message == 0 {
		return err
	}
	var meter meter
	meter.begin(k.m.clock.Elapsed())
	cells := make([][]byte, 0, sendBatch)
	for i := range cap(cells) {
		cells = append(cells[:i], make([]byte, envelope.FileCell))
	}
	for i := e.from; i < rec.File.Cells(); i += uint32(len(cells)) {
		cells = cells[:min(sendBatch, rec.File.Cells()-i)]
		if err := k.fill(rec, i, cells); err != nil {
			return err
		}
		select {
		case <-e.over:
			return nil
		default:
		}
		if err := k.m.transport.SendFile(ctx, k.handle, cells...); err != nil {
			return fmt.Errorf("send file: %w", err)
		}
		rate, due := meter.add(k.m.clock.Elapsed(), int64(len(cells))*envelope.FileChunk)
		if due {
			k.tell(ctx, rec, min(i+uint32(len(cells)), rec.File.Chunks()), rate)
		}
	}
	return nil
}

// fill puts cells from number first on together: chunks as they lie in the blob, and padding.
func (k *courier) fill(rec FileRecord, first uint32, cells [][]byte) error {
	for n, cell := range cells {
		if err := k.m.fillCell(rec, first+uint32(n), cell); err != nil {
			return err
		}
	}
	return nil
}

// fillCell puts cell i of a file together, under a random token.
func (m *Messenger) fillCell(rec FileRecord, i uint32, cell []byte) error {
	token := envelope.RandomToken()
	if i >= rec.File.Chunks() {
		padding, err := rec.File.SealCell(token, i, nil)
		if err != nil {
			return fmt.Errorf("seal padding: %w", err)
		}
		copy(cell, padding)
		return nil
	}
	cellHead(cell, token, rec.File.ID, i)
	if err := m.store.ReadBlob(rec.Blob, i, cell[envelope.FileCell-BoxSize:]); err != nil {
		return fmt.Errorf("read blob: %w", err)
	}
	return nil
}

// cellHead writes what stands before the box of a cell.
func cellHead(cell []byte, t envelope.Token, id envelope.FileID, i uint32) {
	n := copy(cell, t[:])
	n += copy(cell[n:], id[:])
	binary.BigEndian.PutUint32(cell[n:], i)
}

func (k *courier) tell(ctx context.Context, rec FileRecord, cells uint32, rate int64) {
	k.m.doWhile(ctx, reading, func(w *work) error { return w.tellProgress(rec.Message, cells, rate) })
}

// opener opens boxes of blobs in room that it uses again.
type opener struct{ cell, chunk []byte }

// read returns the chunk in box i of a blob; it is overwritten by the next. ErrDamaged
// where the box does not open.
func (o *opener) read(blobs Blobs, b BlobID, f envelope.File, i uint32) ([]byte, error) {
	if o.cell == nil {
		o.cell = make([]byte, envelope.FileCell)
	}
	cellHead(o.cell, envelope.Token{}, f.ID, i)
	if err := blobs.ReadBlob(b, i, o.cell[envelope.FileCell-BoxSize:]); err != nil {
		return nil, fmt.Errorf("read blob: %w", err)
	}
	_, chunk, err := f.AppendChunk(o.chunk[:0], o.cell)
	if err != nil {
		return nil, fmt.Errorf("%w: box of a file", ErrDamaged)
	}
	o.chunk = chunk
	return chunk, nil
}
