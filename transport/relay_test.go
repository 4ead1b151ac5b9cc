package transport

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// testRelay is a node that relays and says whence, and nothing else.
type testRelay struct {
	*swarm.Host
	hint identity.Hint
	stop func()

	mu   sync.Mutex
	deaf bool                                   // answers nobody any more; guarded by mu
	said map[[16]byte][mailbox.ContentSize]byte // presence; guarded by mu
}

func newTestRelay(t testing.TB) *testRelay {
	t.Helper()
	h, err := swarm.Open(swarm.Options{Listen: []ma.Multiaddr{swarm.QUICAddr(loopbackIP, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	quicPort, _ := h.Ports()
	if err := h.Swarm.Listen(swarm.TCPAddr(loopbackIP, quicPort)); err != nil {
		t.Fatal(err)
	}
	key, err := keyOf(h.ID)
	if err != nil {
		t.Fatal(err)
	}
	r := &testRelay{Host: h, hint: identity.Hint{Node: key, Port: quicPort, Addr: loopbackIP},
		said: make(map[[16]byte][mailbox.ContentSize]byte)}
	bare, err := h.Bare()
	if err != nil {
		t.Fatal(err)
	}
	resources := relay.DefaultResources()
	resources.MaxReservationsPerIP, resources.MaxCircuits = 1000, 1000
	service, err := relay.New(bare, relay.WithResources(resources), relay.WithInfiniteLimits())
	if err != nil {
		t.Fatal(err)
	}
	bare.SetStreamHandler(mailbox.ProtocolID, r.whence)
	r.stop = sync.OnceFunc(func() { service.Close(); h.Close() })
	t.Cleanup(r.stop)
	return r
}

func (r *testRelay) whence(s network.Stream) {
	defer s.Close()
	for {
		var b [1]byte
		if _, err := s.Read(b[:]); err != nil {
			return
		}
		r.mu.Lock()
		deaf := r.deaf
		r.mu.Unlock()
		if deaf {
			continue
		}
		if mailbox.WriteWhence(s, s.Conn().RemoteMultiaddr().String()) != nil {
			return
		}
	}
}

func (r *testRelay) home(account byte) identity.Home {
	return identity.Home{Node: r.hint, Account: [32]byte{account}}
}

// board is a Presences over some test relays.
type board map[[32]byte]*testRelay

func newBoard(relays ...*testRelay) board {
	b := make(board)
	for _, r := range relays {
		b[r.hint.Node] = r
	}
	return b
}

var errAway = errors.New("away")

func (b board) at(h identity.Hint) (*testRelay, error) {
	r := b[h.Node]
	if r == nil {
		return nil, errAway
	}
	select {
	case <-r.Swarm.Done():
		return nil, errAway
	default:
		return r, nil
	}
}

func (b board) Look(_ context.Context, at identity.Hint, id [16]byte, _ bool) (c [mailbox.ContentSize]byte, err error) {
	r, err := b.at(at)
	if err != nil {
		return c, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said[id], nil
}

func (b board) PutPresence(_ context.Context, h identity.Home, page *mailbox.Presences) error {
	r, err := b.at(h.Node)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range page.Slots {
		r.said[s.ID] = s.Content
	}
	return nil
}

// startFar runs a network that is not on the local network of anybody.
func startFar(t testing.TB, only Protocol, ps Presences, is identity.Internet, list ...identity.Party) *node {
	t.Helper()
	n, err := New(Options{Listen: Loopback, Protocol: only, Presences: ps})
	if err != nil {
		t.Fatal(err)
	}
	n.SetOpen(false)
	is.Open = true
	n.SetInternet(is)
	n.SetParties(list)
	return run(t, n)
}

func awaitPath(t testing.TB, n *node, h identity.Handle, want string, within time.Duration) time.Duration {
	t.Helper()
	begin := time.Now()
	n.in.await(t, "path "+want, within, func() bool { return n.Path(h) == want })
	return time.Since(begin)
}

func TestMeetOverRelay(t *testing.T) {
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			r := newTestRelay(t)
			ps := newBoard(r)
			forA, forB := friends('a', 'b')
			forA.Node, forB.Node = r.hint, r.hint
			forA.Hide = true // stays on the relay
			a := startFar(t, only, ps, identity.Internet{Homes: []identity.Home{r.home('a')}}, forA)
			begin := time.Now()
			b := startFar(t, only, ps, identity.Internet{Homes: []identity.Home{r.home('b')}}, forB)
			a.in.awaitReached(t, forA.Handle, true, wait)
			b.in.awaitReached(t, forB.Handle, true, wait)
			t.Logf("met after %v", time.Since(begin))
			if p := a.Path(forA.Handle); p != "relay" {
				t.Errorf("path %q", p)
			}
			if err := a.Send(t.Context(), forA.Handle, randomCell(cellSize), randomCell(largeCellSize)); err != nil {
				t.Fatal(err)
			}
			b.in.await(t, "two cells", wait, func() bool { return len(b.in.cells) == 2 })
			a.in.await(t, "acknowledgements", wait, func() bool { return len(a.in.acks) == 2 })
			if err := b.SendFile(t.Context(), forB.Handle, randomCell(fileCellSize)); err != nil {
				t.Fatal(err)
			}
			a.in.await(t, "a file cell", wait, func() bool { return len(a.in.files) == 1 })
			if err := a.Relayed(r.hint); err != nil {
				t.Errorf("Relayed: %v", err)
			}
		})
	}
}

func TestPunchOnLoopback(t *testing.T) {
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP, "both": Both} {
		t.Run(name, func(t *testing.T) {
			r := newTestRelay(t)
			ps := newBoard(r)
			forA, forB := friends('a', 'b')
			forA.Node, forB.Node = r.hint, r.hint
			a := startFar(t, only, ps, identity.Internet{Homes: []identity.Home{r.home('a')}}, forA)
			b := startFar(t, only, ps, identity.Internet{Homes: []identity.Home{r.home('b')}}, forB)
			begin := time.Now()
			awaitPath(t, a, forA.Handle, "direct", wait)
			awaitPath(t, b, forB.Handle, "direct", wait)
			t.Logf("straight after %v", time.Since(begin))
			if err := a.Send(t.Context(), forA.Handle, randomCell(cellSize)); err != nil {
				t.Fatal(err)
			}
			b.in.await(t, "a cell", wait, func() bool { return len(b.in.cells) == 1 })
		})
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
