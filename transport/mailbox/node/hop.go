package node

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	blankhost "github.com/libp2p/go-libp2p/p2p/host/blank"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/proto"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/transport/swarm"
)

// answerer is the host that circuit relay is built on: it negotiates protocols, within a
// time, and answers nothing by itself.
type answerer struct {
	*blankhost.BlankHost
	addrs []ma.Multiaddr // what it says of itself
}

func newAnswerer(n network.Network, addrs []ma.Multiaddr) (*answerer, error) {
	b := blankhost.NewBlankHost(n, blankhost.WithEventBus(eventbus.NewBus()))
	if b == nil {
		return nil, fmt.Errorf("host: no signed record")
	}
	a := &answerer{BlankHost: b, addrs: addrs}
	n.SetStreamHandler(a.accept)
	return a, nil
}

// Addrs are the node's as it is known, and not those of the computer's own network.
func (a *answerer) Addrs() []ma.Multiaddr { return a.addrs }

// accept finds the protocol of a stream. Whoever is slow to say it is turned away.
func (a *answerer) accept(s network.Stream) {
	s.SetDeadline(time.Now().Add(negotiateTime))
	id, handle, err := a.Mux().Negotiate(s)
	if err != nil {
		s.Reset()
		return
	}
	s.SetDeadline(time.Time{})
	if s.SetProtocol(id) != nil {
		s.Reset()
		return
	}
	if id == proto.ProtoIDv2Hop {
		s = &paced{Stream: s}
	}
	handle(id, s)
}

// NewStream opens a stream to a peer that is connected. Whoever is slow to answer, is not.
func (a *answerer) NewStream(ctx context.Context, p peer.ID, ids ...protocol.ID) (network.Stream, error) {
	s, err := a.Network().NewStream(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	s.SetDeadline(time.Now().Add(negotiateTime))
	id, err := multistream.SelectOneOf(ids, s)
	if err != nil {
		s.Reset()
		return nil, fmt.Errorf("protocol: %w", err)
	}
	s.SetDeadline(time.Time{})
	if err := s.SetProtocol(id); err != nil {
		s.Reset()
		return nil, fmt.Errorf("protocol: %w", err)
	}
	return &paced{Stream: s}, nil
}

// paced is one end of a circuit, read no faster than circuitRate.
type paced struct {
	network.Stream
	read bucket // of the goroutine that reads
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.Stream.Read(b)
	if wait := p.read.charge(time.Now(), circuitRate, float64(n)); wait > 0 {
		time.Sleep(wait) // milliseconds: the buffer is small
	}
	return n, err
}

// newRelay serves circuits on a host: circuit relay v2, hop only.
func newRelay(h *answerer, guests relay.ACLFilter, m *metrics) (*relay.Relay, error) {
	r, err := relay.New(h,
		relay.WithResources(relay.Resources{
			ReservationTTL:        reservationTime,
			MaxReservations:       maxReservations,
			MaxCircuits:           maxCircuits,
			BufferSize:            circuitBuffer,
			MaxReservationsPerIP:  maxReservationsPerAddr,
			MaxReservationsPerASN: maxReservations, // one provider's customers are many
		}),
		relay.WithReservationAddressFilter(func(ma.Multiaddr) bool { return true }),
		relay.WithACL(guests),
		relay.WithMetricsTracer(m))
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return r, nil
}

// guests remembers the addresses from which accounts logged in or fetched, for as long as a closed
// node lets them reserve circuits. A relay host has another peer key than the
// conversation that logged in, so that the address is all that the two share.
type guests struct {
	open  bool // anybody may
	lobby *lobby

	mu   sync.Mutex
	seen map[netip.Prefix]time.Time // guarded by mu
}

func newGuests(open bool, l *lobby) *guests {
	return &guests{open: open, lobby: l, seen: make(map[netip.Prefix]time.Time)}
}

// welcome notes that the owner of an account is at an address.
func (g *guests) welcome(a netip.Addr, now time.Time) {
	if g.open {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.seen) >= maxGuests {
		g.forget(now)
	}
	if len(g.seen) < maxGuests {
		g.seen[whole(a)] = now
	}
}

// forget drops those that are too long ago. The caller holds mu.
func (g *guests) forget(now time.Time) {
	for a, at := range g.seen {
		if now.Sub(at) > guestTime {
			delete(g.seen, a)
		}
	}
}

// AllowReserve reports whether a host at an address may be reached over this node.
func (g *guests) AllowReserve(p peer.ID, from ma.Multiaddr) bool {
	now := time.Now()
	if !g.open && !g.known(swarm.IPOf(from), now) {
		return false
	}
	g.lobby.reserve(p, now)
	return true
}

func (g *guests) known(a netip.Addr, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.seen[whole(a)]
	return ok && now.Sub(at) <= guestTime
}

// AllowConnect reports true: a circuit leads to nobody who did not reserve it.
func (g *guests) AllowConnect(peer.ID, ma.Multiaddr, peer.ID) bool { return true }
