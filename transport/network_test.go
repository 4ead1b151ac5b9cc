package transport

import (
	"bytes"
	"context"
	"crypto/rand"
	"maps"
	"sync"
	"testing"
	"time"

	"tacit/identity"
)

// inbox is an Inbound that remembers what it is told and acknowledges every cell by its
// first 16 bytes.
type inbox struct {
	mu      sync.Mutex
	changed chan struct{}
	reached map[identity.Handle]bool
	lost    int
	cells   [][]byte
	acks    map[[16]byte]int
	files   [][16]byte  // the first bytes of each file cell
	onCells func(n int) // called in Received, may block
	onFiles func()      // called in FileCells, may block
}

func newInbox() *inbox {
	return &inbox{changed: make(chan struct{}, 1), reached: make(map[identity.Handle]bool), acks: make(map[[16]byte]int)}
}

func (b *inbox) update(f func()) {
	b.mu.Lock()
	f()
	b.mu.Unlock()
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (b *inbox) Reached(h identity.Handle) { b.update(func() { b.reached[h] = true }) }
func (b *inbox) Lost(h identity.Handle)    { b.update(func() { b.reached[h] = false; b.lost++ }) }

func (b *inbox) Received(_ identity.Handle, cells [][]byte) (acks [][16]byte) {
	if b.onCells != nil {
		b.onCells(len(cells))
	}
	for _, c := range cells {
		acks = append(acks, [16]byte(c))
	}
	b.update(func() { b.cells = append(b.cells, cells...) })
	return acks
}

func (b *inbox) Acknowledged(_ identity.Handle, acks [][16]byte) {
	b.update(func() {
		for _, a := range acks {
			b.acks[a]++
		}
	})
}

func (b *inbox) FileCells(_ identity.Handle, cells [][]byte) {
	if b.onFiles != nil {
		b.onFiles()
	}
	b.update(func() {
		for _, c := range cells {
			b.files = append(b.files, [16]byte(c))
		}
	})
}

// links returns which handles are reached, and how many links were lost.
func (b *inbox) links() (reached map[identity.Handle]bool, lost int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.reached), b.lost
}

// await waits until the condition holds.
func (b *inbox) await(t testing.TB, what string, within time.Duration, cond func() bool) {
	t.Helper()
	deadline := time.After(within)
	for {
		b.mu.Lock()
		ok := cond()
		b.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-b.changed:
		case <-deadline:
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

func (b *inbox) awaitReached(t testing.TB, h identity.Handle, want bool, within time.Duration) {
	t.Helper()
	b.await(t, "reached or lost", within, func() bool { return b.reached[h] == want })
}

// node is a running Network with its inbox.
type node struct {
	*Network
	in   *inbox
	stop func()
}

// start runs a network until the test ends or stop is called. Beacons of different tests,
// and of programs that run beside them, do not meet.
func start(t testing.TB, port uint16, only Protocol, list ...identity.Party) *node {
	t.Helper()
	n, err := New(Options{Listen: Loopback, Protocol: only})
	if err != nil {
		t.Fatal(err)
	}
	n.beacon = func() beacon { return loopbackBeacon{first: port} }
	n.SetParties(list)
	return run(t, n)
}

func run(t testing.TB, n *Network) *node {
	in := newInbox()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx, in) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return &node{n, in, stop}
}

func key(b byte) (k identity.LinkKey) { k[0] = b; return k }

func handle(b byte) (h identity.Handle) { h[0] = b; return h }

// friends returns two parties for each other: a names b and b names a.
func friends(a, b byte) (forA, forB identity.Party) {
	ka, kb := key(a), key(b)
	forA = identity.Party{Handle: handle(b), Dial: []identity.LinkKey{kb}, Accept: []identity.LinkKey{ka}}
	forB = identity.Party{Handle: handle(a), Dial: []identity.LinkKey{ka}, Accept: []identity.LinkKey{kb}}
	return forA, forB
}

func randomCell(n int) []byte {
	c := make([]byte, n)
	rand.Read(c)
	return c
}

func TestExchangeOnLoopback(t *testing.T) {
	for name, p := range map[string]Protocol{"quic": QUIC, "tcp": TCP, "both": Both} {
		t.Run(name, func(t *testing.T) {
			forA, forB := friends('a', 'b')
			a := start(t, 20100, p, forA)
			b := start(t, 20100, p, forB)
			a.in.awaitReached(t, forA.Handle, true, 5*time.Second)
			b.in.awaitReached(t, forB.Handle, true, 5*time.Second)

			small, large := randomCell(4096), randomCell(16384)
			if err := a.Send(t.Context(), forA.Handle, small, large); err != nil {
				t.Fatal(err)
			}
			b.in.await(t, "two cells", 5*time.Second, func() bool { return len(b.in.cells) == 2 })
			if !bytes.Equal(b.in.cells[0], small) || !bytes.Equal(b.in.cells[1], large) {
				t.Error("cells arrived changed or out of order")
			}
			a.in.await(t, "acknowledgements", 5*time.Second, func() bool { return len(a.in.acks) == 2 })

			b.stop()
			a.in.awaitReached(t, forA.Handle, false, 2*time.Second)
			if err := a.Send(t.Context(), forA.Handle, small); err != ErrNoLink {
				t.Errorf("Send without a link: %v, want ErrNoLink", err)
			}
		})
	}
}

// wait is how long anything may take on a busy machine where nothing is promised.
const wait = 10 * time.Second

// TestEightOnLoopback: eight programs on one machine, all friends of one another, meet.
func TestEightOnLoopback(t *testing.T) {
	const programs = 8
	issued := func(by, to int) []identity.LinkKey { return []identity.LinkKey{key(byte(16*by + to))} }
	var nodes []*node
	for i := range programs {
		var list []identity.Party
		for j := range programs {
			if i != j {
				list = append(list, identity.Party{Handle: handle(byte(j)), Dial: issued(j, i), Accept: issued(i, j)})
			}
		}
		nodes = append(nodes, start(t, 20400, Both, list...))
	}
	begin := time.Now()
	for _, n := range nodes {
		n.in.await(t, "all the others", wait, func() bool {
			met := 0
			for _, yes := range n.in.reached {
				if yes {
					met++
				}
			}
			return met == programs-1
		})
	}
	t.Logf("all met after %v", time.Since(begin))
}
