package transport

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/transport/swarm"
)

// station is one life of a peer key on the local network: a greeter, its beacon and whom it dials.
type station struct {
	*greeter
	beacon beacon
	events chan func(*plan, time.Time)
}

// newStation opens the host of a station.
func newStation(listen []ma.Multiaddr, only Protocol, b beacon, p *parties, in Inbound, log *slog.Logger) (*station, error) {
	limits, err := newResources()
	if err != nil {
		return nil, err
	}
	h, err := swarm.Open(swarm.Options{Listen: listen, Protocol: only, Limits: limits, DialTime: dialTime, HandshakeTime: helloTime})
	if err != nil {
		return nil, err
	}
	s := &station{greeter: newGreeter(h, p, in, log), beacon: b, events: make(chan func(*plan, time.Time), maxBatch)}
	s.began = func(l *link, c network.Conn) {
		l.path = pathLAN
		s.post(func(p *plan, now time.Time) { p.prove(now, l.far, remoteIP(c), l.handle) })
	}
	s.parted = func(l *link) {
		elsewhere := s.parties.met(l.handle, pathLAN) // the party has restarted, and is here already
		s.post(func(p *plan, now time.Time) { p.lose(now, l.far, !elsewhere) })
	}
	return s, nil
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
	s.close()
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

// hello dials a host and shows it a tag for each party that might be there. It returns
// the proven link, nil if the host proved nothing, or an error if there was no answer.
func (s *station) hello(ctx context.Context, t target) (*link, network.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime+helloTime)
	defer cancel()
	c, err := s.host.Dial(ctx, t.id, t.addrs)
	if err != nil {
		return nil, nil, fmt.Errorf("dial: %w", err)
	}
	s.admission.beginOwnHello(c)
	stream, err := c.NewStream(ctx)
	if err != nil {
		s.fail(c, nil, true)
		return nil, nil, fmt.Errorf("stream: %w", err)
	}
	keys, owners := s.parties.dialKeys(t.id)
	i, proven, err := s.show(stream, keys)
	if err != nil || !proven {
		s.fail(c, stream, true)
		return nil, nil, err
	}
	s.admission.endHello(c, true, true)
	return s.newLink(owners[i], keys[i], stream, true), c, nil
}
