package blobs

import (
	"context"
	"fmt"
)

// Remove takes a blob away for good, once nobody reads or writes it. When it returns nil,
// that is durable; Wipe then overwrites its slots. No error where there is none.
func (c *Container) Remove(ctx context.Context, id ID) error {
	c.mu.Lock()
	b := c.blobs[id]
	c.mu.Unlock()
	if b == nil {
		return nil
	}
	b.use.Lock()
	defer b.use.Unlock()
	if b.gone {
		return nil
	}
	if err := c.ledger.Commit(ctx, Change{Condemn: id}); err != nil {
		return err
	}
	b.gone = true
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.blobs, id)
	for _, e := range b.extents {
		c.condemned = append(c.condemned, Extent{Slot: e.Slot, Count: e.Count})
	}
	return nil
}

// Wipe overwrites what was removed with random bytes and makes its slots free, one extent
// a call, and reports whether there was one. What was freed at the end of the container shortens it.
// Only one call at a time. An extent whose Wipe failed is wiped by a later one.
func (c *Container) Wipe(ctx context.Context) (found bool, err error) {
	c.mu.Lock()
	if len(c.condemned) == 0 {
		c.mu.Unlock()
		return false, nil
	}
	e, there := c.condemned[0], c.there
	c.mu.Unlock()
	// Holes would be given back to the disk at once, and would tell a thief which part is
	// in use; so would zeros.
	if e.Slot < there {
		if err := c.scramble(ctx, run{e.Slot, min(e.Count, there-e.Slot)}); err != nil {
			return true, err
		}
	}
	if err := c.ledger.Commit(ctx, Change{Free: []Extent{e}}); err != nil {
		return true, err
	}
	c.mu.Lock()
	c.condemned = c.condemned[1:]
	c.free = c.free.give(run{e.Slot, e.Count})
	c.mu.Unlock()
	return true, c.shrink(ctx)
}

// shrink halves the container while the upper three quarters of it are free: a half stays,
// so that one file that comes and goes does not fill it anew each time.
func (c *Container) shrink(ctx context.Context) error {
	c.length.Lock()
	defer c.length.Unlock()
	c.mu.Lock()
	slots, used := c.slots, c.slots
	if n := len(c.free); n > 0 && c.free[n-1].end() == c.slots {
		used = c.free[n-1].slot
	}
	c.mu.Unlock()
	target := slots
	for target > leastSlots && used <= target/4 {
		target /= 2
	}
	if target == slots {
		return nil
	}
	// Nobody takes a slot meanwhile: that needs length.
	if err := c.ledger.Commit(ctx, Change{Slots: target}); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slots, c.there, c.free = target, min(c.there, target), c.free.below(target)
	if err := c.file.Truncate(int64(target) * slotSize); err != nil {
		return fmt.Errorf("blobs: %w", err) // Open does it
	}
	return nil
}
