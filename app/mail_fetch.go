package app

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"time"

	"tacit/identity"
)

// fetcher is the goroutine that fetches from one own node: at random times, or while
// somebody watches whenever something comes. What it fetched is handed back only after it
// is durable here, so nothing is lost by a crash or a full disk.
type fetcher struct {
	m      *Messenger
	id     NodeID
	home   identity.Home
	cancel context.CancelFunc
	wake   chan struct{}

	mu        sync.Mutex
	watching  bool               // guarded by mu
	interrupt context.CancelFunc // guarded by mu; of the fetch that waits at the node; nil: none
}

// Watch says whether somebody is looking. While so, what comes to an own node is here at
// once, and the node sees that this profile is awake; else polls come at random times.
func (m *Messenger) Watch(on bool) {
	m.begin(context.Background(), inMemory, func(w *work) error {
		w.later(func() {
			m.mail.watching = on
			for _, f := range m.mail.fetchers {
				f.watch(on)
			}
		})
		return nil
	})
}

// Poll asks the own nodes now for what has come. It does not wait for that.
func (m *Messenger) Poll() {
	m.begin(context.Background(), inMemory, func(w *work) error {
		w.later(m.refetch)
		return nil
	})
}

// refetch has every fetcher begin anew.
func (m *Messenger) refetch() {
	for _, f := range m.mail.fetchers {
		f.poke()
	}
}

// homesChanged follows a change of the own nodes, or of what may be opened.
func (m *Messenger) homesChanged(homes []ownHome) {
	m.turns.Add(1)
	m.mail.open = m.nodes != nil && m.internet().Open
	polled := map[NodeID]identity.Home{}
	for _, h := range homes {
		polled[h.id] = h.home
	}
	for id, f := range m.mail.fetchers {
		if h, ok := polled[id]; !ok || !sameHome(h, f.home) {
			f.cancel()
			delete(m.mail.fetchers, id)
		}
	}
	for id, h := range polled {
		if m.mail.fetchers[id] == nil {
			m.mail.fetchers[id] = m.startFetcher(id, h)
		}
	}
	for c := range m.state.peers {
		m.tellReach(c)
	}
}

func sameHome(a, b identity.Home) bool {
	return a.Node == b.Node &&
		subtle.ConstantTimeCompare(a.Account[:], b.Account[:])&subtle.ConstantTimeCompare(a.Invite[:], b.Invite[:]) == 1
}

func (m *Messenger) startFetcher(id NodeID, h identity.Home) *fetcher {
	ctx, cancel := context.WithCancel(m.lifetime)
	f := &fetcher{m: m, id: id, home: h, cancel: cancel, wake: make(chan struct{}, 1), watching: m.mail.watching}
	m.senders.Go(func() {
		defer cancel()
		f.run(ctx)
	})
	return f
}

func (f *fetcher) watch(on bool) {
	f.mu.Lock()
	f.watching = on
	f.mu.Unlock()
	f.poke()
}

// poke has the fetcher ask at once, also one that waits at the node.
func (f *fetcher) poke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.interrupt != nil {
		f.interrupt()
	}
	nudge(f.wake)
}

func (f *fetcher) run(ctx context.Context) {
	var done [][16]byte
	quick, idle := true, 0 // idle counts failures, and pages that said nothing too soon
	for ctx.Err() == nil {
		began, asked := f.m.clock.Elapsed(), quick
		page, err := f.fetch(ctx, done, quick)
		news := false
		if err == nil {
			news, err = f.take(ctx, page)
		}
		switch waited := f.m.clock.Elapsed() - began; {
		case errors.Is(err, context.Canceled):
			quick, idle = true, 0
			continue
		case err != nil:
			quick, idle = true, idle+1
		case news:
			done, quick, idle = page.Marks, true, 0
			continue
		default: // a node that repeats itself, or does not wait when asked to, is not asked at once
			done, quick = page.Marks, false
			if idle++; len(page.Cells) == 0 && (asked || waited >= time.Second || !f.watched()) {
				idle = 0
			}
		}
		f.rest(ctx, idle)
	}
}

// fetch asks the node once. Where somebody watches it waits there, unless an answer is
// wanted at once: whether the node serves, or what is left.
func (f *fetcher) fetch(ctx context.Context, done [][16]byte, quick bool) (identity.Fetched, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f.mu.Lock()
	wait := time.Duration(0)
	if f.watching && !quick {
		wait, f.interrupt = pollLong, cancel
	}
	f.mu.Unlock()
	turn := f.m.turns.Load()
	page, err := f.m.nodes.Fetch(ctx, f.home, done, wait)
	f.mu.Lock()
	f.interrupt = nil
	f.mu.Unlock()
	switch {
	case err == nil:
		return page, nil
	case ctx.Err() != nil || f.failed(ctx, turn, err):
		return identity.Fetched{}, context.Canceled
	}
	return identity.Fetched{}, fmt.Errorf("fetch: %v", err) // context.Canceled says that it was this side
}

// failed notes that the node did not serve, and why, and reports whether it was this side
// that ended what was open. An operation that was begun may run on after ctx has ended: what
// it assigns is looked at only where it is known to be done.
func (f *fetcher) failed(ctx context.Context, turn int64, why error) bool {
	closed := false
	f.m.log.Debug("not fetched", "err", why)
	err := f.m.doWhile(ctx, writing, func(w *work) error {
		if closed = f.m.turns.Load() != turn; !closed {
			w.nodeFailed(f.id, why)
		}
		return nil
	})
	return err == nil && closed || ctx.Err() != nil
}

// take stores what a page holds, all or nothing, and reports whether any of it is new.
func (f *fetcher) take(ctx context.Context, page identity.Fetched) (bool, error) {
	var files []mailed
	news := false
	err := f.m.doWhile(ctx, writing, func(w *work) (err error) {
		files, news, err = w.takePage(f.id, page)
		return err
	})
	if ctx.Err() != nil {
		return false, context.Canceled // what the operation does is not looked at
	}
	if err != nil {
		f.m.failedWhile(ctx, err)
		return false, err
	}
	return f.m.files.takeMailed(files) || news, nil
}

func (f *fetcher) watched() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.watching
}

// rest waits until the node is asked again. Who waits there needs no pause.
func (f *fetcher) rest(ctx context.Context, idle int) {
	wait := exponential(pollMean)
	switch {
	case idle > 0:
		wait = pause(idle)
	case f.watched():
		return
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-f.wake:
	case <-ctx.Done():
	}
}
