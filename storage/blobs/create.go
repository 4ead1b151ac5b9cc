package blobs

import (
	"context"
	"fmt"
	"math/bits"
)

// Create makes room for a blob of so many boxes, at least one. What they hold is random
// bytes. The blob survives a crash from now on; after an error there is none. The disk
// has given the room already: Write does not find it full, unless the file system copies
// what it writes over.
func (c *Container) Create(ctx context.Context, boxes uint32) (ID, error) {
	if boxes == 0 || boxes > mostSlots {
		return 0, ErrFull
	}
	c.length.Lock()
	defer c.length.Unlock()
	before, err := c.grow(ctx, boxes)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	id := c.last + 1
	taken, left, ok := c.free.take(boxes)
	if ok {
		c.free = left
	}
	slots := c.slots
	c.mu.Unlock()
	if !ok { // grow saw to it
		return 0, ErrFull
	}
	b := &blob{boxes: boxes}
	box := uint32(0)
	for _, r := range taken {
		b.extents = append(b.extents, Extent{r.slot, r.count, id, box})
		box += r.count
	}
	if err := c.ledger.Commit(ctx, Change{Slots: slots, Take: b.extents}); err != nil {
		c.mu.Lock()
		for _, r := range taken {
			c.free = c.free.give(r)
		}
		c.mu.Unlock()
		c.cut(before)
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, c.blobs[id] = id, b
	return id, nil
}

// Prepare makes the container as long as the smallest one is, where it is shorter.
func (c *Container) Prepare(ctx context.Context) error {
	c.length.Lock()
	defer c.length.Unlock()
	before, err := c.grow(ctx, 0)
	if err != nil || before == c.slots {
		return err
	}
	if err := c.ledger.Commit(ctx, Change{Slots: c.slots}); err != nil {
		c.cut(before)
		return err
	}
	return nil
}

// grow makes the container so long that so many slots are free, all of them there and
// filled with random bytes, and returns how many slots it had. The ledger does not know
// yet. Its caller holds length.
func (c *Container) grow(ctx context.Context, boxes uint32) (before uint32, err error) {
	c.mu.Lock()
	slots, there, free := c.slots, c.there, c.free.total()
	c.mu.Unlock()
	target := max(slots, leastSlots)
	if boxes > free {
		target = max(target, slots+boxes-free)
	}
	target = 1 << bits.Len32(target-1)
	if target > mostSlots {
		return slots, ErrFull
	}
	if target == there {
		return slots, nil
	}
	if err := c.fill(ctx, there, target); err != nil {
		_ = c.file.Truncate(int64(there) * slotSize) // else Open does it
		return slots, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = c.free.give(run{slots, target - slots})
	c.slots, c.there = target, target
	return slots, nil
}

// cut takes back a growth that the ledger did not learn of.
func (c *Container) cut(slots uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slots == c.slots {
		return
	}
	c.free = c.free.below(slots)
	c.slots, c.there = slots, slots
	_ = c.file.Truncate(int64(slots) * slotSize) // else Open does it
}

// fill makes slots from..to-1 random and durable.
func (c *Container) fill(ctx context.Context, from, to uint32) error {
	// A full disk says so before gigabytes were written, and while others still have room.
	if err := reserve(c.file, int64(from)*slotSize, int64(to-from)*slotSize); err != nil {
		return fmt.Errorf("blobs: %w", err)
	}
	return c.scramble(ctx, run{from, to - from})
}

// scramble writes random bytes over slots, durably.
func (c *Container) scramble(ctx context.Context, r run) error {
	buffer := buffers.Get().(*[batch * slotSize]byte)
	defer buffers.Put(buffer)
	random := newNoise()
	for written := uint32(0); r.count > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(r.count, batch)
		random.fill(buffer[:n*slotSize])
		if _, err := c.file.WriteAt(buffer[:n*slotSize], int64(r.slot)*slotSize); err != nil {
			return fmt.Errorf("blobs: %w", err)
		}
		r, written = run{r.slot + n, r.count - n}, written+n
		if written < syncEvery && r.count > 0 {
			continue
		}
		written = 0
		if err := c.flush(); err != nil {
			return err
		}
	}
	return nil
}
