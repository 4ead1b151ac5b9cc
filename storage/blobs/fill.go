package blobs

import (
	"context"
	"fmt"
)

// filled is how many leading boxes of a blob are written, or noise.
type filled struct{ boxes uint32 }

// Fill makes the container shorter where it can be, or else a piece of what was never written
// noise, and reports whether there was some.
func (c *Container) Fill(ctx context.Context) (found bool, err error) {
	c.tidy.Lock()
	defer c.tidy.Unlock()
	if err := c.shrink(ctx); err != nil {
		return true, err
	}
	if found, err := c.fillRaw(ctx); found || err != nil {
		return true, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, done := range c.fresh {
		b := c.blobs[id]
		c.mu.Unlock()
		err := c.fillBlob(ctx, b, done)
		c.mu.Lock()
		if done.boxes == b.boxes {
			delete(c.fresh, id)
		}
		return true, err
	}
	return false, nil
}

// fillRaw makes a piece of the raw slots free.
func (c *Container) fillRaw(ctx context.Context) (found bool, err error) {
	c.length.Lock() // nobody takes them meanwhile
	defer c.length.Unlock()
	c.mu.Lock()
	before := c.raw
	c.mu.Unlock()
	if len(before) == 0 {
		return false, nil
	}
	part := run{before[0].slot, min(before[0].count, piece)}
	if err := c.scramble(ctx, part); err != nil {
		return true, err
	}
	left := before.without(runs{part})
	if err := c.ledger.Commit(ctx, Change{Free: before.extents(raw), Add: left.extents(raw)}); err != nil {
		return true, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw, c.free = left, c.free.give(part)
	return true, nil
}

// fillBlob makes noise of the next boxes of a blob that were not written. The last box is
// filled last, when all others are durable: Open tells by it whether a crash came between.
func (c *Container) fillBlob(ctx context.Context, b *blob, done *filled) error {
	n := min(piece, b.boxes-1-done.boxes)
	if n == 0 {
		n = 1
		if err := c.flush(); err != nil {
			return err
		}
	}
	for range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.fillBox(b, done.boxes); err != nil {
			return err
		}
		done.boxes++
	}
	return nil
}

// fillBox keeps the blob from being written meanwhile.
func (c *Container) fillBox(b *blob, i uint32) error {
	b.use.Lock()
	defer b.use.Unlock()
	if b.gone {
		return nil
	}
	slot := b.slot(i)
	empty, err := c.empty(slot)
	if err != nil || !empty {
		return nil // cut off, or not ours to judge
	}
	buffer := buffers.Get().(*[batch * slotSize]byte)
	defer buffers.Put(buffer)
	newNoise().fill(buffer[:slotSize])
	if _, err := c.file.WriteAt(buffer[:slotSize], int64(slot)*slotSize); err != nil {
		return fmt.Errorf("blobs: %w", err)
	}
	return nil
}

// empty reports whether a slot was never written: a box begins with random bytes.
func (c *Container) empty(slot uint32) (bool, error) {
	var head [32]byte
	if _, err := c.file.ReadAt(head[:], int64(slot)*slotSize); err != nil {
		return false, err
	}
	return head == [len(head)]byte{}, nil
}
