package transport

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/transport/swarm"
)

// station is one life of a peer key: a host, its beacon and the links it has.
type station struct {
	host      *swarm.Host
	beacon    beacon
	parties   *parties
	admission *admission[network.Conn]
	in        Inbound
	log       *slog.Logger
	since     time.Time
	ctx       context.Context // ends with run; for handlers that libp2p calls
	events    chan func(*plan, time.Time)

	mu      sync.Mutex
	closed  bool           // guarded by mu
	serving sync.WaitGroup // handlers and dials; no Add once closed
}

func newStation(listen []ma.Multiaddr, only Protocol, b beacon, p *parties, in Inbound, log *slog.Logger) (*station, error) {
	limits, err := newResources()
	if err != nil {
		return nil, err
	}
	h, err := swarm.Open(swarm.Options{Listen: listen, Protocol: only, Limits: limits, DialTime: dialTime, HandshakeTime: helloTime})
	if err != nil {
		return nil, err
	}
	return &station{
		host: h, beacon: b, parties: p, in: in, log: log, since: time.Now(),
		admission: newAdmission[network.Conn](),
		events:    make(chan func(*plan, time.Time), maxBatch),
	}, nil
}

// run serves until ctx ends. When it returns, all links of the station have been
// reported lost and nothing it started is left.
func (s *station) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	s.ctx = ctx
	s.host.Swarm.Notify(&network.NotifyBundle{ConnectedF: s.connected, DisconnectedF: s.disconnected})
	s.host.Swarm.SetStreamHandler(s.accepted)
	s.spawn(func() { s.announce(ctx) })
	s.spawn(func() { s.sweep(ctx) })
	s.schedule(ctx)

	cancel()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.host.Close()
	s.serving.Wait()
}

// spawn runs f on a goroutine that run waits for. It reports false when it is too late.
func (s *station) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.serving.Go(f)
	return true
}

// post has the plan's owner run f.
func (s *station) post(f func(*plan, time.Time)) {
	select {
	case s.events <- f:
	case <-s.ctx.Done():
	}
}

// schedule owns the plan: it dials what is due.
func (s *station) schedule(ctx context.Context) {
	p := newPlan(s.host.ID, time.Now())
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		targets, wake := p.next(time.Now())
		for _, t := range targets {
			s.spawn(func() { s.dial(ctx, t) })
		}
		timer.Reset(time.Hour)
		if !wake.IsZero() {
			timer.Reset(time.Until(wake))
		}
		select {
		case f := <-s.events:
			f(p, time.Now())
		case <-s.parties.again:
			p.again(time.Now())
		case <-timer.C:
		case <-ctx.Done():
			return
		}
	}
}

// announce runs the beacon, again when it fails: until then, this host can still be
// dialled and links live on.
func (s *station) announce(ctx context.Context) {
	quicPort, tcpPort := s.host.Ports()
	own := announcement{id: s.host.ID, quic: quicPort, tcp: tcpPort}
	for ctx.Err() == nil {
		err := s.beacon.run(ctx, own, func(seen sighting) {
			s.post(func(p *plan, now time.Time) { p.see(now, seen) })
		})
		if err != nil && ctx.Err() == nil {
			s.log.Warn("no beacon", "err", err)
			pause(ctx, pollTime)
		}
	}
}

// sweep closes the connections that prove nothing in time.
func (s *station) sweep(ctx context.Context) {
	tick := time.NewTicker(helloTime / 5)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			for _, c := range s.admission.overdue(now) {
				c.Close()
			}
		case <-ctx.Done():
			return
		}
	}
}

func (s *station) connected(_ network.Network, c network.Conn) {
	if c.Stat().Direction != network.DirInbound {
		return
	}
	if !s.admission.accept(c, remoteIP(c), time.Now()) {
		s.spawn(func() { c.Close() })
	}
}

func (s *station) disconnected(_ network.Network, c network.Conn) {
	s.admission.forget(c)
}

func remoteIP(c network.Conn) netip.Addr { return swarm.IPOf(c.RemoteMultiaddr()) }

// serve carries a proven link, which endHello has counted, to its end.
func (s *station) serve(l *link, c network.Conn) {
	id, ip := c.RemotePeer(), remoteIP(c)
	s.post(func(p *plan, now time.Time) { p.prove(now, id, ip, l.handle) })
	s.parties.serve(s.in, l)
	_, elsewhere := s.parties.link(l.handle) // the party has restarted, and is here already
	s.post(func(p *plan, now time.Time) { p.lose(now, id, !elsewhere) })
	if s.admission.endLink(c) {
		c.Close()
	}
}

// dial makes a hello to one host and serves the link that comes of it.
func (s *station) dial(ctx context.Context, t target) {
	l, conn, err := s.hello(ctx, t)
	result := linked
	switch {
	case err != nil:
		result = failed
	case l == nil:
		result = refused
	}
	id := t.id
	s.post(func(p *plan, now time.Time) { p.done(now, id, result) })
	if l != nil {
		s.serve(l, conn)
	}
}

// accepted is libp2p's call for each stream that the other side opens.
func (s *station) accepted(stream network.Stream) {
	c := stream.Conn()
	if !s.admission.beginHello(c) {
		stream.Reset()
		if s.admission.isStranger(c) {
			s.spawn(func() { c.Close() })
		}
		return
	}
	if !s.spawn(func() { s.answer(stream) }) {
		stream.Reset()
	}
}

// fail ends a hello without a link.
func (s *station) fail(c network.Conn, stream network.Stream, ours bool) {
	if stream != nil {
		stream.Reset()
	}
	if s.admission.endHello(c, ours, false) {
		c.Close()
	}
}

// hostName is the name under which a hello knows a peer: the bytes of its peer ID.
func hostName(id peer.ID) []byte { return []byte(id) }
