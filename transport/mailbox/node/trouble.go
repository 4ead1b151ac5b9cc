package node

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tacit/transport/mailbox/depot"
)

// trouble logs what is wrong with the depot, each sort once in logTime: when a disk is
// full, every request meets it.
type trouble struct {
	log *slog.Logger

	mu   sync.Mutex
	last map[string]time.Time // of each sort; guarded by mu
}

// note logs an error of the depot. Those of a request that was given up are none.
func (t *trouble) note(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	words, now := sortOf(err), time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.last[words]; ok && now.Sub(last) < logTime {
		return
	}
	if t.last == nil {
		t.last = make(map[string]time.Time)
	}
	t.last[words] = now
	t.log.Warn("requests are answered with later", "why", words)
}

// sortOf says what is wrong in words that hold nothing of a request.
func sortOf(err error) string {
	for _, known := range []error{depot.ErrAway, depot.ErrFull, depot.ErrDamaged, depot.ErrNewer, context.DeadlineExceeded, ErrKeys, ErrOtherNode} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "the depot failed"
}
