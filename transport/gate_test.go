package transport

import (
	"testing"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/identity"
)

// kinds counts what is open.
func kinds(n *Network) map[string]int {
	out := make(map[string]int)
	for _, w := range n.Connections() {
		out[w.Kind]++
	}
	return out
}

// TestSwitchedOff: the switch ends links, listeners and beacon at once, and gives them back
// without a restart.
func TestSwitchedOff(t *testing.T) {
	a, b, toB := meet(t, Both)
	a.SetOpen(true) // as it was
	far := func() peer.ID {
		l, _ := a.parties.link(toB)
		return l.far
	}
	first := far()
	for range 2 {
		a.SetOpen(false)
		a.in.awaitReached(t, toB, false, wait)
		b.in.awaitReached(t, handle('a'), false, wait)
		poll(t, "nothing is open", wait, func() bool { return len(a.Connections()) == 0 })
		if err := a.Send(t.Context(), toB, randomCell(cellSize)); err != ErrNoLink {
			t.Errorf("Send while closed: %v", err)
		}
		a.SetOpen(false)
		a.SetOpen(true)
		a.in.awaitReached(t, toB, true, wait)
		b.in.awaitReached(t, handle('a'), true, wait)
	}
	if far() != first {
		t.Error("the other side, which stayed, has another key")
	}
}

// TestBegunSwitchedOff: a program that was told to stay closed opens nothing when it starts.
func TestBegunSwitchedOff(t *testing.T) {
	forA, forB := friends('a', 'b')
	n, err := New(Options{Listen: Loopback})
	if err != nil {
		t.Fatal(err)
	}
	opened := make(chan struct{}, 8)
	n.beacon = func() beacon {
		opened <- struct{}{}
		return loopbackBeacon{first: 20500}
	}
	n.SetParties([]identity.Party{forA})
	n.SetOpen(false)
	a := run(t, n)
	b := start(t, 20500, Both, forB)
	c := start(t, 20500, Both, identity.Party{Handle: handle('c'), Dial: []identity.LinkKey{key('c')}})
	poll(t, "the others see one another", wait, func() bool { return kinds(b.Network)[WireListen] == 2 && kinds(c.Network)[WireListen] == 2 })
	if len(opened) > 0 || len(a.Connections()) > 0 {
		t.Errorf("opened %d times, %v", len(opened), a.Connections())
	}
	a.SetOpen(true)
	a.in.awaitReached(t, forA.Handle, true, wait)
	a.SetOpen(false)
	a.in.awaitReached(t, forA.Handle, false, wait)
	a.stop() // while closed
}

// TestConnections: what is open is told by kind, with addresses and whose it is.
func TestConnections(t *testing.T) {
	forA, forB := friends('a', 'b')
	a, at := startQuiet(t, forA)
	if got := kinds(a.Network); got[WireBeacon] != 1 || got[WireListen] != 2 || len(got) != 2 {
		t.Errorf("alone: %v", got)
	}
	c := newCaller(t, TCP)
	stranger := c.open(at)
	poll(t, "a stranger", wait, func() bool { return kinds(a.Network)[WireUnproven] == 1 })
	stranger.Conn().Close()
	link := c.prove(at, forB.Dial[0])
	poll(t, "a contact", wait, func() bool {
		got := kinds(a.Network)
		return got[WireContact] == 1 && got[WireUnproven] == 0
	})
	list := a.Connections()
	w := list[len(list)-1]
	if want := "tcp 127.0.0.1:"; w.Handle != forA.Handle || len(w.Remote) <= len(want) || w.Remote[:len(want)] != want || w.Since.IsZero() {
		t.Errorf("the contact's: %+v", w)
	}
	if list[0].Kind != WireBeacon || list[1].Kind != WireListen {
		t.Errorf("the order: %v", list)
	}
	link.Conn().Close()
	poll(t, "it is gone", wait, func() bool { return len(a.Connections()) == 3 })
}
