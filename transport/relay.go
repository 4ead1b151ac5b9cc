package transport

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/swarm"
)

// relayStation is one life of a peer key on the internet: circuits reserved at the own
// nodes, presence that leads there, and the parties that are met over relays or, once the
// addresses are told, straight.
type relayStation struct {
	*greeter
	bare      host.Host
	presences Presences
	options   relayOptions
	cancel    context.CancelFunc // ends the station
	events    chan func(*seeker, time.Time)
	stale     chan struct{} // holds one token when presence is to be published again

	mu       sync.Mutex
	keepers  map[[32]byte]*keeper            // of the own nodes; guarded by mu
	seen     map[peer.ID]ma.Multiaddr        // the own address as a relay saw it; guarded by mu
	punched  map[identity.Handle][]time.Time // when a party had this side dial; guarded by mu
	punching map[peer.ID]int                 // dials under way to meet somebody straight; guarded by mu
	homes    []identity.Home                 // guarded by mu
	shun     [][32]byte                      // nodes that may learn no address; guarded by mu
}

// relayOptions are what a station lives by until its end.
type relayOptions struct {
	listen   []ma.Multiaddr
	protocol Protocol
	hide     bool // no party may learn an address
	proxy    string
	allowed  func(netip.Addr) bool // where others may have this side dial
}

// secluded reports whether no address may be told or listened on.
func (o relayOptions) secluded() bool { return o.hide || o.proxy != "" }

// newRelayStation opens the host of a station that ends with ctx.
func newRelayStation(ctx context.Context, o relayOptions, ps Presences, p *parties, in Inbound, log *slog.Logger) (*relayStation, error) {
	limits, err := newRelayResources()
	if err != nil {
		return nil, err
	}
	if o.secluded() {
		o.listen = nil
	}
	h, err := swarm.Open(swarm.Options{
		Listen: o.listen, Protocol: o.protocol, Proxy: o.proxy, Limits: limits, Reuse: true,
		DialTime: relayTime, HandshakeTime: helloTime,
	})
	if err != nil {
		return nil, err
	}
	s := &relayStation{
		greeter: newGreeter(h, p, in, log), presences: ps, options: o,
		events:   make(chan func(*seeker, time.Time), maxBatch),
		stale:    make(chan struct{}, 1),
		keepers:  make(map[[32]byte]*keeper),
		seen:     make(map[peer.ID]ma.Multiaddr),
		punching: make(map[peer.ID]int),
		punched:  make(map[identity.Handle][]time.Time),
	}
	if s.bare, err = h.Bare(); err == nil {
		err = h.Circuits(s.bare)
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	s.began, s.parted = s.beginLink, func(*link) {}
	s.ctx, s.cancel = context.WithTimeout(ctx, keyLife)
	h.Swarm.Notify(&network.NotifyBundle{ConnectedF: s.connected, DisconnectedF: s.disconnected})
	h.Swarm.SetStreamHandler(s.accepted)
	return s, nil
}

// run serves until the station ends. When it returns, all links of the station have been
// reported lost and nothing it started is left.
func (s *relayStation) run() {
	s.spawn(func() { s.sweep(s.ctx) })
	s.spawn(func() { s.dropIdle(s.ctx) })
	s.spawn(func() { s.publish(s.ctx) })
	s.schedule(s.ctx)

	s.cancel()
	s.close()
}

// connected counts strangers. Those whom this side dialled to meet them straight count as
// well: they have yet to prove themselves.
func (s *relayStation) connected(n network.Network, c network.Conn) {
	if c.Stat().Direction == network.DirOutbound && !s.isPunched(c.RemotePeer()) {
		return
	}
	if !s.admission.accept(c, remoteIP(c), time.Now()) {
		s.spawn(func() { c.Close() })
	}
}

func (s *relayStation) disconnected(n network.Network, c network.Conn) {
	s.admission.forget(c)
	if len(n.ConnsToPeer(c.RemotePeer())) > 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.seen, c.RemotePeer())
}

// leadsToNode reports whether a connection leads to a node: this side dialled it, not
// over a relay, and it has nothing to prove.
func (s *relayStation) leadsToNode(c network.Conn) bool {
	return c.Stat().Direction == network.DirOutbound && !relayed(c) && !s.admission.counts(c)
}

// dropIdle closes the connections to nodes of others that no circuit runs over any more.
func (s *relayStation) dropIdle(ctx context.Context) {
	idle := make(map[network.Conn]bool)
	tick := time.NewTicker(idleTime)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		was := idle
		idle = make(map[network.Conn]bool)
		for _, c := range s.host.Swarm.Conns() {
			switch {
			case !s.leadsToNode(c) || len(c.GetStreams()) > 0 || s.isHome(c.RemotePeer()):
			case was[c]:
				c.Close()
			default:
				idle[c] = true
			}
		}
	}
}

// accepted hands circuits that come in from an own relay to libp2p, and takes all other
// streams for hellos.
func (s *relayStation) accepted(stream network.Stream) {
	c := stream.Conn()
	if relayed(c) || c.Stat().Direction == network.DirInbound || !s.isHome(c.RemotePeer()) {
		s.greeter.accepted(stream)
		return
	}
	if err := stream.SetDeadline(time.Now().Add(relayTime)); err != nil {
		stream.Reset()
		return
	}
	id, handle, err := s.bare.Mux().Negotiate(stream)
	if err != nil {
		stream.Reset()
		return
	}
	stream.SetDeadline(time.Time{})
	handle(id, stream)
}

func (s *relayStation) isPunched(id peer.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.punching[id] > 0
}

// post has the seeker's owner run f.
func (s *relayStation) post(f func(*seeker, time.Time)) {
	select {
	case s.events <- f:
	case <-s.ctx.Done():
	}
}

// schedule owns the seeker: it makes the searches that are due.
func (s *relayStation) schedule(ctx context.Context) {
	k := newSeeker(time.Now())
	k.update(time.Now(), s.parties.standing())
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		errands, wake := k.next(time.Now())
		for _, e := range errands {
			s.spawn(func() { s.search(ctx, e) })
		}
		timer.Reset(time.Hour)
		if !wake.IsZero() {
			timer.Reset(time.Until(wake))
		}
		select {
		case f := <-s.events:
			f(k, time.Now())
		case <-s.parties.moved:
			k.update(time.Now(), s.parties.standing())
			poke(s.stale)
		case <-timer.C:
		case <-ctx.Done():
			return
		}
	}
}

// seek looks for a party at once.
func (s *relayStation) seek(h identity.Handle) {
	s.spawn(func() { s.post(func(k *seeker, now time.Time) { k.seek(now, h) }) })
}

// beginLink prepares a link that is about to be served.
func (s *relayStation) beginLink(l *link, c network.Conn) {
	l.path = pathDirect
	if relayed(c) {
		l.path = pathRelay
		if !s.options.secluded() {
			s.spawn(func() { s.punch(l) })
		}
	}
}
