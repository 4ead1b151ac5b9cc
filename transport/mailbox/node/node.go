package node

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/swarm"
)

// Options of a node.
type Options struct {
	Depot  depot.Depot        // stays the caller's to close, after Run
	Key    ed25519.PrivateKey // nil: the one in the depot, made there at first
	Listen netip.AddrPort     // port 0: any that is free for UDP and TCP
	// Public is where clients find the node: its Addr or Name, and its Port unless that is 0.
	// What is left out is taken from Listen.
	Public identity.Hint
	Closed bool // a new account needs an invite
	// AllowPrivate lets the forwarder go to nodes in private networks and on this computer.
	AllowPrivate bool
	Metrics      string           // loopback address and port of the figures; empty: none
	Clock        func() time.Time // nil: time.Now
	Logger       *slog.Logger     // nil: none
}

// Node is a mailbox node whose port is open.
type Node struct {
	service *service
	host    *swarm.Host
	home    *answerer
	relay   *relay.Relay
	address identity.NodeAddress
	figures net.Listener // nil: none

	life context.Context // of talks; ends with Run
	end  context.CancelFunc

	mu      sync.Mutex
	closed  bool           // guarded by mu
	serving sync.WaitGroup // talks; no Add once closed
}

// New opens a node's port. Run must follow: it closes what New opened. ErrPortTaken,
// ErrNoPublic,
// ErrMetricsAddr, ErrKeys, ErrOtherNode, and the errors of the depot.
func New(ctx context.Context, o Options) (_ *Node, err error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	keys, err := openKeyring(ctx, o.Depot, o.Key, o.Clock())
	if err != nil {
		return nil, err
	}
	n := &Node{service: newService(keys, o)}
	n.life, n.end = context.WithCancel(context.Background())
	if o.Metrics != "" {
		if n.figures, err = listenMetrics(o.Metrics); err != nil {
			return nil, err
		}
	}
	if err := n.open(o); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// open opens the host and sets what it answers.
func (n *Node) open(o Options) error {
	key, err := crypto.UnmarshalEd25519PrivateKey(n.service.keys.node)
	if err != nil {
		return fmt.Errorf("node key: %w", err)
	}
	if n.host, err = openHost(key, o.Listen); err != nil {
		return err
	}
	n.address.Hint = publicHint(o, n.service.keys.public(), listenPort(n.host))
	if _, err := n.address.Marshal(); err != nil || n.address.Addr.IsUnspecified() {
		return ErrNoPublic
	}
	if n.home, err = newAnswerer(n.host.Swarm, publicAddrs(n.address.Hint)); err != nil {
		return err
	}
	if n.relay, err = newRelay(n.home, n.service.guests, n.service.metrics); err != nil {
		return err
	}
	// Whoever is told the address may come before Run does.
	l := n.service.lobby
	n.host.Swarm.Notify(&network.NotifyBundle{
		ConnectedF:    func(_ network.Network, c network.Conn) { l.arrive(c.RemotePeer(), time.Now()) },
		DisconnectedF: func(_ network.Network, c network.Conn) { l.depart(c.RemotePeer()) },
	})
	n.home.SetStreamHandler(mailbox.ProtocolID, n.accept)
	return nil
}

// publicHint says where a node is found that listens on port.
func publicHint(o Options, key [32]byte, port uint16) identity.Hint {
	h := o.Public
	h.Node = key
	if h.Port == 0 {
		h.Port = port
	}
	if !h.Addr.IsValid() && h.Name == "" {
		h.Addr = o.Listen.Addr()
	}
	return h
}

// publicAddrs are what the relay says of itself to those who reserve.
func publicAddrs(h identity.Hint) []ma.Multiaddr {
	if !h.Addr.IsValid() {
		return nil
	}
	return []ma.Multiaddr{swarm.QUICAddr(h.Addr, h.Port), swarm.TCPAddr(h.Addr, h.Port)}
}

// Address is what clients are given.
func (n *Node) Address() identity.NodeAddress { return n.address }

// MetricsAddr is where the figures are shown, nil where they are not.
func (n *Node) MetricsAddr() net.Addr {
	if n.figures == nil {
		return nil
	}
	return n.figures.Addr()
}

// Run serves until ctx ends. When it returns, what was answered is durable, all is closed,
// and nothing it started is left. It is called once.
func (n *Node) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := n.service
	s.metrics.open(s.lobby.here, s.forward.tunnels, s.depot)
	var work sync.WaitGroup
	var failed error
	if n.figures != nil {
		work.Go(func() {
			if failed = s.metrics.serve(ctx, n.figures); failed != nil {
				cancel()
			}
		})
	}
	work.Go(func() { n.sweep(ctx) })
	work.Go(func() { s.turnKeys(ctx) })
	work.Go(func() { s.expire(ctx) })
	<-ctx.Done()
	n.close()
	work.Wait()
	return failed
}

// close closes all that is open, and waits for the talks.
func (n *Node) close() {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.end()
	if n.relay != nil {
		n.relay.Close()
	}
	if n.host != nil {
		n.host.Close()
	}
	if n.figures != nil {
		n.figures.Close()
	}
	n.serving.Wait()
}

// accept is libp2p's call for each stream of the nodes' protocol, on a goroutine of it.
func (n *Node) accept(s network.Stream) {
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		s.Reset()
		return
	}
	n.serving.Add(1)
	n.mu.Unlock()
	defer n.serving.Done()
	at := s.Conn().RemoteMultiaddr()
	n.service.serve(n.life, s, caller{peer: s.Conn().RemotePeer(), from: swarm.IPOf(at), addr: at.String()})
}

// sweep closes connections that are of no use.
func (n *Node) sweep(ctx context.Context) {
	every(ctx, sweepTime, func() {
		idle := make(map[peer.ID]bool)
		for _, c := range n.host.Swarm.Conns() {
			p := c.RemotePeer()
			was, seen := idle[p]
			idle[p] = (!seen || was) && len(c.GetStreams()) == 0
		}
		for p, is := range idle {
			if is && n.service.lobby.idle(p, time.Now()) {
				n.host.Swarm.ClosePeer(p)
			}
		}
	})
}

// turnKeys keeps the keys of talks up to date.
func (s *service) turnKeys(ctx context.Context) {
	every(ctx, keysTime, func() {
		ctx, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		if err := s.keys.refresh(ctx, s.clock()); err != nil {
			s.trouble.note(err)
		}
	})
}

// expire deletes what is over.
func (s *service) expire(ctx context.Context) {
	every(ctx, expireTime, func() {
		if err := s.depot.Expire(ctx, s.clock()); err != nil {
			s.trouble.note(err)
		}
	})
}

// every does f now and then until ctx ends.
func every(ctx context.Context, d time.Duration, f func()) {
	for ctx.Err() == nil {
		f()
		if !pause(ctx, d) {
			return
		}
	}
}
