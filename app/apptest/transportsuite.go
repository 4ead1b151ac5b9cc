package apptest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity"
)

// TransportSuite proves that transports keep the promises of app.Transport. open
// returns new ones, not yet running, on a network that they share and nobody else uses.
func TransportSuite(t *testing.T, open func(t *testing.T) [2]app.Transport) {
	tests := []struct {
		name string
		run  func(t *testing.T, l *transportLab)
	}{
		{"Exchange", testExchange},
		{"OneKeyIsEnough", testOneKey},
		{"StrangersDoNotMeet", testStrangers},
		{"NewKeyDialsAgain", testNewKey},
		{"RemovedPartyIsLost", testRemovedParty},
		{"StopIsNoticed", testStopIsNoticed},
		{"NoLink", testNoLink},
		{"CallsDoNotOverlap", testCallsDoNotOverlap},
		{"SendBlocks", testSendBlocks},
		{"CellsAreNotKept", testCellsAreNotKept},
		{"CallsFromWithin", testCallsFromWithin},
		{"FileCells", testFileCells},
		{"FilesHoldNothingUp", testFilesHoldNothingUp},
		{"FilesNeedALink", testFilesNeedALink},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pair := open(t)
			l := &transportLab{T: t}
			l.a = &transportEnd{lab: l, tr: pair[0], names: partyB}
			l.b = &transportEnd{lab: l, tr: pair[1], names: partyA}
			for _, e := range []*transportEnd{l.a, l.b} {
				e.reached = make(map[identity.Handle]bool)
				e.busy = make(map[identity.Handle]bool)
				e.changed = make(chan struct{}, 1)
			}
			tt.run(t, l)
			l.a.stop()
			l.b.stop()
		})
	}
}

// suiteWait is how long anything may take. A real network needs some milliseconds, and
// two seconds where the side that may dial lets the other dial first.
const suiteWait = 15 * time.Second

// The name that each side has for the other.
var (
	partyA = identity.Handle{'a'}
	partyB = identity.Handle{'b'}
)

func suiteKey(b byte) []identity.LinkKey { return []identity.LinkKey{{b}} }

// Friends of each other. Whoever dials shows the key that the other one issued.
func friendOfA() identity.Party {
	return identity.Party{Handle: partyB, Dial: suiteKey(2), Accept: suiteKey(1)}
}

func friendOfB() identity.Party {
	return identity.Party{Handle: partyA, Dial: suiteKey(1), Accept: suiteKey(2)}
}

type transportLab struct {
	*testing.T
	a, b *transportEnd
}

// meet starts both sides as friends and waits for the link.
func (l *transportLab) meet() {
	l.Helper()
	l.a.start(friendOfA())
	l.b.start(friendOfB())
	l.a.awaitReached(true)
	l.b.awaitReached(true)
}

// transportEnd is one side: a transport and the Inbound that it calls.
type transportEnd struct {
	lab   *transportLab
	tr    app.Transport
	names identity.Handle // what this side calls the other
	end   func()

	mu       sync.Mutex
	changed  chan struct{}
	reached  map[identity.Handle]bool
	busy     map[identity.Handle]bool // in a call
	overlaps int
	lost     int
	cells    [][]byte
	acks     [][16]byte
	received func() // called in Received
	files    [][]byte
	gate     chan struct{} // FileCells waits for it; nil: it does not
	ended    bool
	late     int // calls after Run returned
}

func (e *transportEnd) start(parties ...identity.Party) {
	e.lab.Helper()
	e.tr.SetParties(parties)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.tr.Run(ctx, e) }()
	e.end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			e.lab.Errorf("Run: %v", err)
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.ended = true
	})
	e.lab.Cleanup(e.end)
}

func (e *transportEnd) stop() {
	if e.end == nil {
		return
	}
	e.end()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.overlaps > 0 {
		e.lab.Errorf("%d calls for one handle overlapped", e.overlaps)
	}
	if e.late > 0 {
		e.lab.Errorf("%d calls after Run returned", e.late)
	}
}

// call brackets every call of the transport.
func (e *transportEnd) call(h identity.Handle, f func()) {
	e.mu.Lock()
	if e.busy[h] {
		e.overlaps++
	}
	if e.ended {
		e.late++
	}
	e.busy[h] = true
	inside := e.received
	e.mu.Unlock()
	if inside != nil {
		inside()
	}
	e.mu.Lock()
	f()
	e.busy[h] = false
	e.mu.Unlock()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

func (e *transportEnd) Reached(h identity.Handle) {
	e.call(h, func() {
		if e.reached[h] {
			e.overlaps++ // Reached twice without Lost between
		}
		e.reached[h] = true
	})
}

func (e *transportEnd) Lost(h identity.Handle) {
	e.call(h, func() {
		e.reached[h] = false
		e.lost++
	})
}

// Received acknowledges each cell by its first 16 bytes.
func (e *transportEnd) Received(h identity.Handle, cells [][]byte) (acks [][16]byte) {
	for _, c := range cells {
		acks = append(acks, [16]byte(c))
	}
	e.call(h, func() { e.cells = append(e.cells, cells...) })
	return acks
}

func (e *transportEnd) Acknowledged(h identity.Handle, acks [][16]byte) {
	e.call(h, func() { e.acks = append(e.acks, acks...) })
}

func (e *transportEnd) await(what string, cond func() bool) {
	e.lab.Helper()
	deadline := time.After(suiteWait)
	for {
		e.mu.Lock()
		ok := cond()
		e.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-e.changed:
		case <-deadline:
			e.lab.Fatalf("not within %v: %s", suiteWait, what)
		}
	}
}

func (e *transportEnd) awaitReached(want bool) {
	e.lab.Helper()
	e.await("the state of the other side", func() bool { return e.reached[e.names] == want })
}

func (e *transportEnd) send(cells ...[]byte) {
	e.lab.Helper()
	if err := e.tr.Send(e.lab.Context(), e.names, cells...); err != nil {
		e.lab.Fatalf("Send: %v", err)
	}
}

// suiteCell returns a cell that begins with n.
func suiteCell(size int, n int) []byte {
	c := make([]byte, size)
	copy(c, []byte{byte(n >> 16), byte(n >> 8), byte(n), 'c'})
	return c
}

func testExchange(t *testing.T, l *transportLab) {
	l.meet()
	const count = 300
	var sent [][]byte
	for i := range count {
		size := 4096
		if i%10 == 0 {
			size = 16384
		}
		sent = append(sent, suiteCell(size, i))
	}
	l.a.send(sent...)
	l.b.send(suiteCell(4096, 7))
	l.b.await("all cells", func() bool { return len(l.b.cells) == count })
	for i, c := range l.b.cells {
		if !bytes.Equal(c, sent[i]) {
			t.Fatalf("cell %d changed or out of order", i)
		}
	}
	l.a.await("all acknowledgements", func() bool { return len(l.a.acks) == count })
	l.a.await("the other direction", func() bool { return len(l.a.cells) == 1 })
	l.b.await("its acknowledgement", func() bool { return len(l.b.acks) == 1 })
}

// testOneKey: one key known to both is enough, as right after a scan.
func testOneKey(t *testing.T, l *transportLab) {
	a, b := friendOfA(), friendOfB()
	a.Dial, b.Accept = nil, nil
	l.a.start(a)
	l.b.start(b)
	l.a.awaitReached(true)
	l.b.awaitReached(true)
}

func testStrangers(t *testing.T, l *transportLab) {
	odd := friendOfB()
	odd.Dial, odd.Accept = suiteKey(8), suiteKey(9)
	l.a.start(friendOfA())
	l.b.start(odd)
	// They are given the right keys later and meet then: so they had the time to meet before.
	l.b.tr.SetParties([]identity.Party{odd, {Handle: identity.Handle{'x'}, Dial: suiteKey(1)}})
	l.b.await("the right key", func() bool { return l.b.reached[identity.Handle{'x'}] })
	l.b.await("no other", func() bool { return !l.b.reached[partyA] })
}

func testNewKey(t *testing.T, l *transportLab) {
	l.a.start()
	l.b.start(identity.Party{Handle: partyA, Accept: suiteKey(2)})
	l.a.tr.SetParties([]identity.Party{friendOfA()})
	l.a.awaitReached(true)
	l.b.awaitReached(true)
	// A second party behind the same host, as when a pairing becomes a contact.
	second := identity.Handle{'2'}
	l.b.tr.SetParties([]identity.Party{friendOfB(), {Handle: second, Accept: suiteKey(5)}})
	l.a.tr.SetParties([]identity.Party{friendOfA(), {Handle: second, Dial: suiteKey(5)}})
	l.a.await("the second party", func() bool { return l.a.reached[second] })
	l.b.await("the second party", func() bool { return l.b.reached[second] })
	l.a.awaitReached(true)
}

func testRemovedParty(t *testing.T, l *transportLab) {
	l.meet()
	l.a.tr.SetParties(nil)
	l.a.awaitReached(false)
	l.b.awaitReached(false)
	if err := l.a.tr.Send(t.Context(), partyB, suiteCell(4096, 1)); err == nil {
		t.Error("Send to a removed party succeeded")
	}
}

func testStopIsNoticed(t *testing.T, l *transportLab) {
	l.meet()
	l.b.stop()
	l.a.awaitReached(false)
	l.b.await("Lost before Run returned", func() bool { return !l.b.reached[partyA] && l.b.lost > 0 })
}

func testNoLink(t *testing.T, l *transportLab) {
	if err := l.a.tr.Send(t.Context(), partyB, suiteCell(4096, 1)); err == nil {
		t.Error("Send before Run succeeded")
	}
	l.meet()
	if err := l.a.tr.Send(t.Context(), identity.Handle{'?'}, suiteCell(4096, 1)); err == nil {
		t.Error("Send to an unknown party succeeded")
	}
}

// testCallsDoNotOverlap: the check itself is in call.
func testCallsDoNotOverlap(t *testing.T, l *transportLab) {
	l.meet()
	const count = 500
	var sending sync.WaitGroup
	for _, e := range []*transportEnd{l.a, l.b} {
		sending.Go(func() {
			for i := range count {
				if err := e.tr.Send(t.Context(), e.names, suiteCell(4096, i)); err != nil {
					t.Errorf("Send: %v", err)
					return
				}
			}
		})
	}
	sending.Wait()
	for _, e := range []*transportEnd{l.a, l.b} {
		e.await("cells", func() bool { return len(e.cells) == count })
		e.await("acknowledgements", func() bool { return len(e.acks) == count })
	}
}

// testSendBlocks: while the other side does not return from Received, Send stops taking
// cells, and ends with its context; nothing is lost.
func testSendBlocks(t *testing.T, l *transportLab) {
	gate := make(chan struct{})
	l.meet()
	l.b.mu.Lock()
	l.b.received = func() { <-gate }
	l.b.mu.Unlock()
	open := sync.OnceFunc(func() { close(gate) })
	defer open()

	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	taken := 0
	var err error
	for err == nil {
		if err = l.a.tr.Send(ctx, partyB, suiteCell(16384, taken)); err == nil {
			taken++
		}
		if taken > 20000 {
			t.Fatal("Send takes cells without end")
		}
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Send: %v, want the context's error", err)
	}
	open()
	l.b.await("what was taken", func() bool { return len(l.b.cells) == taken })
}

func testCellsAreNotKept(t *testing.T, l *transportLab) {
	l.meet()
	cell := suiteCell(4096, 1)
	want := bytes.Clone(cell)
	l.a.send(cell)
	clear(cell)
	l.b.await("the cell", func() bool { return len(l.b.cells) == 1 })
	if !bytes.Equal(l.b.cells[0], want) {
		t.Error("a cell changed after Send returned")
	}
}

// testCallsFromWithin: SetParties and Send may be called from Inbound.
func testCallsFromWithin(t *testing.T, l *transportLab) {
	l.b.received = func() {
		l.b.tr.SetParties([]identity.Party{friendOfB()})
		l.b.tr.Send(context.Background(), partyA, suiteCell(4096, 2)) // fails in Lost
	}
	l.meet()
	l.a.send(suiteCell(4096, 1))
	l.a.await("a cell sent from within", func() bool { return len(l.a.cells) > 0 })
}
