package transport

import (
	"context"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"tacit/identity"
	"tacit/transport/swarm"
)

// punch tries to replace a relayed link by a straight one, until the link ends: it does as
// soon as there is a better one. What keeps it from trying may change: the party is a new
// contact, and its keys are on the way, or it may learn an address from now on.
func (s *relayStation) punch(l *link) {
	p := newPuncher(s.host.ID < l.far, time.Now())
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		var heard *offer
		select {
		case heard = <-l.offers:
		case <-timer.C:
		case <-l.ended:
			return
		case <-s.ctx.Done():
			return
		}
		party, ok := s.mayTell(l.handle)
		if ok && heard != nil {
			s.step(l, p.hear(time.Now(), heard))
		}
		wait := s.turnIn(l)
		if !ok || len(party.Dial) == 0 {
			wait = max(wait, punchTime)
		}
		if wait > 0 && p.resting() {
			timer.Reset(wait)
			continue
		}
		do, wake := p.next(time.Now(), s.reachable())
		s.step(l, do)
		timer.Reset(time.Hour)
		if !wake.IsZero() {
			timer.Reset(time.Until(wake))
		}
	}
}

// turnIn returns 0 if a link is the one that the party is sent on, and when to ask again
// otherwise: of two relayed links that both sides dialled, one is punched for.
func (s *relayStation) turnIn(l *link) time.Duration {
	switch now, ok := s.parties.link(l.handle); {
	case !ok: // about to be
		return turnTime
	case now != l:
		return punchTime
	}
	return 0
}

// mayTell returns the party of a link if it may learn an address of this computer.
func (s *relayStation) mayTell(h identity.Handle) (identity.Party, bool) {
	party, ok := s.parties.party(h)
	return party, ok && !party.Hide && !s.options.secluded()
}

// step does what a puncher said.
func (s *relayStation) step(l *link, do punchStep) {
	if do.send != nil {
		o := offer{step: *do.send}
		if o.step == offerAsk || o.step == offerAnswer {
			o.addrs = s.ownAddrs()
		}
		l.offer(o)
	}
	if do.dial == nil {
		return
	}
	// It may have been hidden from the party since the addresses were told.
	if _, ok := s.mayTell(l.handle); ok && s.spend(l.handle, time.Now()) {
		addrs := straight(do.dial.addrs, s.options.allowed)
		s.spawn(func() { s.dialStraight(l, addrs, !do.opens) })
	}
}

// spend reports whether a party may have this side dial once more.
func (s *relayStation) spend(h identity.Handle, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var recent []time.Time
	for _, t := range s.punched[h] {
		if now.Sub(t) < punchSpan {
			recent = append(recent, t)
		}
	}
	ok := len(recent) < punchBudget
	if ok {
		recent = append(recent, now)
	}
	s.punched[h] = recent
	return ok
}

// dialStraight dials, at the same moment as the other side, and makes a hello if this side
// is the client of what opens; the other side makes it if not.
func (s *relayStation) dialStraight(l *link, addrs []ma.Multiaddr, client bool) {
	if len(addrs) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, punchTime)
	defer cancel()
	c, err := s.dialBoth(ctx, l.far, addrs, client)
	if err != nil || !client {
		return // as the server it takes the hello like any other
	}
	party, ok := s.mayTell(l.handle)
	if !ok {
		c.Close()
		return
	}
	hello, cancelHello := context.WithTimeout(s.ctx, helloTime)
	defer cancelHello()
	if l, c, err := s.prove(hello, party, c); err == nil {
		s.serve(l, c)
	}
}

// dialBoth is one side of a simultaneous dial: the client's handshake meets what the
// server opens its NAT with.
func (s *relayStation) dialBoth(ctx context.Context, far peer.ID, addrs []ma.Multiaddr, client bool) (network.Conn, error) {
	s.mu.Lock()
	s.punching[far]++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.punching[far]--; s.punching[far] == 0 {
			delete(s.punching, far)
		}
	}()
	book := s.host.Swarm.Peerstore()
	book.ClearAddrs(far)
	book.AddAddrs(far, addrs, peerstore.TempAddrTTL)
	ctx = network.WithSimultaneousConnect(ctx, client, "punch")
	ctx = network.WithForceDirectDial(ctx, "punch")
	return s.host.Swarm.DialPeer(ctx, far)
}

// ownAddrs returns where this side may be reached: as relays see it, with the port of the
// other protocol as a NAT has it that keeps ports, and where it listens on the internet.
func (s *relayStation) ownAddrs() []ma.Multiaddr {
	quicPort, tcpPort := s.host.Ports()
	var addrs, guessed []ma.Multiaddr
	s.mu.Lock()
	for _, a := range s.seen {
		addrs = append(addrs, a)
		ip := swarm.IPOf(a)
		if swarm.PortOf(a, ma.P_UDP) == 0 && quicPort != 0 {
			guessed = append(guessed, swarm.QUICAddr(ip, quicPort))
		}
		if swarm.PortOf(a, ma.P_TCP) == 0 && tcpPort != 0 {
			guessed = append(guessed, swarm.TCPAddr(ip, tcpPort))
		}
	}
	s.mu.Unlock()
	listening, err := s.host.Swarm.InterfaceListenAddresses()
	if err == nil {
		addrs = append(addrs, listening...)
	}
	return straight(append(addrs, guessed...), s.options.allowed)
}

// reachable reports whether an address of this computer's own is one of the internet.
func (s *relayStation) reachable() bool {
	listening, err := s.host.Swarm.InterfaceListenAddresses()
	return err == nil && len(ma.FilterAddrs(listening, manet.IsPublicAddr)) > 0
}
