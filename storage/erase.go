package storage

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// eraser sees to it that what was deleted, or replaced, is in no file of the profile any
// more once the store was idle for a moment. SQLite overwrites it in the database
// (PRAGMA secure_delete; FTS5's secure-delete), but the log keeps every page as it was at
// each commit: texts, keys and earlier ratchets. So after any change the log is copied
// into the database and overwritten; so are slots of files that were removed (sweep.go).
type eraser struct {
	wake   chan struct{} // there was a transaction
	slots  chan struct{} // there may be slots to overwrite
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func (e *eraser) start(s *Store) {
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	e.removed() // what an earlier run left
	e.done.Go(func() { e.run(ctx, s) })
	e.done.Go(func() { e.sweep(ctx, s) })
}

func (e *eraser) stop() {
	e.cancel()
	e.done.Wait()
}

// changed is told of each transaction, whatever became of it.
func (e *eraser) changed() { poke(e.wake) }

// removed is told when a file was removed or made.
func (e *eraser) removed() { poke(e.slots) }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// run waits until the store is idle, but not for ever. It begins with what an earlier run left.
func (e *eraser) run(ctx context.Context, s *Store) {
	var since time.Time // the first change that is not dealt with
	next := time.NewTimer(eraseAfter)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
			now := time.Now()
			if since.IsZero() {
				since = now
			}
			next.Reset(min(eraseAfter, since.Add(eraseWithin).Sub(now)))
			continue
		case <-next.C:
		}
		since = time.Time{}
		if s.erase(ctx) != nil {
			next.Reset(eraseWithin) // who writes next is told what is wrong with the disk
		}
	}
}

// erase overwrites what is in the log.
func (s *Store) erase(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	return s.truncateLog()
}

var errLogInUse = errors.New("the log is in use")

// truncateLog copies the log into the database and overwrites it (cryptfs). Its caller has the turn.
func (s *Store) truncateLog() error {
	// A query: one that is not read to its end would block the next commit.
	left, err := one(s, func(r *sql.Rows) (n [3]int, err error) { err = r.Scan(&n[0], &n[1], &n[2]); return n, err },
		"PRAGMA wal_checkpoint(TRUNCATE)")
	if err == nil && left[0] != 0 {
		err = errLogInUse
	}
	return err
}
