package app

import (
	"sync"
	"sync/atomic"
)

// Subscription delivers events to one listener.
type Subscription struct {
	events chan Event // only the loop sends and closes
	closed atomic.Bool
	wake   chan<- struct{}
	stale  bool // needs a Snapshot; guarded by subscribers.mu
	slow   bool // and a Resync before it; guarded by subscribers.mu
}

// Events returns the events: a Snapshot first, then what changed since. It is
// closed after Close and when the messenger stops.
func (s *Subscription) Events() <-chan Event { return s.events }

// Close ends the subscription. The channel is closed soon after.
func (s *Subscription) Close() {
	s.closed.Store(true)
	nudge(s.wake)
}

// nudge wakes who waits on a channel of capacity 1, once.
func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Subscribe returns a new subscription. A listener that falls too far behind
// loses events, and then gets Resync and a new Snapshot; it never blocks the messenger.
func (m *Messenger) Subscribe() *Subscription {
	s := &Subscription{events: make(chan Event, subscriberQueue), wake: m.wake, stale: true}
	m.subs.mu.Lock()
	defer m.subs.mu.Unlock()
	if m.subs.ended {
		close(s.events)
		return s
	}
	m.subs.all = append(m.subs.all, s)
	nudge(m.wake)
	return s
}

type subscribers struct {
	mu    sync.Mutex
	all   []*Subscription // guarded by mu
	ended bool            // guarded by mu
}

// broadcast hands e to everyone who is up to date.
func (ss *subscribers) broadcast(e Event) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, s := range ss.all {
		if s.stale {
			continue
		}
		select {
		case s.events <- e:
		default:
			s.stale, s.slow = true, true
		}
	}
}

// stale drops closed subscriptions and reports whether one waits for a snapshot that it has room for.
func (ss *subscribers) sweep() bool {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	waiting := false
	kept := ss.all[:0]
	for _, s := range ss.all {
		if s.closed.Load() {
			close(s.events)
			continue
		}
		kept = append(kept, s)
		waiting = waiting || s.stale && s.room()
	}
	clear(ss.all[len(kept):])
	ss.all = kept
	return waiting
}

// room says that a listener caught up enough for a Resync to be worth while.
func (s *Subscription) room() bool { return len(s.events) <= cap(s.events)/2 }

func (ss *subscribers) refresh(snapshot Snapshot) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, s := range ss.all {
		if !s.stale || !s.room() {
			continue
		}
		if s.slow {
			s.events <- Resync{}
		}
		s.events <- snapshot
		s.stale, s.slow = false, false
	}
}

func (ss *subscribers) close() {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.ended = true
	for _, s := range ss.all {
		close(s.events)
	}
	ss.all = nil
}

// serveSubscribers gives a snapshot to those who wait for one.
func (m *Messenger) serveSubscribers() {
	if !m.subs.sweep() {
		return
	}
	var snapshot Snapshot
	err := m.runNow(reading, func(w *work) (err error) {
		snapshot.Profile, snapshot.Preferences = w.profile(), w.preferences()
		snapshot.Pairings, snapshot.Nodes, snapshot.Nearby = w.pairingViews(), w.nodeViews(), m.nearbyView()
		snapshot.Chats, err = w.chats()
		return err
	})
	if err != nil {
		m.log.Error("snapshot", "err", err) // tried again at the next tick
		return
	}
	m.subs.refresh(snapshot)
}

// runNow executes an operation from within the loop.
func (m *Messenger) runNow(mode mode, f func(*work) error) error {
	o := &op{mode: mode, run: f, done: make(chan error, 1)}
	m.execute([]*op{o})
	return <-o.done
}
