package transport

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	pbv2 "github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/pb"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// errReserving is how a keeper stands until its first attempt has ended.
var errReserving = fmt.Errorf("%w: not yet", identity.ErrNodeUnreachable)

// keeper keeps a circuit reserved at one own node, and notices when that node dies.
type keeper struct {
	home   identity.Home
	id     peer.ID
	cancel context.CancelFunc

	mu   sync.Mutex
	fate error // nil: reserved; guarded by mu
}

// keeps reports whether h is the very account that the keeper is for.
func (k *keeper) keeps(h identity.Home) bool {
	return k.home.Node == h.Node && subtle.ConstantTimeCompare(k.home.Account[:], h.Account[:]) == 1
}

func (k *keeper) setFate(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fate = err
}

// standing returns nil while a circuit is reserved, and what is in the way otherwise.
func (k *keeper) standing() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.fate
}

// setHomes replaces the own nodes: a keeper begins for each new one, and those of nodes
// that are none any more end. Nodes that shun names learn no address of this computer,
// unless they are own ones.
func (s *relayStation) setHomes(homes []identity.Home, shun [][32]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.homes, s.shun = homes, shun
	left := make(map[[32]byte]*keeper)
	for _, h := range homes {
		if k := s.keepers[h.Node.Node]; k != nil && k.keeps(h) {
			left[h.Node.Node] = k
			delete(s.keepers, h.Node.Node)
			continue
		}
		id, err := swarm.NodeID(h.Node)
		if err != nil {
			continue
		}
		ctx, cancel := context.WithCancel(s.ctx)
		k := &keeper{home: h, id: id, cancel: cancel, fate: errReserving}
		left[h.Node.Node] = k
		s.spawn(func() { s.keep(ctx, k) })
	}
	for _, k := range s.keepers {
		k.cancel()
	}
	s.keepers = left
}

// isHome reports whether a peer is an own node.
func (s *relayStation) isHome(id peer.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keepers {
		if k.id == id {
			return true
		}
	}
	return false
}

// isDead reports whether a peer is an own node that cannot be reached, as far as is known.
func (s *relayStation) isDead(id peer.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keepers {
		if fate := k.standing(); k.id == id {
			return fate != nil && fate != errReserving
		}
	}
	return false
}

// shuns reports whether a node may not learn an address of this computer.
func (s *relayStation) shuns(node [32]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.shun, node)
}

// reserved returns the own nodes at which a circuit is reserved, the preferred one first.
func (s *relayStation) reserved() (homes []identity.Home) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.homes {
		if k := s.keepers[h.Node.Node]; k != nil && k.standing() == nil {
			homes = append(homes, h)
		}
	}
	return homes
}

// keep reserves, again when that is lost, until ctx ends.
func (s *relayStation) keep(ctx context.Context, k *keeper) {
	for tries := 0; ctx.Err() == nil; tries++ {
		since := time.Now()
		err := s.hold(ctx, k)
		was := k.standing()
		k.setFate(err)
		if was == nil {
			poke(s.stale)
			if time.Since(since) >= steadyTime {
				tries = 0
			}
		}
		pause(ctx, backoff(tries))
	}
}

// hold reserves a circuit and returns why that ended.
func (s *relayStation) hold(ctx context.Context, k *keeper) error {
	c, err := s.relay(ctx, k.home.Node, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	p, err := newPulse(ctx, c, relayTime)
	if err != nil {
		return err
	}
	defer p.stream.Reset()
	for {
		until, err := s.reserve(ctx, k.id)
		if err != nil {
			return err
		}
		if k.standing() != nil {
			k.setFate(nil)
			poke(s.stale)
		}
		if err := s.listenTo(ctx, p, k.id, renewal(time.Now(), until)); err != nil {
			return err
		}
	}
}

// renewal is when to reserve again what is reserved until then, which a relay may say as it
// pleases.
func renewal(now, until time.Time) time.Time {
	at, soonest := until.Add(-reserveTime), now.Add(reservePause)
	if at.Before(soonest) {
		return soonest
	}
	return at
}

// listenTo hears a relay's beats until then.
func (s *relayStation) listenTo(ctx context.Context, p *pulse, id peer.ID, until time.Time) error {
	tick := time.NewTicker(beatTime)
	defer tick.Stop()
	for {
		at, err := p.beat(beatSilence)
		if err != nil {
			return fmt.Errorf("%w: no beat", identity.ErrNodeUnreachable)
		}
		s.sawUs(id, at)
		if !time.Now().Before(until) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reserve reserves a circuit for about an hour.
func (s *relayStation) reserve(ctx context.Context, id peer.ID) (until time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, relayTime)
	defer cancel()
	r, err := client.Reserve(ctx, s.bare, peer.AddrInfo{ID: id})
	var refused client.ReservationError
	switch {
	case errors.As(err, &refused) && refused.Status != pbv2.Status_CONNECTION_FAILED:
		return until, fmt.Errorf("%w: no circuit", identity.ErrNodeRefused)
	case err != nil:
		return until, fmt.Errorf("%w: no circuit", identity.ErrNodeUnreachable)
	}
	return r.Expiration, nil
}

// relay returns a connection to a relay that answers, or makes one, to an address that
// allowed lets through; nil: to any.
func (s *relayStation) relay(ctx context.Context, at identity.Hint, allowed func(netip.Addr) bool) (network.Conn, error) {
	id, err := swarm.NodeID(at)
	if err != nil {
		return nil, fmt.Errorf("%w: no key", identity.ErrNodeFalse)
	}
	ctx, cancel := context.WithTimeout(ctx, relayTime)
	defer cancel()
	patience := relayTime / 2
	if len(s.host.Swarm.ConnsToPeer(id)) > 0 {
		patience = probeTime // it may be dead: then it is closed, and the next one is new
	}
	c, err := s.host.DialNodeAt(ctx, at, allowed)
	if err != nil {
		return nil, fmt.Errorf("%w: no connection", identity.ErrNodeUnreachable)
	}
	p, err := newPulse(ctx, c, patience)
	if err != nil {
		c.Close()
		return nil, err
	}
	defer p.stream.Reset()
	us, err := p.beat(patience)
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("%w: no beat", identity.ErrNodeUnreachable)
	}
	s.sawUs(id, us)
	return c, nil
}

// sawUs notes the own address as a relay saw it.
func (s *relayStation) sawUs(id peer.ID, addr string) {
	a, err := ma.NewMultiaddr(addr)
	if err != nil || !swarm.IPOf(a).IsValid() {
		return // a name, say: no address is made of that
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[id] = a
}

// pulse is a stream on which a node answers one question for as long as it lives: where
// it sees this side.
type pulse struct{ stream network.Stream }

func newPulse(ctx context.Context, c network.Conn, patience time.Duration) (*pulse, error) {
	stream, err := c.NewStream(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: no stream", identity.ErrNodeUnreachable)
	}
	err = errors.Join(stream.SetDeadline(time.Now().Add(patience)), stream.SetProtocol(mailbox.ProtocolID),
		multistream.SelectProtoOrFail(mailbox.ProtocolID, io.ReadWriteCloser(stream)))
	if err != nil {
		stream.Reset()
		return nil, fmt.Errorf("%w: no node", identity.ErrNodeFalse)
	}
	return &pulse{stream}, nil
}

// beat asks once.
func (p *pulse) beat(within time.Duration) (string, error) {
	if err := p.stream.SetDeadline(time.Now().Add(within)); err != nil {
		return "", err
	}
	if _, err := p.stream.Write([]byte{mailbox.OpenWhence}); err != nil {
		return "", err
	}
	return mailbox.ReadWhence(p.stream)
}
