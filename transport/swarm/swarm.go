// Package swarm opens libp2p swarms that say nothing of themselves.
//
// No identify, ping, relay, NAT traversal or metrics runs on them: their handlers and
// requests would tell a stranger what this is and where else it listens. A swarm answers
// only what its owner sets on it.
package swarm

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/transport"
	"github.com/libp2p/go-libp2p/gologshim"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	ma "github.com/multiformats/go-multiaddr"
)

// libp2p logs addresses and peer IDs, and to stderr unless it is told otherwise.
func init() { gologshim.SetDefaultHandler(slog.DiscardHandler) }

// Protocol is a transport protocol.
type Protocol int

// The protocols, and both together.
const (
	Both Protocol = iota
	QUIC
	TCP
)

// Options of a Host.
type Options struct {
	Key      crypto.PrivKey // Ed25519; nil: a fresh one
	Listen   []ma.Multiaddr // those of a protocol that is not spoken are left out; empty: this host only dials
	Protocol Protocol
	// Proxy is the "host:port" of a SOCKS5 proxy, see CheckProxy. With it nothing goes
	// elsewhere: TCP alone is spoken whatever Protocol says, nothing is listened on, and
	// names are resolved by the proxy.
	Proxy string
	// Limits bound what peers can make the host hold; nil: nothing does. The host closes them.
	Limits network.ResourceManager
	// Reuse has TCP connections leave from the port that is listened on, as those of QUIC
	// always do, so that a NAT gives both the same address.
	Reuse bool
	// DialTime bounds one attempt to connect, HandshakeTime the handshake of an accepted
	// TCP connection; 0: 5 s each.
	DialTime, HandshakeTime time.Duration
}

// Host is a swarm with its transports.
type Host struct {
	ID    peer.ID
	Swarm *swarm.Swarm

	bus      event.Bus
	upgrader transport.Upgrader
	names    *names         // nil without a proxy
	closers  []func() error // last opened first
	closing  sync.Once
}

const defaultTime = 5 * time.Second

// Open opens a host and its listeners. With an error nothing is left open, the limits included.
func Open(o Options) (_ *Host, err error) {
	if o.DialTime == 0 {
		o.DialTime = defaultTime
	}
	if o.HandshakeTime == 0 {
		o.HandshakeTime = defaultTime
	}
	if o.Limits == nil {
		o.Limits = &network.NullResourceManager{}
	}
	h := &Host{bus: eventbus.NewBus(), closers: []func() error{o.Limits.Close}}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if o.Proxy != "" {
		if h.names, err = newNames(o.Proxy); err != nil {
			return nil, err
		}
		o.Protocol, o.Listen = TCP, nil
	}
	if o.Key == nil {
		if o.Key, _, err = crypto.GenerateEd25519Key(rand.Reader); err != nil {
			return nil, fmt.Errorf("peer key: %w", err)
		}
	}
	if err := h.open(o); err != nil {
		return nil, err
	}
	return h, h.listen(o.Listen)
}

// open makes the swarm and adds its transports.
func (h *Host) open(o Options) (err error) {
	if h.ID, err = peer.IDFromPrivateKey(o.Key); err != nil {
		return fmt.Errorf("peer id: %w", err)
	}
	book, err := pstoremem.NewPeerstore()
	if err != nil {
		return fmt.Errorf("address book: %w", err)
	}
	h.closers = append(h.closers, book.Close)
	if err := errors.Join(book.AddPrivKey(h.ID, o.Key), book.AddPubKey(h.ID, o.Key.GetPublic())); err != nil {
		return fmt.Errorf("address book: %w", err)
	}
	var sockets *quicreuse.ConnManager // outlives the swarm, which says good-bye through it
	if o.Protocol != TCP {
		if sockets, err = newSockets(); err != nil {
			return err
		}
		h.closers = append(h.closers, sockets.Close)
	}
	h.Swarm, err = swarm.NewSwarm(h.ID, book, h.bus,
		swarm.WithResourceManager(o.Limits),
		swarm.WithMultiaddrResolver(noResolver{}),
		swarm.WithDialTimeout(o.DialTime),
		swarm.WithDialTimeoutLocal(o.DialTime),
		swarm.WithUDPBlackHoleSuccessCounter(nil),
		swarm.WithIPv6BlackHoleSuccessCounter(nil))
	if err != nil {
		return fmt.Errorf("swarm: %w", err)
	}
	h.closers = append(h.closers, h.Swarm.Close)
	return h.addTransports(o, sockets)
}

// Close closes everything. It may be called again, and by several at once: when it
// returns, all is closed.
func (h *Host) Close() {
	h.closing.Do(func() {
		for i := len(h.closers) - 1; i >= 0; i-- {
			h.closers[i]()
		}
	})
}
