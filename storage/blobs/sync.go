package blobs

import (
	"context"
	"fmt"
)

// span is boxes from..to-1 of a blob.
type span struct{ from, to uint32 }

func (s span) empty() bool { return s.from >= s.to }

// with returns the least span that holds both.
func (s span) with(o span) span {
	switch {
	case s.empty():
		return o
	case o.empty():
		return s
	}
	return span{min(s.from, o.from), max(s.to, o.to)}
}

// without returns s after o was written again, in order from its beginning.
func (s span) without(o span) span {
	if o.from <= s.from && s.from < o.to {
		s.from = o.to
	}
	return s
}

// Sync makes durable what was written to a blob before it was called. ErrNone. After
// another error nothing can be relied on that was written to the blob since the last Sync
// that returned nil: a system may forget what it could not write and call the next
// attempt a success. So each blob is told of a failure, whoever's Sync it was, until what is in
// doubt was written again.
func (c *Container) Sync(ctx context.Context, id ID) error {
	b, release, err := c.hold(id)
	if err != nil {
		return err
	}
	defer release()
	c.fsync.Lock()
	defer c.fsync.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	needed := !b.unsynced.empty() // else somebody's Sync made it durable meanwhile
	c.mu.Unlock()
	if needed {
		_ = c.syncAll() // it is told below, as one before it is
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !b.doubtful.empty() {
		return fmt.Errorf("blobs: %w", c.fault)
	}
	return nil
}

// flush makes the file durable for whom no blob is told of a failure.
func (c *Container) flush() error {
	c.fsync.Lock()
	defer c.fsync.Unlock()
	return c.syncAll()
}

// syncAll syncs the file. Its caller holds fsync.
func (c *Container) syncAll() error {
	covered := map[*blob]span{}
	c.mu.Lock()
	for _, b := range c.blobs {
		if !b.unsynced.empty() {
			covered[b], b.unsynced = b.unsynced, span{}
		}
	}
	c.mu.Unlock()
	err := c.file.Sync()
	if err == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures, c.fault = c.failures+1, err
	for b, s := range covered {
		b.doubtful = b.doubtful.with(s)
	}
	for _, b := range c.blobs { // written while the Sync went on: it may be lost with it
		b.doubtful = b.doubtful.with(b.unsynced)
	}
	return fmt.Errorf("blobs: %w", err)
}

// wrote notes what was written by a call that began when so many Syncs had failed.
func (c *Container) wrote(b *blob, s span, failures int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.unsynced = b.unsynced.with(s)
	if failures == c.failures {
		b.doubtful = b.doubtful.without(s)
	} else {
		b.doubtful = b.doubtful.with(s)
	}
}
