package app_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// asked returns when the node of Bob was asked for what waits, since then.
func (a apart) asked(since time.Time) (at []time.Time) {
	for _, s := range a.u.Nodes.Log("node of Bob") {
		if s.Op == "fetch" && s.At.After(since) {
			at = append(at, s.At)
		}
	}
	return at
}

// TestPollsAreRandom: while nobody watches, a node is asked after random times of ten minutes
// in the mean.
func TestPollsAreRandom(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		since := time.Now()
		const span = 48 * time.Hour
		apptest.Settle(span)
		at := a.asked(since)
		if n := len(at); n < 210 || n > 370 { // 288 in the mean; beyond these bounds once in a million runs
			t.Errorf("asked %d times in two days", n)
		}
		var gaps []time.Duration
		for i := range at[1:] {
			gaps = append(gaps, at[i+1].Sub(at[i]))
		}
		slices.Sort(gaps)
		if median := gaps[len(gaps)/2]; median < 4*time.Minute || median > 10*time.Minute || gaps[len(gaps)-1] > 51*time.Minute {
			t.Errorf("a median of %v, and %v at most", median, gaps[len(gaps)-1])
		}
	})
}

// TestWatching: while somebody watches, what comes is here at once, and a node is asked
// every ten minutes; Poll asks at once.
func TestWatching(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Watch(true)
		apptest.Settle(time.Minute)
		since := time.Now()
		apptest.Settle(10 * time.Hour)
		if n := len(a.asked(since)); n != 60 {
			t.Errorf("asked %d times in ten hours", n)
		}
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(4 * time.Second)
		if got := a.bob.Heard(a.aliceOfBob); len(got) != 1 {
			t.Errorf("heard %q", got)
		}
		a.bob.Watch(false)
		apptest.Settle(time.Second)
		since = time.Now().Add(-time.Nanosecond)
		a.bob.Poll()
		apptest.Settle(time.Second)
		if n := len(a.asked(since)); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// emptyNodes are nodes where nothing ever is.
type emptyNodes struct {
	*apptest.NodeClient
	fetched atomic.Int64
}

func (n *emptyNodes) Fetch(context.Context, identity.Home, [][16]byte, time.Duration) (identity.Fetched, error) {
	n.fetched.Add(1)
	return identity.Fetched{}, nil
}

// alone starts somebody with such nodes and an own one, and returns a function that stops them.
func alone(t *testing.T, u *apptest.Universe, nodes app.Nodes) (m *app.Messenger, stop func()) {
	t.Helper()
	store := apptest.NewStore()
	must(t, store.Update(ctx, func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: "Bob", CreatedAt: time.Now()})
	}))
	m, err := app.New(store, u.Net.NewTransport(), apptest.NewClock(), app.Options{Nodes: nodes})
	must(t, err)
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- m.Run(running) }()
	_, err = m.AddNode(ctx, u.Nodes.Node("node").String())
	must(t, err)
	return m, func() {
		cancel()
		must(t, <-ended)
	}
}

// closingNodes end what is under way when something else may be opened.
type closingNodes struct {
	*apptest.NodeClient
	mu     sync.Mutex
	closed chan struct{} // guarded by mu
}

func (n *closingNodes) SetInternet(i identity.Internet) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.NodeClient.SetInternet(i)
	close(n.closed)
	n.closed = make(chan struct{})
}

func (n *closingNodes) Fetch(ctx context.Context, h identity.Home, done [][16]byte, wait time.Duration) (identity.Fetched, error) {
	n.mu.Lock()
	closed := n.closed
	n.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-closed:
			cancel(identity.ErrNodeUnreachable)
		case <-ctx.Done():
		}
	}()
	page, err := n.NodeClient.Fetch(ctx, h, done, wait)
	if err != nil && errors.Is(context.Cause(ctx), identity.ErrNodeUnreachable) {
		err = identity.ErrNodeUnreachable
	}
	return page, err
}

// TestClosedHere: what ends because the person chose what may be opened says nothing of the
// node, and is done again at once.
func TestClosedHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		u.Nodes.Node("node")
		m, stop := alone(t, u, &closingNodes{NodeClient: u.Nodes.For("Bob"), closed: make(chan struct{})})
		defer stop()
		m.Watch(true)
		apptest.Settle(time.Minute)
		chosen, err := m.Preferences(ctx)
		must(t, err)
		events := m.Subscribe()
		defer events.Close()
		for _, hide := range []bool{true, false, true} {
			chosen.HideAddress = hide
			must(t, m.SetPreferences(ctx, chosen))
			apptest.Settle(time.Second)
		}
		nodes, err := m.Nodes(ctx)
		must(t, err)
		if nodes[0].State != app.NodeGood {
			t.Errorf("the node is %s", nodes[0].State)
		}
		for len(events.Events()) > 0 {
			if e, ok := (<-events.Events()).(app.NodeChanged); ok && e.Node.State != app.NodeGood {
				t.Errorf("the node was told to be %s", e.Node.State)
			}
		}
	})
}

// TestPollsDoNotLeak: neither memory nor goroutines grow with polls.
func TestPollsDoNotLeak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		u.Nodes.Node("node")
		nodes := &emptyNodes{NodeClient: u.Nodes.For("Bob")}
		m, stop := alone(t, u, nodes)
		defer stop()
		apptest.Settle(time.Hour)
		measure := func() (heap uint64, goroutines int) {
			var s runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&s)
			return s.HeapAlloc, runtime.NumGoroutine()
		}
		heap, goroutines := measure()
		before := nodes.fetched.Load()
		const polls = 100_000
		for range polls {
			m.Poll()
			synctest.Wait()
		}
		if n := nodes.fetched.Load() - before; n != polls {
			t.Errorf("%d fetches", n)
		}
		if h, g := measure(); h > heap+1<<20 || g > goroutines {
			t.Errorf("%d bytes and %d goroutines became %d and %d", heap, goroutines, h, g)
		}
	})
}

// TestNodeComesBack: while somebody watches, a node that was away is good again as soon as
// it answers, and not only when something came.
func TestNodeComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Watch(true)
		state := func() app.NodeState {
			nodes, err := a.bob.Nodes(ctx)
			must(t, err)
			return nodes[0].State
		}
		apptest.Settle(time.Minute)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Down: true})
		apptest.Settle(20 * time.Second)
		if s := state(); s != app.NodeAway {
			t.Errorf("it is %s", s)
		}
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		apptest.Settle(time.Minute)
		if s := state(); s != app.NodeGood {
			t.Errorf("it is %s", s)
		}
	})
}
