package blobs

import (
	"context"
	"fmt"
	"math/bits"
)

// Create makes room for a blob of so many boxes, at least one, and of unknown content. The
// blob survives a crash from now on; after an error there is none. The disk has given the
// room already: Write does not find it full, unless the file system copies what it writes over.
func (c *Container) Create(ctx context.Context, boxes uint32) (ID, error) {
	if boxes == 0 || boxes > mostSlots {
		return 0, ErrFull
	}
	c.length.Lock()
	defer c.length.Unlock()
	g, err := c.grow(ctx, boxes)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	pool := c.free.with(g.noise)
	if pool.total() < boxes {
		pool = pool.with(c.raw).with(g.raw)
	}
	taken, _, ok := pool.take(boxes)
	if !ok { // grow saw to it
		c.mu.Unlock()
		return 0, ErrFull
	}
	held := c.free.without(c.free.without(taken)) // the others are nobody else's to take
	c.free = c.free.without(taken)
	before, left := c.raw, c.raw.with(g.raw).without(taken)
	id := c.last + 1
	c.mu.Unlock()

	b, fresh := &blob{boxes: boxes}, left.total() < before.total()+g.raw.total()
	box := uint32(0)
	for _, r := range taken {
		b.extents = append(b.extents, Extent{r.slot, r.count, id, box})
		box += r.count
	}
	err = c.ledger.Commit(ctx, Change{Slots: g.slots, Free: before.extents(raw), Add: append(left.extents(raw), b.extents...)})
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.free = c.free.with(held)
		c.shorten()
		return 0, err
	}
	c.slots, c.raw, c.free = g.slots, left, c.free.with(g.noise.without(taken))
	c.last, c.blobs[id] = id, b
	if fresh {
		c.fresh[id] = new(filled)
	}
	return id, nil
}

// Prepare makes the container as long as the smallest one is, where it is shorter.
func (c *Container) Prepare(ctx context.Context) error {
	c.length.Lock()
	defer c.length.Unlock()
	g, err := c.grow(ctx, 0)
	if err != nil {
		return err
	}
	err = c.ledger.Commit(ctx, Change{Slots: g.slots})
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.shorten()
		return err
	}
	c.slots, c.free = g.slots, c.free.with(g.noise)
	return nil
}

// growth is what the file has and the ledger does not know yet.
type growth struct {
	slots      uint32 // of the container
	noise, raw runs   // its new slots
}

// grow makes the file so long that so many slots are free or raw. Its caller holds length.
func (c *Container) grow(ctx context.Context, boxes uint32) (g growth, err error) {
	c.mu.Lock()
	slots, there, room := c.slots, c.there, c.free.total()+c.raw.total()
	c.mu.Unlock()
	g.slots = max(slots, leastSlots)
	if boxes > room {
		g.slots = max(g.slots, slots+boxes-room)
	}
	g.slots = 1 << bits.Len32(g.slots-1)
	if g.slots > mostSlots {
		return g, ErrFull
	}
	added := runs{}.give(run{slots, g.slots - slots})
	reserved, err := c.extend(ctx, there, slots, g.slots)
	if reserved {
		g.raw = added
	} else {
		g.noise = added
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.shorten()
		return g, err
	}
	c.there = g.slots
	return g, nil
}

// extend makes the slots there..to-1, durably: the missing ones below from, and small
// growth, of noise; else the file system says whether it has reserved them.
func (c *Container) extend(ctx context.Context, there, from, to uint32) (reserved bool, err error) {
	if r, ok := c.file.(Reserver); ok && to > there {
		// A full disk says so before gigabytes were written, and while others still have room.
		if reserved, err = r.Reserve(int64(there)*slotSize, int64(to-there)*slotSize); err != nil {
			return false, fmt.Errorf("blobs: %w", err)
		}
	}
	if !reserved || to-from <= c.atOnce {
		return false, c.scramble(ctx, run{there, to - there})
	}
	if err := c.scramble(ctx, run{there, from - there}); err != nil {
		return false, err
	}
	return true, c.flush()
}

// shorten takes back a growth that the ledger did not learn of. Its caller holds mu.
func (c *Container) shorten() {
	c.there = min(c.there, c.slots)
	_ = c.file.Truncate(int64(c.there) * slotSize) // else Open does it
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
