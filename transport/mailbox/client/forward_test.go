package client

import (
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
	"tacit/transport/mailbox/node"
)

// pair is two nodes, of which the first passes on, and accounts at both.
type pair struct {
	via, at     identity.Hint
	home, other identity.Home // at via, at at
	tokens      *tokens       // spendable at at
}

func newPair(t *testing.T, allow bool) pair {
	t.Helper()
	var p pair
	p.via, _ = startNode(t, node.Options{AllowPrivate: allow})
	p.at, _ = startNode(t, node.Options{})
	p.home, p.other, p.tokens = newHome(p.via), newHome(p.at), newTokens()
	owner := newClient(t, identity.Internet{})
	if err := owner.PutLot(within(t, 10*time.Second), p.other, p.tokens.lot); err != nil {
		t.Fatal(err)
	}
	owner.Close()
	return p
}

// watch collects whom a client connects to, until the returned function is called.
func watch(c *Client) (stop func() []string) {
	var mu sync.Mutex
	seen := map[string]bool{}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			mu.Lock()
			for _, w := range c.Connections() {
				seen[w.Remote[len("udp "):]] = true
			}
			mu.Unlock()
			select {
			case <-done:
				return
			case <-time.After(200 * time.Microsecond):
			}
		}
	}()
	return func() (all []string) {
		close(done)
		<-ended
		for remote := range seen {
			all = append(all, remote)
		}
		return all
	}
}

func address(h identity.Hint) string { return netip.AddrPortFrom(h.Addr, h.Port).String() }

// TestForwarderStandsBetween: where there is another own node, nothing goes straight.
func TestForwarderStandsBetween(t *testing.T) {
	p := newPair(t, true)
	for name, n := range map[string]identity.Internet{
		"hidden":           {Hide: true, Homes: []identity.Home{p.home}},
		"not hidden":       {Homes: []identity.Home{p.home}},
		"from this node":   {HideFrom: [][32]byte{p.at.Node}, Homes: []identity.Home{p.home}},
		"another is first": {Hide: true, Homes: []identity.Home{p.other, p.home}},
	} {
		c := newClient(t, n)
		stop := watch(c)
		ctx := within(t, 20*time.Second)
		verdicts, err := c.Put(ctx, p.at, []identity.Deposit{p.tokens.deposit(mailbox.Small), p.tokens.deposit(mailbox.Large)})
		if err != nil || len(verdicts) != 2 || slices.Max(verdicts) != identity.DepositKept {
			t.Errorf("%s: %v, %v", name, verdicts, err)
		}
		if cell, err := c.ReadSlot(ctx, p.at, [16]byte{1}); err != nil || cell != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := c.Look(ctx, p.at, [16]byte{1}, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Forward(ctx, p.home, p.at); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if seen := stop(); !slices.Equal(seen, []string{address(p.via)}) {
			t.Errorf("%s: connected to %d others than the forwarder, or not to it", name, len(seen))
		}
	}
}

// TestHiddenMeansNotStraight: without a node that passes on, who hides does not deposit;
// who need not hide goes straight.
func TestHiddenMeansNotStraight(t *testing.T) {
	p := newPair(t, false) // this forwarder refuses private addresses
	deposit := p.tokens.deposit(mailbox.Small)
	for name, c := range map[string]struct {
		net    identity.Internet
		hidden bool
		want   error
	}{
		"no node":                    {identity.Internet{Hide: true}, false, identity.ErrNoForwarder},
		"one that refuses":           {identity.Internet{Hide: true, Homes: []identity.Home{p.home}}, false, identity.ErrNoForwarder},
		"from this node":             {identity.Internet{HideFrom: [][32]byte{p.at.Node}, Homes: []identity.Home{p.home}}, false, identity.ErrNoForwarder},
		"this party":                 {identity.Internet{Homes: []identity.Home{p.home}}, true, identity.ErrNoForwarder},
		"nobody hides":               {identity.Internet{Homes: []identity.Home{p.home}}, false, nil},
		"an own node":                {identity.Internet{Hide: true, Homes: []identity.Home{p.other}}, false, nil},
		"from another node":          {identity.Internet{HideFrom: [][32]byte{p.via.Node}}, false, nil},
		"one away, one that refuses": {identity.Internet{Hide: true, Homes: []identity.Home{newHome(gone(t)), p.home}}, false, identity.ErrNoForwarder},
	} {
		client := newClient(t, c.net)
		client.times.dial = time.Second
		ctx := within(t, 20*time.Second)
		stop := watch(client)
		_, err := client.Look(ctx, p.at, [16]byte{1}, c.hidden)
		if err != c.want {
			t.Errorf("%s: look: %v, want %v", name, err, c.want)
		}
		if !c.hidden {
			if verdicts, err := client.Put(ctx, p.at, []identity.Deposit{deposit}); err != c.want || err == nil && verdicts[0] != identity.DepositKept {
				t.Errorf("%s: put: %v, want %v", name, err, c.want)
			}
		}
		if seen := stop(); c.want != nil && slices.Contains(seen, address(p.at)) {
			t.Errorf("%s: connected straight", name)
		}
	}
	c := newClient(t, identity.Internet{})
	if err := c.Forward(within(t, 10*time.Second), p.home, p.at); err != identity.ErrNoForwarder {
		t.Errorf("a forwarder that refuses: %v", err)
	}
}

// gone is where a node was.
func gone(t *testing.T) identity.Hint {
	t.Helper()
	at, stop := startNode(t, node.Options{})
	stop()
	return at
}

// TestForwarderThatStandsStill is passed by after a moment, and not asked first again; the
// one behind it, or the way straight, serves meanwhile.
func TestForwarderThatStandsStill(t *testing.T) {
	p := newPair(t, true)
	still := newHome(startLiar(t, func(_ liar, s network.Stream) { wait(s) }).at)
	for name, n := range map[string]identity.Internet{
		"straight":   {Homes: []identity.Home{still}},
		"another":    {Hide: true, Homes: []identity.Home{still, p.home}},
		"both still": {Hide: true, Homes: []identity.Home{still}},
	} {
		c := newClient(t, n)
		c.times.hedge, c.times.step = time.Second, 3*time.Second
		for i, want := range []error{nil, nil} {
			began := time.Now()
			_, err := c.Look(within(t, 20*time.Second), p.at, [16]byte{1}, false)
			took := time.Since(began)
			if name == "both still" {
				want = identity.ErrNoForwarder
			} else if i == 0 && took < c.times.hedge || took > time.Duration(1+2*(1-i))*c.times.hedge {
				t.Errorf("%s: call %d took %v", name, i, took)
			}
			if err != want {
				t.Errorf("%s: call %d: %v", name, i, err)
			}
		}
		c.mu.Lock()
		if c.shunned[p.via.Node] != (time.Time{}) || c.shunned[still.Node.Node] == (time.Time{}) {
			t.Errorf("%s: the wrong ones are shunned", name)
		}
		c.mu.Unlock()
	}
	// One that refuses is not shunned: it may pass on to others.
	q := newPair(t, false)
	c := newClient(t, identity.Internet{Homes: []identity.Home{q.home}})
	if _, err := c.Look(within(t, 20*time.Second), q.at, [16]byte{1}, false); err != nil || len(c.shunned) != 0 {
		t.Errorf("%d shunned, %v", len(c.shunned), err)
	}
}

// TestForwarderToNobody: the other node is away, which the forwarder finds out.
func TestForwarderToNobody(t *testing.T) {
	p := newPair(t, true)
	c := newClient(t, identity.Internet{Hide: true, Homes: []identity.Home{p.home}})
	_, err := c.Put(within(t, 30*time.Second), gone(t), []identity.Deposit{p.tokens.deposit(mailbox.Small)})
	if err != identity.ErrNodeLater {
		t.Errorf("%v", err)
	}
}

// TestNewKeyOfANode: a client that knows a node's key of last month asks for the one of now.
func TestNewKeyOfANode(t *testing.T) {
	d := memory.New(depot.Options{})
	at, stop := startNode(t, node.Options{Depot: d})
	via, _ := startNode(t, node.Options{AllowPrivate: true})
	home, first := newHome(via), newHome(at)
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	ctx := within(t, 30*time.Second)
	if _, err := c.Look(ctx, at, [16]byte{1}, true); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Standing(ctx, first); err != nil {
		t.Fatal(err)
	}
	record := c.records[first].KeyRecord
	stop()
	later := func() time.Time { return time.Now().Add(3 * mailbox.KeyLife) }
	startNode(t, node.Options{Depot: d, Listen: netip.AddrPortFrom(loopback, at.Port), Clock: later})
	old := newHome(at)
	straight := newClient(t, identity.Internet{})
	straight.records[old] = kept{record, time.Now()}
	if _, err := straight.Standing(ctx, old); err != nil {
		t.Errorf("straight: %v", err)
	}
	if straight.records[old].ID == record.ID {
		t.Error("the record of the old key is still used")
	}
	// Through a forwarder, who might have stolen an old key, the record has to be of now.
	if _, err := c.Look(ctx, at, [16]byte{1}, true); err != identity.ErrNodeFalse {
		t.Errorf("a record of another time, through a forwarder: %v", err)
	}
	c.clock = later
	if _, err := c.Look(ctx, at, [16]byte{1}, true); err != nil {
		t.Errorf("through a forwarder: %v", err)
	}
}
