package transport

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

var (
	errNobody   = errors.New("transport: nobody there")
	errOwnNodes = errors.New("transport: would tell an address")
)

// search looks for a party where it was before, and where its presence says that it is
// now, and serves the link that comes of it.
func (s *relayStation) search(ctx context.Context, e errand) {
	look, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	found := e.found
	l, c := s.meetAny(look, e.party, found)
	if l == nil && !s.linked(e.party.Handle) {
		var fresh []presence
		fresh, found = s.look(look, e.party, found)
		l, c = s.meetAny(look, e.party, fresh)
	}
	s.post(func(k *seeker, now time.Time) { k.done(now, e.party.Handle, found) })
	if l != nil {
		s.serve(l, c)
	}
}

func (s *relayStation) linked(h identity.Handle) bool {
	_, ok := s.parties.link(h)
	return ok
}

// look reads presence under the keys of a party. It returns those that it did not know,
// and all that hold now.
func (s *relayStation) look(ctx context.Context, party identity.Party, known []presence) (fresh, all []presence) {
	if s.presences == nil {
		return nil, nil
	}
	for _, k := range party.Dial {
		content, err := s.presences.Look(ctx, party.Node, mailbox.PresenceID(k), party.Hide)
		if err != nil {
			continue
		}
		p, err := mailbox.OpenPresence(k, content, time.Now())
		if err != nil {
			continue
		}
		now := presence{p, k}
		all = append(all, now)
		if !slices.ContainsFunc(known, now.same) {
			fresh = append(fresh, now)
		}
	}
	if all == nil {
		all = known // it may be that the node alone is away
	}
	return fresh, all
}

// same reports whether two presences lead to the same place.
func (p presence) same(o presence) bool {
	return subtle.ConstantTimeCompare(p.key[:], o.key[:]) == 1 && p.Peer == o.Peer && slices.Equal(p.Relays, o.Relays)
}

// meetAny tries all that is known until there is a link.
func (s *relayStation) meetAny(ctx context.Context, party identity.Party, ps []presence) (*link, network.Conn) {
	for _, p := range ps {
		for _, at := range s.bestFirst(p.Relays) {
			if ctx.Err() != nil || s.linked(party.Handle) {
				return nil, nil
			}
			if l, c, err := s.meet(ctx, party, p, at); err == nil {
				return l, c
			}
		}
	}
	return nil, nil
}

// bestFirst returns the relays to try, those first that this side is connected with.
func (s *relayStation) bestFirst(relays []identity.Hint) []identity.Hint {
	out := slices.Clone(relays[:min(len(relays), maxRelays)])
	connected := func(h identity.Hint) bool {
		id, err := swarm.NodeID(h)
		return err == nil && len(s.host.Swarm.ConnsToPeer(id)) > 0
	}
	slices.SortStableFunc(out, func(a, b identity.Hint) int {
		switch ca, cb := connected(a), connected(b); {
		case ca == cb:
			return 0
		case ca:
			return -1
		}
		return 1
	})
	return out
}

// meet dials a circuit through one relay, and shows the keys of the party to whoever is
// there. Where this side's address is to be hidden, that goes through own nodes alone: any
// other may be the very computer of the party.
func (s *relayStation) meet(ctx context.Context, party identity.Party, p presence, at identity.Hint) (*link, network.Conn, error) {
	far, err := peerOf(p.Peer)
	if err != nil {
		return nil, nil, err
	}
	relay, err := swarm.NodeID(at)
	if err != nil || far == s.host.ID || far == relay || s.isDead(relay) {
		return nil, nil, errNobody
	}
	allowed := s.options.allowed
	if s.isHome(relay) {
		allowed = nil
	} else if (s.options.hide || party.Hide || s.shuns(at.Node)) && s.options.proxy == "" {
		return nil, nil, errOwnNodes
	}
	if _, err := s.relay(ctx, at, allowed); err != nil {
		return nil, nil, err
	}
	return s.hello(ctx, party, far, []ma.Multiaddr{swarm.CircuitAddr(relay)})
}

// hello shows the keys of one party to a peer, over the connection to it or a new one.
func (s *relayStation) hello(ctx context.Context, party identity.Party, far peer.ID, addrs []ma.Multiaddr) (*link, network.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, relayTime+helloTime)
	defer cancel()
	c, err := s.host.Dial(ctx, far, addrs)
	if err != nil {
		return nil, nil, fmt.Errorf("dial: %w", err)
	}
	if s.leadsToNode(c) {
		return nil, nil, errNobody // who says that it is a node lies
	}
	return s.prove(ctx, party, c)
}

// prove shows the keys of one party on a connection.
func (s *relayStation) prove(ctx context.Context, party identity.Party, c network.Conn) (*link, network.Conn, error) {
	s.admission.beginOwnHello(c)
	stream, err := c.NewStream(network.WithAllowLimitedConn(ctx, "hello"))
	if err != nil {
		s.fail(c, nil, true)
		return nil, nil, fmt.Errorf("stream: %w", err)
	}
	i, proven, err := s.show(stream, party.Dial)
	if err != nil || !proven {
		s.fail(c, stream, true)
		return nil, nil, errNobody
	}
	s.admission.endHello(c, true, true)
	return s.newLink(party.Handle, party.Dial[i], stream, true), c, nil
}

// keyOf and peerOf turn a peer ID into its Ed25519 key and back.
func keyOf(id peer.ID) (key [32]byte, err error) {
	k, err := id.ExtractPublicKey()
	if err != nil {
		return key, fmt.Errorf("peer key: %w", err)
	}
	raw, err := k.Raw()
	if err != nil {
		return key, fmt.Errorf("peer key: %w", err)
	}
	return [32]byte(raw), nil
}

func peerOf(key [32]byte) (peer.ID, error) {
	k, err := crypto.UnmarshalEd25519PublicKey(key[:])
	if err != nil {
		return "", fmt.Errorf("peer key: %w", err)
	}
	return peer.IDFromPublicKey(k)
}

// loopbackOnly lets the addresses of this computer through.
func loopbackOnly(ip netip.Addr) bool { return ip.IsLoopback() }
