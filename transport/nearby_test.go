package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multistream"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

var _ app.NearbyTransport = (*Network)(nil)

// TestNearbyConformance: three programs on one machine. Their beacons are not those of
// programs that run beside the test.
func TestNearbyConformance(t *testing.T) {
	for name, p := range map[string]Protocol{"quic": QUIC, "tcp": TCP, "both": Both} {
		t.Run(name, func(t *testing.T) {
			apptest.NearbySuite(t, func(t *testing.T) (three [3]app.Transport) {
				for i := range three {
					three[i] = newNearby(t, 20300, p)
				}
				return three
			})
		})
	}
}

// newNearby returns a network whose beacons of those who pair nearby are at some ports.
func newNearby(t *testing.T, port uint16, only Protocol) *Network {
	t.Helper()
	n, err := New(Options{Listen: Loopback, Protocol: only})
	if err != nil {
		t.Fatal(err)
	}
	n.nearBeacon = func() beacon { return loopbackBeacon{first: port} }
	return n
}

// nearInbox keeps who was said to be there last.
type nearInbox struct {
	mu    sync.Mutex
	peers []NearbyPeer // guarded by mu
	asked int          // for a card, or told one; guarded by mu
}

func (b *nearInbox) NearbyChanged(_, _ int, peers []NearbyPeer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.peers = peers
}

func (b *nearInbox) NearbyAgreed(string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
}

func (b *nearInbox) NearbyCard(string, string) { b.NearbyAgreed("") }

func (b *nearInbox) there() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.peers)
}

// showQuiet shows a network nearby that dials nobody by itself, and returns where it is
// and a function that ends it and returns with what.
func showQuiet(t *testing.T, n *Network, in NearbyInbound) (sighting, func() error) {
	t.Helper()
	b := make(quietBeacon, 1)
	n.nearBeacon = func() beacon { return b }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.RunNearby(ctx, in) }()
	stop := sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { stop() })
	return sighting{announcement: <-b, from: []netip.Addr{loopbackIP}}, stop
}

// newNearCaller returns a host under the test's control with a lower peer ID, or a greater one.
func newNearCaller(t *testing.T, to sighting, lower bool) *caller {
	t.Helper()
	for {
		if c := newCaller(t, TCP); (c.ID < to.id) == lower {
			return c
		}
	}
}

// speak opens a stream of a protocol and writes to it.
func (c *caller) speak(to sighting, p protocol.ID, what []byte) (network.Stream, io.Reader) {
	c.t.Helper()
	s := c.open(to)
	rw := multistream.NewMSSelect(s, p)
	rw.Write(what) // what is refused shows at reading
	return s, rw
}

// TestNearbyStrangers: whoever says what is not to be said is sent away, and nothing but
// the one protocol is answered to.
func TestNearbyStrangers(t *testing.T) {
	in := &nearInbox{}
	n := newNearby(t, 0, Both)
	at, _ := showQuiet(t, n, in)
	name, pick := []byte{0, 3, 1, 17, 27}, []byte{0, 2, 2, 1}
	card := append([]byte{0, 5, 3}, "CARD"...)
	for what, c := range map[string]struct {
		lower bool
		p     protocol.ID
		said  []byte
	}{
		"a greater peer ID that dials": {false, nearProtocol, name},
		"noise":                        {true, nearProtocol, bytes.Repeat([]byte{0xa7}, 5000)},
		"a pick before the name":       {true, nearProtocol, pick},
		"too many frames":              {true, nearProtocol, bytes.Repeat(name, 100)},
		"good-bye":                     {true, nearProtocol, append(bytes.Clone(name), 0, 1, 4)},
		"a link":                       {true, protocolID, name},
		"identify":                     {true, "/ipfs/id/1.0.0", nil},
	} {
		s, r := newNearCaller(t, at, c.lower).speak(at, c.p, c.said)
		began := time.Now()
		s.SetDeadline(began.Add(wait))
		io.Copy(io.Discard, r)
		if took := time.Since(began); took >= wait/2 {
			t.Errorf("%s: the stream stays for %v", what, took)
		}
	}
	// One who behaves is there, once, and what they pick and say moves nothing.
	c := newNearCaller(t, at, true)
	c.speak(at, nearProtocol, append(append(bytes.Clone(name), pick...), card...))
	poll(t, "is there", wait, func() bool { return in.there() == 1 })
	_, r := c.speak(at, nearProtocol, name)
	if b, err := io.ReadAll(r); err == nil && len(b) > 0 {
		t.Errorf("a second stream is answered: %x", b)
	}
	if in.there() != 1 || in.asked > 0 {
		t.Errorf("%d are there, %d times asked for a card or told one", in.there(), in.asked)
	}
	c.Close()
	poll(t, "is gone", wait, func() bool { return in.there() == 0 })
}

// TestNearbyShut: what must not be met on the local network is not shown nearby.
func TestNearbyShut(t *testing.T) {
	for what, shut := range map[string]func(*Network){
		"switched off": func(n *Network) { n.SetOpen(false) },
		"hidden":       func(n *Network) { n.SetInternet(identity.Internet{Open: true, Hide: true}) },
		"proxy":        func(n *Network) { n.SetInternet(identity.Internet{Open: true, Proxy: "127.0.0.1:9050"}) },
	} {
		n := newNearby(t, 0, Both)
		_, stop := showQuiet(t, n, &nearInbox{})
		poll(t, "shown", wait, func() bool { return len(n.Connections()) == 3 })
		shut(n)
		poll(t, what, wait, func() bool { return len(n.Connections()) == 0 })
		if err := stop(); !errors.Is(err, ErrShut) {
			t.Errorf("%s: %v", what, err)
		}
		n.nearBeacon = func() beacon {
			t.Errorf("%s: opened", what)
			return make(quietBeacon, 1)
		}
		if err := n.RunNearby(t.Context(), &nearInbox{}); !errors.Is(err, ErrShut) {
			t.Errorf("%s: begun anew: %v", what, err)
		}
	}
}
