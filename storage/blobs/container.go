package blobs

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// File is the container on the disk. Its methods are safe for concurrent use.
type File interface {
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	Truncate(size int64) error
	// Sync makes what was written durable, with the length.
	Sync() error
	Size() (int64, error)
	Close() error
}

// Reserver is a File that can be given room before something is written: it reads as zeros
// then. False where the file system has no such thing.
type Reserver interface {
	Reserve(off, length int64) (bool, error)
}

// Container is an open container. Its methods are safe for concurrent use, but for Close.
type Container struct {
	file   File
	ledger Ledger
	atOnce uint32 // fillAtOnce

	uses atomic.Uint64

	tidy   sync.Mutex // one Wipe or Fill at a time; taken before all others
	length sync.Mutex // who holds it may change the number of slots; taken before mu
	fsync  sync.Mutex // one Sync of the file at a time; taken before mu

	mu        sync.Mutex
	slots     uint32 // as the ledger says
	there     uint32 // as many of them as the file has; fewer where it was cut off
	last      ID
	blobs     map[ID]*blob
	condemned []run
	wiped     uint32         // slots of the first of them
	free      runs           // noise
	raw       runs           // changed by who has length only
	fresh     map[ID]*filled // blobs with slots that were raw
	failures  int            // of Sync
	fault     error          // of the last of them
}

// blob is a blob that the ledger knows.
type blob struct {
	extents []Extent // in order of their boxes, fixed
	boxes   uint32   // fixed

	use  sync.RWMutex // shared: its slots are being read or written; taken before all others
	gone bool         // owner: use

	unsynced span // owner: Container.mu; written since the last Sync that counts for it
	doubtful span // owner: Container.mu; written, perhaps lost by a Sync that failed, not written again
}

// Open returns the container that a file holds, as the ledger knows it. The file may be
// shorter, or empty: what is missing is ErrDamaged when it is read. What it has beyond the
// ledger is the rest of a growth that came to no end, and is cut off.
func Open(f File, l Ledger, s State) (*Container, error) {
	plan, err := layOut(s)
	if err != nil {
		return nil, err
	}
	size, err := f.Size()
	if err != nil {
		return nil, fmt.Errorf("blobs: %w", err)
	}
	there := uint32(min(size/slotSize, int64(s.Slots)))
	if size > int64(s.Slots)*slotSize {
		_ = f.Truncate(int64(s.Slots) * slotSize) // where that fails: it is written over before it is used
	}
	c := &Container{
		file: f, ledger: l, atOnce: fillAtOnce, slots: s.Slots, there: there, last: s.Last,
		blobs: plan.blobs, condemned: plan.condemned, free: plan.free, raw: plan.raw, fresh: map[ID]*filled{},
	}
	for id, b := range c.blobs {
		if empty, err := c.empty(b.slot(b.boxes - 1)); err == nil && empty {
			c.fresh[id] = new(filled)
		}
	}
	return c, nil
}

// Close closes the file. Nobody uses the container any more.
func (c *Container) Close() error { return c.file.Close() }

// IDs returns the blobs that there are, ascending.
func (c *Container) IDs() (ids []ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id := range c.blobs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Uses returns how often Read and Write were called: whether files come in or go out.
func (c *Container) Uses() uint64 { return c.uses.Load() }

// hold returns a blob whose slots stay its own until release. ErrNone.
func (c *Container) hold(id ID) (b *blob, release func(), err error) {
	c.mu.Lock()
	b = c.blobs[id]
	c.mu.Unlock()
	if b == nil {
		return nil, nil, ErrNone
	}
	b.use.RLock()
	if b.gone {
		b.use.RUnlock()
		return nil, nil, ErrNone
	}
	return b, b.use.RUnlock, nil
}

// slot returns where box i is.
func (b *blob) slot(i uint32) uint32 {
	n := slices.IndexFunc(b.extents, func(e Extent) bool { return i-e.Box < e.Count })
	return b.extents[n].Slot + i - b.extents[n].Box
}

// pieces calls f for each run of slots that holds boxes of [first, first+n), at most a
// batch at a time.
func (b *blob) pieces(first, n uint32, f func(r run, box uint32) error) error {
	if n > b.boxes || first > b.boxes-n {
		return ErrNone
	}
	for _, e := range b.extents {
		for n > 0 && first-e.Box < e.Count {
			r := run{e.Slot + first - e.Box, min(e.Count-(first-e.Box), n, batch)}
			if err := f(r, first); err != nil {
				return err
			}
			first, n = first+r.count, n-r.count
		}
	}
	return nil
}

// Read fills box, of BoxSize bytes, with box i of a blob. ErrNone; ErrDamaged where the
// disk does not give it back. One that was never written is random bytes.
func (c *Container) Read(id ID, i uint32, box []byte) error {
	c.uses.Add(1)
	if len(box) != BoxSize {
		return errLength
	}
	b, release, err := c.hold(id)
	if err != nil {
		return err
	}
	defer release()
	return b.pieces(i, 1, func(r run, _ uint32) error {
		c.mu.Lock()
		cut := r.slot >= c.there
		c.mu.Unlock()
		if cut {
			return fmt.Errorf("%w: it was cut off", ErrDamaged)
		}
		if _, err := c.file.ReadAt(box, int64(r.slot)*slotSize); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return nil
	})
}

var buffers = sync.Pool{New: func() any { return new([batch * slotSize]byte) }}

// Write writes boxes of BoxSize bytes each to a blob, from number first on. They are
// durable after Sync; a crash before it leaves any of them. ErrNone, with nothing written.
// An error of the disk leaves some of them written.
func (c *Container) Write(id ID, first uint32, boxes ...[]byte) error {
	c.uses.Add(1)
	if slices.ContainsFunc(boxes, func(box []byte) bool { return len(box) != BoxSize }) {
		return errLength
	}
	b, release, err := c.hold(id)
	if err != nil {
		return err
	}
	defer release()
	c.mu.Lock()
	before := c.failures
	c.mu.Unlock()
	err = c.write(b, first, boxes)
	if !errors.Is(err, ErrNone) {
		c.wrote(b, span{first, first + uint32(len(boxes))}, before)
	}
	return err
}

func (c *Container) write(b *blob, first uint32, boxes [][]byte) error {
	buffer := buffers.Get().(*[batch * slotSize]byte)
	defer buffers.Put(buffer)
	return b.pieces(first, uint32(len(boxes)), func(r run, box uint32) error {
		c.mu.Lock()
		cut := r.end() > c.there
		c.mu.Unlock()
		if cut {
			return fmt.Errorf("%w: it was cut off", ErrDamaged)
		}
		for k := range r.count {
			slot := buffer[k*slotSize:][:slotSize]
			copy(slot, boxes[box-first+k])
			_, _ = rand.Read(slot[BoxSize:]) // never fails
		}
		if _, err := c.file.WriteAt(buffer[:r.count*slotSize], int64(r.slot)*slotSize); err != nil {
			return fmt.Errorf("blobs: %w", err)
		}
		return nil
	})
}
