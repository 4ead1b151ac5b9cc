package client

import (
	"context"
	"sync"
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/node"
)

// TestQuietConversationEnds: nothing stays open when nobody asked for a while, and what
// comes then begins under another key.
func TestQuietConversationEnds(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home := newHome(at)
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	c.times.idle = 50 * time.Millisecond
	ctx := within(t, 20*time.Second)
	key := func() string {
		if _, err := c.Fetch(ctx, home, nil, 0); err != nil {
			t.Fatal(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		return string(c.rooms[home].host.swarm.ID)
	}
	first := key()
	if again := key(); again != first {
		t.Error("a conversation for each request")
	}
	for deadline := time.Now().Add(5 * time.Second); len(c.Connections()) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still open")
		}
	}
	if next := key(); next == first {
		t.Error("the same key again")
	}
}

// TestEachVisitHasAKey: a node cannot tell that two deposits are of one client.
func TestEachVisitHasAKey(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	c := newClient(t, identity.Internet{})
	seen := map[string]bool{}
	for range 3 {
		err := c.visit(within(t, 20*time.Second), at, false, func(ctx context.Context, tk *talk) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			for h := range c.life.hosts {
				seen[string(h.swarm.ID)] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 3 || len(c.Connections()) != 0 {
		t.Errorf("%d keys, %d connections left", len(seen), len(c.Connections()))
	}
}

// TestInternetChangesUnderCalls: whatever is allowed and forbidden while calls run, each of
// them ends, and nothing is open in the end.
func TestInternetChangesUnderCalls(t *testing.T) {
	p := newPair(t, true)
	homes := []identity.Home{p.home, p.other}
	c := newClient(t, identity.Internet{Homes: homes})
	c.times.dial, c.times.idle = time.Second, 5*time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var calls sync.WaitGroup
	call := func(f func() error) {
		calls.Go(func() {
			for ctx.Err() == nil {
				if err := f(); err != nil && ctx.Err() == nil && !known(err) {
					t.Errorf("%v", err)
				}
			}
		})
	}
	for _, h := range homes {
		call(func() error { _, err := c.Fetch(ctx, h, nil, 20*time.Millisecond); return err })
		call(func() error { _, err := c.Standing(ctx, h); return err })
		call(func() error { return c.Leave(ctx, h) })
	}
	call(func() error { _, err := c.Look(ctx, p.at, [16]byte{1}, true); return err })
	call(func() error {
		_, err := c.Put(ctx, p.via, []identity.Deposit{newTokens().deposit(mailbox.Small)})
		return err
	})
	call(func() error {
		for _, n := range []identity.Internet{{}, {Open: true, Homes: homes}, {Open: true, Hide: true, Homes: homes}, {Open: true}, {Open: true, Proxy: "127.0.0.1:9"}} {
			c.SetInternet(n)
			time.Sleep(7 * time.Millisecond)
			c.Connections()
		}
		return nil
	})
	calls.Wait()
	c.SetInternet(identity.Internet{})
	if n := len(c.Connections()); n > 0 {
		t.Errorf("%d connections left", n)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life != nil || len(c.rooms) > 0 {
		t.Error("something is kept open")
	}
}
