package transport

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// pairAt starts two friends who have a relay as their node.
func pairAt(t *testing.T, r *testRelay, only Protocol) (a, b *node, forA, forB identity.Party) {
	t.Helper()
	ps := newBoard(r)
	forA, forB = friends('a', 'b')
	forA.Node, forB.Node = r.hint, r.hint
	a = startFar(t, only, ps, identity.Internet{Homes: []identity.Home{r.home('a')}}, forA)
	b = startFar(t, only, ps, identity.Internet{Homes: []identity.Home{r.home('b')}}, forB)
	return a, b, forA, forB
}

// TestHideFromOne: a friend who may learn an address no more is met over the relay again.
func TestHideFromOne(t *testing.T) {
	r := newTestRelay(t)
	a, b, forA, forB := pairAt(t, r, Both)
	awaitPath(t, a, forA.Handle, "direct", wait)
	forA.Hide = true
	a.SetParties([]identity.Party{forA})
	awaitPath(t, a, forA.Handle, "relay", wait)
	awaitPath(t, b, forB.Handle, "relay", wait)
	for _, w := range a.Connections() {
		if w.Kind == WireContact && !strings.HasSuffix(w.Remote, fmt.Sprint(":", r.hint.Port)) {
			t.Errorf("still open: %+v", w)
		}
	}
}

// TestHideFromAll: nothing is listened on, and nothing is open but to the own node.
func TestHideFromAll(t *testing.T) {
	r := newTestRelay(t)
	a, _, forA, _ := pairAt(t, r, Both)
	awaitPath(t, a, forA.Handle, "direct", wait)
	a.SetOpen(true) // the local network, which hiding shuts all the same
	a.SetInternet(identity.Internet{Open: true, Hide: true, Homes: []identity.Home{r.home('a')}})
	a.in.awaitReached(t, forA.Handle, false, wait)
	a.in.awaitReached(t, forA.Handle, true, wait)
	if p := a.Path(forA.Handle); p != "relay" {
		t.Errorf("path %q", p)
	}
	for _, w := range a.Connections() {
		if w.Kind == WireListen || w.Kind == WireBeacon {
			t.Errorf("still open: %+v", w)
		}
	}
}

// TestInternetOff: switched off, nothing is open.
func TestInternetOff(t *testing.T) {
	r := newTestRelay(t)
	a, b, forA, forB := pairAt(t, r, Both)
	a.in.awaitReached(t, forA.Handle, true, wait)
	a.SetInternet(identity.Internet{Homes: []identity.Home{r.home('a')}})
	a.in.awaitReached(t, forA.Handle, false, wait)
	b.in.awaitReached(t, forB.Handle, false, 2*wait)
	deadline := time.Now().Add(wait)
	for len(a.Connections()) > 0 && time.Now().Before(deadline) {
		pause(t.Context(), time.Millisecond)
	}
	if left := a.Connections(); len(left) > 0 {
		t.Errorf("still open: %+v", left)
	}
	if a.Relayed(r.hint) == nil {
		t.Error("a circuit is reserved while the internet is off")
	}
	a.SetInternet(identity.Internet{Open: true, Homes: []identity.Home{r.home('a')}})
	a.in.awaitReached(t, forA.Handle, true, wait)
}

// TestDeafRelay: a relay that answers no more is known to be dead within ten seconds.
func TestDeafRelay(t *testing.T) {
	t.Parallel()
	r := newTestRelay(t)
	a := startFar(t, Both, newBoard(r), identity.Internet{Homes: []identity.Home{r.home('a')}})
	await := func(reserved bool, within time.Duration) {
		t.Helper()
		for deadline := time.Now().Add(within); (a.Relayed(r.hint) == nil) != reserved; pause(t.Context(), 10*time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("reserved is not %v within %v", reserved, within)
			}
		}
	}
	await(true, wait)
	r.mu.Lock()
	r.deaf = true
	r.mu.Unlock()
	await(false, 10*time.Second)
	r.mu.Lock()
	r.deaf = false
	r.mu.Unlock()
	await(true, wait)
}

// TestPresenceLeadsNowhereElse: a friend's presence has nobody send a packet into a private
// network, and names no address of a person at all.
func TestPresenceLeadsNowhereElse(t *testing.T) {
	trap, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer trap.Close()
	trapTCP, err := net.Listen("tcp4", trap.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer trapTCP.Close()
	at := netip.MustParseAddrPort(trap.LocalAddr().String())

	r, victim := newTestRelay(t), newTestRelay(t)
	forA, _ := friends('a', 'b')
	forA.Node = r.hint
	slot, err := mailbox.SealPresence(forA.Dial[0], mailbox.Presence{
		Peer: r.hint.Node, Until: time.Now().Add(time.Hour).Unix(),
		Relays: []identity.Hint{{Node: victim.hint.Node, Addr: at.Addr(), Port: at.Port()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.said[slot.ID] = slot.Content
	o := relayOptions{protocol: Both, allowed: public}
	s, err := newRelayStation(t.Context(), o, newBoard(r), newParties(), newInbox(), discard())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); s.run() }()
	defer func() { s.cancel(); <-done }()
	fresh, _ := s.look(t.Context(), forA, nil)
	if len(fresh) != 1 {
		t.Fatalf("read %d presences", len(fresh))
	}
	if l, _ := s.meetAny(t.Context(), forA, fresh); l != nil {
		t.Error("met somebody")
	}
	trap.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, _, err := trap.ReadFrom(make([]byte, 2000)); err == nil {
		t.Errorf("%d bytes were sent to a place in a private network", n)
	}
}

// TestPunchBudget: a party has this side dial a few times only, over however many links.
func TestPunchBudget(t *testing.T) {
	s := &relayStation{punched: make(map[identity.Handle][]time.Time)}
	h, now, dials := handle('x'), epoch, 0
	for range 60 {
		if s.spend(h, now) {
			dials++
		}
		now = now.Add(10 * time.Second)
	}
	if dials != punchBudget {
		t.Errorf("%d dials in ten minutes", dials)
	}
	if !s.spend(handle('y'), now) || !s.spend(h, now.Add(punchSpan)) {
		t.Error("the budget is spent for ever, or for all")
	}
}

// TestStraightOnceKeysAreThere: of somebody who became a contact this moment the keys come
// over the relay, and the path is straight soon after.
func TestStraightOnceKeysAreThere(t *testing.T) {
	r := newTestRelay(t)
	ps := newBoard(r)
	forA, forB := friends('a', 'b')
	forB.Node = r.hint
	early := forA
	early.Dial = nil
	a := startFar(t, Both, ps, identity.Internet{Homes: []identity.Home{r.home('a')}}, early)
	awaitReserved(t, a, r.hint)
	b := startFar(t, Both, ps, identity.Internet{Homes: []identity.Home{r.home('b')}}, forB)
	awaitPath(t, b, forB.Handle, "relay", wait)
	a.SetParties([]identity.Party{forA})
	awaitPath(t, a, forA.Handle, "direct", 2*wait)
}

// TestHiddenWhilePunching: where an address is hidden between the offers and their moment,
// nothing is dialled.
func TestHiddenWhilePunching(t *testing.T) {
	r := newTestRelay(t)
	forA, _ := friends('a', 'b')
	a := startFar(t, Both, newBoard(r), identity.Internet{Homes: []identity.Home{r.home('a')}}, forA)
	awaitReserved(t, a, r.hint)
	s := a.currentRelay()
	l := newLink(forA.Handle, key('a'), nil, r.ID, true, nil)
	dials := func() int {
		s.step(l, punchStep{dial: &offer{step: offerDial}})
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.punched[forA.Handle])
	}
	if dials() != 1 {
		t.Fatal("a party that may learn the address is not dialled")
	}
	forA.Hide = true
	a.SetParties([]identity.Party{forA})
	if dials() != 1 {
		t.Error("dials a party that may not learn the address")
	}
}
