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
	delete(c.fresh, id)
	for _, e := range b.extents {
		c.condemned = append(c.condemned, run{e.Slot, e.Count})
	}
	return nil
}

// Wipe overwrites a piece of what was removed with random bytes and reports whether there
// was one; an extent that is overwritten is free. What failed is wiped by a later call.
func (c *Container) Wipe(ctx context.Context) (found bool, err error) {
	c.tidy.Lock()
	defer c.tidy.Unlock()
	c.mu.Lock()
	if len(c.condemned) == 0 {
		c.mu.Unlock()
		return false, nil
	}
	r, wiped, there := c.condemned[0], c.wiped, c.there
	c.mu.Unlock()
	part := run{r.slot + wiped, min(r.count-wiped, piece)}
	// Holes would be given back to the disk at once, and would tell a thief which part is
	// in use; so would zeros.
	if part.slot < there {
		if err := c.scramble(ctx, run{part.slot, min(part.end(), there) - part.slot}); err != nil {
			return true, err
		}
	}
	if part.end() == r.end() {
		if err := c.ledger.Commit(ctx, Change{Free: runs{r}.extents(condemned)}); err != nil {
			return true, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wiped += part.count
	if c.wiped == r.count {
		c.wiped, c.condemned, c.free = 0, c.condemned[1:], c.free.give(r)
	}
	return true, nil
}

// shrink halves the container while the upper three quarters of it are nobody's: a half
// stays, so that one file that comes and goes does not fill it anew each time.
func (c *Container) shrink(ctx context.Context) error {
	c.length.Lock()
	defer c.length.Unlock()
	c.mu.Lock()
	slots, used, before := c.slots, c.slots, c.raw
	if unused := c.free.with(c.raw); len(unused) > 0 && unused[len(unused)-1].end() == slots {
		used = unused[len(unused)-1].slot
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
	left := before.below(target)
	if err := c.ledger.Commit(ctx, Change{Slots: target, Free: before.extents(raw), Add: left.extents(raw)}); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slots, c.there, c.free, c.raw = target, min(c.there, target), c.free.below(target), left
	if err := c.file.Truncate(int64(c.there) * slotSize); err != nil {
		return fmt.Errorf("blobs: %w", err) // Open does it
	}
	return nil
}
