package apptest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"tacit/app"
)

// NearbySuite proves that transports keep the promises of app.NearbyTransport. open returns
// new ones on a network that they share and nobody else uses.
func NearbySuite(t *testing.T, open func(t *testing.T) [3]app.Transport) {
	tests := []struct {
		name string
		run  func(t *testing.T, a, b, c *nearbyEnd)
	}{
		{"EachSeesTheOthers", testNearbyNames},
		{"OneSaysACard", testNearbyCard},
		{"AStrangerLearnsNothing", testNearbyStranger},
		{"TakenBack", testNearbyTakenBack},
		{"AnotherPick", testNearbyAnother},
		{"LeavingIsNoticed", testNearbyLeaving},
		{"SwitchedOff", testNearbyOff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ends [3]*nearbyEnd
			for i, tr := range open(t) {
				ends[i] = &nearbyEnd{t: t, tr: tr, changed: make(chan struct{}, 1)}
				ends[i].start()
			}
			tt.run(t, ends[0], ends[1], ends[2])
			for _, e := range ends {
				e.stop()
			}
		})
	}
}

// nearbyEnd is one side, and the NearbyInbound that it calls.
type nearbyEnd struct {
	t    *testing.T
	tr   app.Transport
	stop func()
	err  error // of RunNearby; read after stop

	mu      sync.Mutex
	changed chan struct{}
	busy    bool
	ended   bool
	name    app.NearbyName
	peers   []app.NearbyPeer
	agreed  []string
	cards   []string
	from    []string
}

func (e *nearbyEnd) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := e.tr.RunNearby(ctx, e)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.err, e.ended = err, true
	}()
	e.stop = func() {
		cancel()
		<-done
	}
	e.t.Cleanup(e.stop)
}

// call brackets every call of the transport.
func (e *nearbyEnd) call(f func()) {
	e.mu.Lock()
	if e.busy || e.ended {
		e.t.Errorf("a call within another (%v), or after the end (%v)", e.busy, e.ended)
	}
	e.busy = true
	e.mu.Unlock()
	e.mu.Lock()
	f()
	e.busy = false
	e.mu.Unlock()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

func (e *nearbyEnd) NearbyChanged(animal, number int, peers []app.NearbyPeer) {
	e.call(func() { e.name, e.peers = app.NearbyName{Animal: animal, Number: number}, slices.Clone(peers) })
}

func (e *nearbyEnd) NearbyAgreed(id string) { e.call(func() { e.agreed = append(e.agreed, id) }) }

func (e *nearbyEnd) NearbyCard(id, card string) {
	e.call(func() { e.from, e.cards = append(e.from, id), append(e.cards, card) })
}

// await waits until f, which may read what was told, is true.
func (e *nearbyEnd) await(what string, f func() bool) {
	e.t.Helper()
	deadline := time.After(suiteWait)
	for {
		e.mu.Lock()
		ok := f()
		e.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-e.changed:
		case <-deadline:
			e.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// find waits until another is there under the name that it has itself, and returns its ID.
func (e *nearbyEnd) find(o *nearbyEnd) (id string) {
	e.t.Helper()
	e.await("the other under its name", func() bool {
		o.mu.Lock()
		name := o.name
		o.mu.Unlock()
		i := slices.IndexFunc(e.peers, func(p app.NearbyPeer) bool {
			return name.Number != 0 && p.Animal == name.Animal && p.Number == name.Number
		})
		if i >= 0 {
			id = e.peers[i].ID
		}
		return i >= 0
	})
	return id
}

// picks reports whether a peer picks this side. The caller holds mu.
func (e *nearbyEnd) picks(id string) bool {
	return slices.ContainsFunc(e.peers, func(p app.NearbyPeer) bool { return p.ID == id && p.Picks })
}

// agree has two pick each other, and returns who is to say a card first.
func agree(a, b *nearbyEnd) (sayer, taker *nearbyEnd) {
	a.t.Helper()
	bOfA, aOfB := a.find(b), b.find(a)
	a.tr.PickNearby(bOfA)
	b.await("the pick", func() bool { return b.picks(aOfB) })
	b.tr.PickNearby(aOfB)
	a.await("the pick", func() bool { return a.picks(bOfA) })
	deadline := time.Now().Add(suiteWait)
	for time.Now().Before(deadline) {
		for _, s := range [][2]*nearbyEnd{{a, b}, {b, a}} {
			s[0].mu.Lock()
			asked := len(s[0].agreed) > 0
			s[0].mu.Unlock()
			if asked {
				return s[0], s[1]
			}
		}
		select { // whichever is told next
		case <-a.changed:
		case <-b.changed:
		case <-time.After(suiteWait):
		}
	}
	a.t.Fatal("nobody is asked for a card")
	return nil, nil
}

func testNearbyNames(t *testing.T, a, b, c *nearbyEnd) {
	ends := []*nearbyEnd{a, b, c}
	for _, e := range ends {
		for _, o := range ends {
			if e != o {
				e.find(o)
			}
		}
		e.await("a name of its own", func() bool { return e.name.String() != "" })
	}
}

func testNearbyCard(t *testing.T, a, b, c *nearbyEnd) {
	sayer, taker := agree(a, b)
	to := sayer.agreed[0]
	if want := sayer.find(taker); to != want {
		t.Fatalf("a card is asked for %q, not for %q", to, want)
	}
	if !sayer.tr.SayNearby(to, "CARD") {
		t.Fatal("the card was not said")
	}
	taker.await("the card", func() bool { return len(taker.cards) == 1 })
	if taker.cards[0] != "CARD" || taker.from[0] != taker.find(sayer) {
		t.Errorf("%q came from %q", taker.cards, taker.from)
	}
	if sayer.tr.SayNearby(to, "AGAIN") {
		t.Error("a second card was said")
	}
	if len(taker.agreed) > 0 {
		t.Error("both are asked for a card")
	}
}

func testNearbyStranger(t *testing.T, a, b, c *nearbyEnd) {
	cOfA, aOfC := a.find(c), c.find(a)
	c.tr.PickNearby(aOfC)
	a.await("the stranger's pick", func() bool { return a.picks(cOfA) })
	sayer, taker := agree(a, b)
	sayer.tr.SayNearby(sayer.agreed[0], "CARD")
	taker.await("the card", func() bool { return len(taker.cards) == 1 })
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.agreed)+len(c.cards) > 0 {
		t.Errorf("a stranger whom nobody picked was asked for %q and told %q", c.agreed, c.cards)
	}
	if c.picks(aOfC) {
		t.Error("a stranger was told of a pick that was none of theirs")
	}
}

func testNearbyTakenBack(t *testing.T, a, b, _ *nearbyEnd) {
	sayer, taker := agree(a, b)
	of := sayer.find(taker)
	taker.tr.PickNearby("")
	sayer.await("the pick taken back", func() bool { return !sayer.picks(of) })
	if sayer.tr.SayNearby(of, "CARD") {
		t.Error("a card was said to somebody who no longer picks this side")
	}
	taker.tr.PickNearby(taker.find(sayer))
	sayer.await("a card is asked for again", func() bool { return len(sayer.agreed) == 2 })
	if !sayer.tr.SayNearby(of, "CARD") {
		t.Error("the card was not said")
	}
	taker.await("the card", func() bool { return len(taker.cards) == 1 })
}

func testNearbyAnother(t *testing.T, a, b, c *nearbyEnd) {
	bOfA, cOfA, aOfB := a.find(b), a.find(c), b.find(a)
	a.tr.PickNearby(bOfA)
	b.await("the pick", func() bool { return b.picks(aOfB) })
	a.tr.PickNearby(cOfA)
	b.await("the end of the pick", func() bool { return !b.picks(aOfB) })
	a.tr.PickNearby("nobody's")
	aOfC := c.find(a)
	c.await("the end of the pick", func() bool { return !c.picks(aOfC) })
}

func testNearbyLeaving(t *testing.T, a, b, c *nearbyEnd) {
	bOfA := a.find(b)
	a.find(c)
	c.find(a)
	c.find(b)
	b.stop()
	if b.err != nil {
		t.Errorf("RunNearby: %v", b.err)
	}
	for _, e := range []*nearbyEnd{a, c} {
		e.await("the end of one who left", func() bool { return len(e.peers) == 1 })
	}
	if a.tr.SayNearby(bOfA, "CARD") {
		t.Error("a card was said to somebody who left")
	}
	b.ended = false
	b.start()
	a.find(b)
}

func testNearbyOff(t *testing.T, a, b, c *nearbyEnd) {
	a.find(b)
	a.find(c)
	b.tr.SetOpen(false)
	a.await("the end of one who switched it off", func() bool { return len(a.peers) == 1 })
	b.stop()
	if b.err == nil {
		t.Error("RunNearby ended without an error where the network was switched off")
	}
	b.ended = false
	b.start()
	b.stop()
	if b.err == nil {
		t.Error("RunNearby began where the network is switched off")
	}
}
