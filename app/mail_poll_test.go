package app_test

import (
	"context"
	"runtime"
	"slices"
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

// TestPollsDoNotLeak: neither memory nor goroutines grow with polls.
func TestPollsDoNotLeak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		u.Nodes.Node("node")
		nodes := &emptyNodes{NodeClient: u.Nodes.For("Bob")}
		store := apptest.NewStore()
		must(t, store.Update(ctx, func(tx app.Tx) error {
			return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: "Bob", CreatedAt: time.Now()})
		}))
		m, err := app.New(store, u.Net.NewTransport(), apptest.NewClock(), app.Options{Nodes: nodes})
		must(t, err)
		running, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- m.Run(running) }()
		_, err = m.AddNode(ctx, u.Nodes.Node("node").String())
		must(t, err)
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
		stop()
		must(t, <-ended)
	})
}
