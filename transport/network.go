package transport

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/swarm"
)

// Listen says where parties are looked for.
type Listen int

const (
	// LAN is every network that this computer is directly part of.
	LAN Listen = iota
	// Loopback is this computer alone: all sockets are bound to 127.0.0.1.
	Loopback
)

// Options of a Network.
type Options struct {
	Listen   Listen
	Protocol Protocol     // to speak one only; by default both, QUIC preferred
	Logger   *slog.Logger // nil: silent. It is told no name, address or key.

	// Presences is where the own presence is written and that of parties is read; nil: no
	// party is found over a relay.
	Presences Presences
}

// Network meets parties on the local network and, while SetInternet has it open, over
// relays and straight. It satisfies the messenger's transport ports.
type Network struct {
	options Options
	log     *slog.Logger
	parties *parties
	beacon  func() beacon // a new one for each peer key
	// nearBeacon is that of those who pair nearby.
	nearBeacon func() beacon
	watch      *watch // nil on loopback, where no address changes
	gate       *gate  // of the local network

	internet *internet

	mu       sync.Mutex
	open     bool          // what SetOpen last said; guarded by mu
	secluded bool          // nothing is met on the local network for the sake of the internet's rules; guarded by mu
	station  *station      // nil while nothing is open on the local network; guarded by mu
	relay    *relayStation // nil while nothing is open beyond; guarded by mu
	near     *nearStation  // nil while this computer is not shown nearby; guarded by mu
}

// New returns a network that does nothing until Run.
func New(o Options) (*Network, error) {
	n := &Network{options: o, log: o.Logger, parties: newParties(), gate: newGate(), open: true,
		internet: &internet{turned: make(chan struct{})}}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	switch o.Listen {
	case LAN:
		n.watch = newWatch(usableInterfaces)
		n.beacon = func() beacon { return mdnsBeacon{service: mdnsService, interfaces: n.watch.interfaces} }
		n.nearBeacon = func() beacon { return mdnsBeacon{service: mdnsNearService, interfaces: usableInterfaces} }
	case Loopback:
		n.beacon = func() beacon { return loopbackBeacon{first: loopbackPort} }
		n.nearBeacon = func() beacon { return loopbackBeacon{first: nearbyPort} }
	default:
		return nil, fmt.Errorf("transport: no such place to listen: %d", o.Listen)
	}
	return n, nil
}

// Run serves until ctx ends and then returns nil, or an error if it cannot begin. Every
// call to in has returned by then, and every link was reported lost. It is called once.
func (n *Network) Run(ctx context.Context, in Inbound) error {
	ctx, cancel := context.WithCancel(ctx)
	var relays sync.WaitGroup
	defer relays.Wait()
	defer cancel()
	relays.Go(func() { n.runRelays(ctx, in) })
	return n.runStations(ctx, in)
}

// runStations has one station after another while the local network is open.
func (n *Network) runStations(ctx context.Context, in Inbound) error {
	begun := false
	for ctx.Err() == nil {
		waited, ok := n.gate.await(ctx, true)
		if !ok {
			return nil
		}
		begun = begun || waited // it began by waiting
		s, err := newStation(n.listenAddrs(), n.options.Protocol, n.beacon(), n.parties, in, n.log)
		switch {
		case err == nil:
			begun = true
			n.live(ctx, s)
		case !begun:
			return err
		default: // out of sockets, perhaps: the caller goes on without a network for a while
			n.log.Warn("cannot listen", "err", err)
			pause(ctx, pollTime)
		}
	}
	return nil
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// live runs a station until its key is old or the network is another one.
func (n *Network) live(ctx context.Context, s *station) {
	ctx, cancel := context.WithTimeout(ctx, keyLife)
	defer cancel()
	n.setStation(s)
	defer n.setStation(nil)
	s.spawn(func() {
		if _, shut := n.gate.await(ctx, false); shut {
			n.log.Info("network switched off")
		}
		cancel()
	})
	if n.watch != nil {
		s.spawn(func() {
			if n.watch.changed(ctx) {
				n.log.Info("network changed")
			}
			cancel()
		})
	}
	s.run(ctx)
}

func (n *Network) setStation(s *station) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.station = s
}

func (n *Network) listenAddrs() []ma.Multiaddr {
	if n.options.Listen == Loopback {
		return []ma.Multiaddr{swarm.QUICAddr(loopbackIP, 0), swarm.TCPAddr(loopbackIP, 0)}
	}
	anywhere := netip.IPv4Unspecified()
	return []ma.Multiaddr{swarm.QUICAddr(anywhere, 0), swarm.TCPAddr(anywhere, 0)}
}

// SetParties replaces the parties to be met, the latest used first. It may be called at
// any time, from Inbound as well.
func (n *Network) SetParties(list []identity.Party) { n.parties.set(list) }

// Send queues cells for a party's link, in order, and blocks while the queue is full. It
// returns ErrNoLink, ErrCellSize or the context's error; nil says nothing about arrival.
func (n *Network) Send(ctx context.Context, h identity.Handle, cells ...[]byte) error {
	l, ok := n.parties.link(h)
	if !ok {
		return ErrNoLink
	}
	return l.send(ctx, cells)
}

// SendFile queues cells of files, 65536 bytes each, for the lane of a party's link, in
// order, and blocks while 1 MiB waits. Errors and promises are those of Send. Cells whose
// lane breaks are lost together with the link.
func (n *Network) SendFile(ctx context.Context, h identity.Handle, cells ...[]byte) error {
	l, ok := n.parties.link(h)
	if !ok {
		return ErrNoLink
	}
	return l.sendFile(ctx, cells)
}
