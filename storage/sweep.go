package storage

import (
	"context"
	"time"

	"tacit/storage/blobs"
)

// sweep overwrites the slots of files that were removed and fills those that were never
// written. While files come in or go out it keeps out of their way, for a time.
func (e *eraser) sweep(ctx context.Context, s *Store) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.slots:
		}
		tick := time.NewTicker(sweepEvery)
		e.sweepAll(ctx, s, tick.C)
		tick.Stop()
	}
}

// sweepAll returns when nothing is left, or nothing can be done.
func (e *eraser) sweepAll(ctx context.Context, s *Store, tick <-chan time.Time) {
	seen := s.uses()
	for busy := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		if n := s.uses(); n != seen {
			seen, busy = n, busy+1
		} else {
			busy = 0
		}
		for {
			found, err := s.sweepPiece(ctx, busy)
			if !found && busy == 0 || err != nil {
				return // an error of the disk: the next file or start tries again
			}
			if !found || busy > 0 || s.uses() != seen {
				break // a piece a tick
			}
		}
	}
}

// sweepPiece overwrites or fills some slots and reports whether there were any to. While
// files move, which they did for so many ticks, what is only to be filled waits longest.
func (s *Store) sweepPiece(ctx context.Context, busy int) (found bool, err error) {
	err = s.use(func(c *blobs.Container) error {
		if busy == 0 || busy > wipeAfter {
			if found, err = c.Wipe(ctx); found {
				return err
			}
		}
		if busy == 0 || busy > fillAfter {
			found, err = c.Fill(ctx)
		}
		return err
	})
	return found, err
}

// uses returns how often files were read and written.
func (s *Store) uses() (n uint64) {
	_ = s.use(func(c *blobs.Container) error { n = c.Uses(); return nil })
	return n
}
