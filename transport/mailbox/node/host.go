package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	connrate "github.com/libp2p/go-libp2p/x/rate"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// ErrPortTaken: another program has the port.
var ErrPortTaken = errors.New("port in use")

// openHost listens for UDP and TCP on one port number; any that is free where at says 0.
func openHost(key crypto.PrivKey, at netip.AddrPort) (*swarm.Host, error) {
	tries := 1
	if at.Port() == 0 {
		tries = portTries
	}
	var err error
	for range tries {
		var h *swarm.Host
		if h, err = openHostOnce(key, at); err == nil {
			return h, nil
		}
	}
	return nil, err
}

func openHostOnce(key crypto.PrivKey, at netip.AddrPort) (*swarm.Host, error) {
	if err := portFree(at); err != nil {
		return nil, err
	}
	limits, err := newResources()
	if err != nil {
		return nil, err
	}
	h, err := swarm.Open(swarm.Options{
		Key: key, Limits: limits, DialTime: forwardDialTime, HandshakeTime: negotiateTime,
		Listen: []ma.Multiaddr{swarm.QUICAddr(at.Addr(), at.Port())},
	})
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	port := listenPort(h)
	ips := []netip.Addr{at.Addr()}
	if at.Addr() == netip.IPv4Unspecified() {
		ips = append(ips, netip.IPv6Unspecified())
	}
	for i, ip := range ips {
		if err := h.Swarm.Listen(swarm.TCPAddr(ip, port)); err != nil && i == 0 { // there may be no IPv6
			h.Close()
			return nil, fmt.Errorf("listen: %w", err)
		}
	}
	return h, nil
}

// portFree reports whether the node can have a port: libp2p does not say why it cannot.
func portFree(at netip.AddrPort) error {
	u, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return listenError(err)
	}
	u.Close()
	t, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
	if err != nil {
		return listenError(err)
	}
	return t.Close()
}

// listenError translates why a port cannot be listened on.
func listenError(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return ErrPortTaken
	}
	return fmt.Errorf("listen: %w", err)
}

// listenPort returns the UDP port of a host, of either family.
func listenPort(h *swarm.Host) uint16 {
	for _, a := range h.Swarm.ListenAddresses() {
		if p := swarm.PortOf(a, ma.P_UDP); p != 0 {
			return p
		}
	}
	return 0
}

// newResources returns the counters that bound what all peers together can make the node
// hold. How fast they may ask is for the lobby to say.
func newResources() (network.ResourceManager, error) {
	total := rcmgr.ResourceLimits{
		Conns: maxConns, ConnsInbound: maxConns, ConnsOutbound: maxConns, FD: maxConns,
		Streams: maxStreams, StreamsInbound: maxStreams, StreamsOutbound: maxStreams, Memory: maxMemory,
	}
	transient := total
	transient.Conns, transient.ConnsInbound, transient.ConnsOutbound, transient.FD = maxHandshakes, maxHandshakes, maxHandshakes, maxHandshakes
	each := rcmgr.ResourceLimits{
		Conns: maxConnsPerPeer, ConnsInbound: maxConnsPerPeer, ConnsOutbound: maxConnsPerPeer, FD: maxConnsPerPeer,
		Streams: maxStreamsPerPeer, StreamsInbound: maxStreamsPerPeer, StreamsOutbound: maxStreamsPerPeer, Memory: maxMemoryPerPeer,
	}
	limits := rcmgr.PartialLimitConfig{
		System: total, Transient: transient, PeerDefault: each,
		Conn: rcmgr.ResourceLimits{Memory: maxMemoryPerPeer},
	}.Build(rcmgr.InfiniteLimits)
	m, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(limits), rcmgr.WithMetricsDisabled(),
		rcmgr.WithLimitPerSubnet(
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 32, ConnCount: maxConnsPerAddr}},
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 64, ConnCount: maxConnsPerAddr}}),
		rcmgr.WithConnRateLimiters(newRates()))
	if err != nil {
		return nil, fmt.Errorf("resource limits: %w", err)
	}
	return m, nil
}

// newRates limits how fast connections are accepted, before their handshake.
func newRates() *connrate.Limiter {
	each := connrate.Limit{RPS: connsPerSecond, Burst: connBurst}
	return &connrate.Limiter{
		GlobalLimit: connrate.Limit{RPS: 4 * connsPerSecond, Burst: 4 * connBurst},
		SubnetRateLimiter: connrate.SubnetLimiter{
			IPv4SubnetLimits: []connrate.SubnetLimit{{PrefixLength: 32, Limit: each}},
			IPv6SubnetLimits: []connrate.SubnetLimit{{PrefixLength: 64, Limit: each}},
			GracePeriod:      time.Minute,
		},
	}
}

// dialNode opens a conversation with another node, from a host of its own: what goes
// through this node by itself is not told from it by a key.
func dialNode(ctx context.Context, to identity.Hint, at []netip.Addr) (stream, error) {
	h, err := swarm.Open(swarm.Options{DialTime: forwardDialTime})
	if err != nil {
		return nil, fmt.Errorf("forward: %w", err)
	}
	s, err := converse(ctx, h, to, at)
	if err != nil {
		h.Close()
		return nil, fmt.Errorf("%w: %w", errForwardLater, err)
	}
	return &lentStream{Stream: s, host: h}, nil
}

// converse connects to the node of that key and chooses the one protocol of nodes.
func converse(ctx context.Context, h *swarm.Host, to identity.Hint, at []netip.Addr) (network.Stream, error) {
	id, err := swarm.NodeID(to)
	if err != nil {
		return nil, err
	}
	var addrs []ma.Multiaddr
	for _, ip := range at {
		addrs = append(addrs, swarm.QUICAddr(ip, to.Port), swarm.TCPAddr(ip, to.Port))
	}
	c, err := h.Dial(ctx, id, addrs)
	if err != nil {
		return nil, err
	}
	s, err := c.NewStream(ctx)
	if err != nil {
		return nil, err
	}
	s.SetDeadline(time.Now().Add(negotiateTime))
	if err := multistream.SelectProtoOrFail(mailbox.ProtocolID, s); err != nil {
		s.Reset()
		return nil, err
	}
	s.SetDeadline(time.Time{})
	return s, nil
}

// lentStream is a stream with the host that was opened for it.
type lentStream struct {
	network.Stream
	host *swarm.Host
}

// Close ends the stream and its host.
func (s *lentStream) Close() error {
	err := s.Stream.Reset()
	s.host.Close()
	return err
}
