package storage

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"
)

// keeper does what may wait: it fills the search index and copies the log into the
// database. It takes its turn like everybody else, in short pieces.
type keeper struct {
	wake    chan struct{}
	cancel  context.CancelFunc
	done    sync.WaitGroup
	waiting atomic.Int32 // so many wait for their turn, the keeper itself for a moment too

	mu      sync.Mutex
	updates int // since the log was copied
	tail    int // messages that are not indexed, or more
}

func (k *keeper) start(s *Store) {
	ctx, cancel := context.WithCancel(context.Background())
	k.wake, k.cancel = make(chan struct{}, 1), cancel
	k.tail = indexBatch // what an earlier run left
	k.done.Go(func() { k.run(ctx, s) })
}

func (k *keeper) stop() {
	k.cancel()
	k.done.Wait()
}

// changed is told of each update.
func (k *keeper) changed(messages int) {
	k.mu.Lock()
	k.updates++
	k.tail += messages
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// run waits until the store is idle or much is waiting.
func (k *keeper) run(ctx context.Context, s *Store) {
	idle := time.NewTimer(idleAfter)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.wake:
			idle.Reset(idleAfter)
			if k.pending() >= indexAfter {
				k.index(ctx, s, true)
			}
		case <-idle.C:
			if k.index(ctx, s, false) {
				idle.Reset(idleAfter)
			}
			k.copyLog(ctx, s)
		}
	}
}

func (k *keeper) pending() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tail
}

// index fills the index: where the store is busy, only with what a search could not look
// through else; where it is idle, until somebody waits for the store. It reports whether
// there is more to do. An error is left to the next time, here and below: nothing of this is
// needed for a correct answer, and who writes next is told what is wrong with the disk.
func (k *keeper) index(ctx context.Context, s *Store, busy bool) (more bool) {
	k.mu.Lock()
	more = k.tail > 0 && !s.unindexed
	k.tail = 0
	k.mu.Unlock()
	for i := 0; more && (!busy || i < indexAfter/indexBatch); i++ {
		if s.take(ctx) != nil {
			return false
		}
		n, err := s.indexBatch()
		waited := k.waiting.Load() > 0
		s.give()
		if err != nil {
			k.leave()
			return false
		}
		if more = n > 0; !busy {
			k.merge(ctx, s)
			if waited {
				break
			}
		}
	}
	if more || busy {
		k.leave()
	}
	return more
}

// leave notes that the index has to go on, or to be merged, once the store is idle.
func (k *keeper) leave() {
	k.mu.Lock()
	k.tail++
	k.mu.Unlock()
}

// merge joins the pieces of the index that batches added to.
func (k *keeper) merge(ctx context.Context, s *Store) {
	for more := true; more; {
		if s.take(ctx) != nil {
			return
		}
		var err error
		more, err = s.mergeIndex()
		s.give()
		more = more && err == nil
	}
}

// copyLog copies the log into the database.
func (k *keeper) copyLog(ctx context.Context, s *Store) {
	k.mu.Lock()
	enough := k.updates >= checkpointAfter
	if enough {
		k.updates = 0
	}
	k.mu.Unlock()
	if !enough || s.take(ctx) != nil {
		return
	}
	defer s.give()
	// A query: one that is not read to its end would block the next commit.
	_, _ = all(s, func(r *sql.Rows) (n [3]int, err error) { err = r.Scan(&n[0], &n[1], &n[2]); return n, err },
		"PRAGMA wal_checkpoint(PASSIVE)")
}
