package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
	"tacit/transport/swarm"
)

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// start runs a node on loopback until the test ends.
func start(t testing.TB, o Options) *Node {
	t.Helper()
	if o.Depot == nil {
		o.Depot = newDepot(t)
	}
	if !o.Listen.IsValid() {
		o.Listen = netip.AddrPortFrom(loopback, 0)
	}
	n, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return n
}

func newDepot(t testing.TB) depot.Depot {
	d := memory.New(depot.Options{})
	t.Cleanup(func() { d.Close() })
	return d
}

// newKey returns an Ed25519 key that nobody has.
func newKey(t testing.TB) [32]byte {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return [32]byte(public)
}

// leaks fails a test that leaves goroutines behind. It comes before start.
func leaks(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// newLot returns a lot and its tokens.
func newLot(until time.Time) (*mailbox.PutLot, [][16]byte) {
	lot := &mailbox.PutLot{Until: until.Unix()}
	rand.Read(lot.ID[:])
	tokens := make([][16]byte, len(lot.Hashes))
	for i := range tokens {
		rand.Read(tokens[i][:])
		h := sha256.Sum256(tokens[i][:])
		lot.Hashes[i] = [16]byte(h[:])
	}
	return lot, tokens
}

// putOf returns the deposit of a random cell that costs the tokens.
func putOf(lot [16]byte, tokens ...[16]byte) *mailbox.Put {
	cell := make([]byte, len(tokens)*mailbox.SmallCell)
	rand.Read(cell)
	copy(cell, tokens[0][:])
	return &mailbox.Put{Lot: lot, Tokens: tokens, Cell: cell}
}

func newHome(n *Node) identity.Home {
	h := identity.Home{Node: n.Address().Hint}
	rand.Read(h.Account[:])
	return h
}

func TestPutAndFetchOverBothTransports(t *testing.T) {
	for name, p := range map[string]swarm.Protocol{"QUIC": swarm.QUIC, "TCP": swarm.TCP} {
		t.Run(name, func(t *testing.T) {
			leaks(t)
			n := start(t, Options{})
			at := n.Address().Hint
			owner := speak(t, dialStream(t, at, p), at.Node)
			owner.login(newHome(n))
			lot, tokens := newLot(time.Now().Add(time.Hour))
			owner.expect(mailbox.StatusOK, lot)
			put := putOf(lot.ID, tokens[:4]...)
			speak(t, dialStream(t, at, p), at.Node).expect(mailbox.StatusOK, put)
			page := owner.fetch(0)
			if len(page.Items) != 1 || string(page.Items[0].Cell) != string(put.Cell) {
				t.Fatalf("a page of %d cells, not the one", len(page.Items))
			}
			if page := owner.fetch(0, page.Items[0].Mark); len(page.Items) != 0 || page.Used != 0 {
				t.Fatal("a settled cell came again")
			}
		})
	}
}
