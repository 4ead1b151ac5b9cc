package apptest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"tacit/app"
)

// BlobOp is what a Blobs is asked to do.
type BlobOp struct {
	Name string // "create", "write", "read", "sync", "remove"
	Blob app.BlobID
	Box  uint32 // of "write" the first
}

// Blobs is an app.Blobs in memory with the promises of the real one. Of what was not
// synced, a crash leaves every other box.
type Blobs struct {
	mu     sync.Mutex
	blobs  map[app.BlobID]*blob                     // guarded by mu
	last   app.BlobID                               // guarded by mu
	dead   bool                                     // guarded by mu
	fault  func(BlobOp) error                       // guarded by mu
	hollow func(b app.BlobID, i uint32, box []byte) // guarded by mu; set: boxes are not kept
}

// blob is an array of boxes; nil is one never written. Boxes are replaced and never written to.
type blob struct{ boxes, durable [][]byte }

// NewBlobs returns one without blobs.
func NewBlobs() *Blobs { return &Blobs{blobs: map[app.BlobID]*blob{}} }

// reopen kills b and returns what is left of it.
func (b *Blobs) reopen() *Blobs {
	b.kill()
	b.mu.Lock()
	defer b.mu.Unlock()
	next := &Blobs{blobs: map[app.BlobID]*blob{}, last: b.last}
	for id, bl := range b.blobs {
		left := slices.Clone(bl.durable)
		for i := 0; i < len(left); i += 2 {
			left[i] = bl.boxes[i]
		}
		next.blobs[id] = &blob{boxes: left, durable: slices.Clone(left)}
	}
	return next
}

// copy returns one that holds what b holds now.
func (b *Blobs) copy() *Blobs {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := &Blobs{blobs: maps.Clone(b.blobs), last: b.last}
	for id, bl := range next.blobs {
		next.blobs[id] = &blob{boxes: slices.Clone(bl.boxes), durable: slices.Clone(bl.durable)}
	}
	return next
}

func (b *Blobs) kill() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dead = true
}

// FailBlobs asks f what each following call meets; nil: nothing bad. f runs under the lock.
func (b *Blobs) FailBlobs(f func(BlobOp) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = f
}

// Hollow keeps no box from now on: what is written is dropped, and f fills what is read.
// So files may be longer than memory.
func (b *Blobs) Hollow(f func(b app.BlobID, i uint32, box []byte)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hollow = f
}

// begin locks b and says what the call meets; end unlocks it.
func (b *Blobs) begin(op BlobOp) (end func(), err error) {
	b.mu.Lock()
	switch {
	case b.dead:
		err = ErrKilled
	case b.fault != nil:
		err = b.fault(op)
	}
	return b.mu.Unlock, err
}

// CreateBlob implements app.Blobs.
func (b *Blobs) CreateBlob(ctx context.Context, boxes uint32) (app.BlobID, error) {
	end, err := b.begin(BlobOp{Name: "create"})
	defer end()
	if err = firstOf(err, ctx.Err()); err != nil {
		return 0, err
	}
	if boxes == 0 {
		return 0, errors.New("a blob without boxes")
	}
	b.last++
	b.blobs[b.last] = &blob{boxes: make([][]byte, boxes), durable: make([][]byte, boxes)}
	return b.last, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// WriteBlob implements app.Blobs.
func (b *Blobs) WriteBlob(id app.BlobID, first uint32, boxes ...[]byte) error {
	end, err := b.begin(BlobOp{"write", id, first})
	defer end()
	if err != nil {
		return err
	}
	bl := b.blobs[id]
	if bl == nil || int(first)+len(boxes) > len(bl.boxes) {
		return app.ErrNotFound
	}
	for i, box := range boxes {
		if len(box) != app.BoxSize {
			return errors.New("a box of another size")
		}
		if b.hollow == nil {
			bl.boxes[int(first)+i] = bytes.Clone(box)
		}
	}
	return nil
}

// ReadBlob implements app.Blobs.
func (b *Blobs) ReadBlob(id app.BlobID, i uint32, box []byte) error {
	end, err := b.begin(BlobOp{"read", id, i})
	defer end()
	if err != nil {
		return err
	}
	bl := b.blobs[id]
	if bl == nil || int(i) >= len(bl.boxes) {
		return app.ErrNotFound
	}
	if len(box) != app.BoxSize {
		return errors.New("a box of another size")
	}
	if b.hollow != nil {
		b.hollow(id, i, box)
		return nil
	}
	clear(box)
	copy(box, bl.boxes[i])
	return nil
}

// SyncBlob implements app.Blobs.
func (b *Blobs) SyncBlob(ctx context.Context, id app.BlobID) error {
	end, err := b.begin(BlobOp{Name: "sync", Blob: id})
	defer end()
	if err = firstOf(err, ctx.Err()); err != nil {
		return err
	}
	bl := b.blobs[id]
	if bl == nil {
		return app.ErrNotFound
	}
	bl.durable = slices.Clone(bl.boxes)
	return nil
}

// RemoveBlob implements app.Blobs.
func (b *Blobs) RemoveBlob(ctx context.Context, id app.BlobID) error {
	end, err := b.begin(BlobOp{Name: "remove", Blob: id})
	defer end()
	if err = firstOf(err, ctx.Err()); err == nil {
		delete(b.blobs, id)
	}
	return err
}

// BlobIDs implements app.Blobs.
func (b *Blobs) BlobIDs(ctx context.Context) ([]app.BlobID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dead {
		return nil, ErrKilled
	}
	return slices.Sorted(maps.Keys(b.blobs)), ctx.Err()
}
