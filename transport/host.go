package transport

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/gologshim"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/x/rate"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/quic-go/quic-go"
)

// libp2p logs addresses and peer IDs, and to stderr unless it is told otherwise.
func init() { gologshim.SetDefaultHandler(slog.DiscardHandler) }

// host is a libp2p swarm under a fresh peer key, and nothing above it: no identify,
// ping, relay, NAT traversal or metrics, whose handlers and requests would tell a
// stranger what this is and where else it listens.
type host struct {
	id      peer.ID
	swarm   *swarm.Swarm
	closers []func() error // last opened first
}

// newHost listens on the addresses. It closes limits in the end.
func newHost(listen []ma.Multiaddr, only Protocol, limits network.ResourceManager) (_ *host, err error) {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("peer key: %w", err)
	}
	h := &host{closers: []func() error{limits.Close}}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if h.id, err = peer.IDFromPrivateKey(key); err != nil {
		return nil, fmt.Errorf("peer id: %w", err)
	}
	book, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, fmt.Errorf("address book: %w", err)
	}
	h.closers = append(h.closers, book.Close)
	if err := errors.Join(book.AddPrivKey(h.id, key), book.AddPubKey(h.id, key.GetPublic())); err != nil {
		return nil, fmt.Errorf("address book: %w", err)
	}
	var sockets *quicreuse.ConnManager // outlives the swarm, which says good-bye through it
	if only != TCP {
		if sockets, err = newSockets(); err != nil {
			return nil, err
		}
		h.closers = append(h.closers, sockets.Close)
	}
	h.swarm, err = swarm.NewSwarm(h.id, book, eventbus.NewBus(),
		swarm.WithResourceManager(limits),
		swarm.WithDialTimeout(dialTime),
		swarm.WithDialTimeoutLocal(dialTime),
		swarm.WithUDPBlackHoleSuccessCounter(nil),
		swarm.WithIPv6BlackHoleSuccessCounter(nil))
	if err != nil {
		return nil, fmt.Errorf("swarm: %w", err)
	}
	h.closers = append(h.closers, h.swarm.Close)
	if err := h.addTransports(key, limits, sockets, only); err != nil {
		return nil, err
	}
	return h, h.listen(listen)
}

// newSockets returns what QUIC sends and receives through.
func newSockets() (*quicreuse.ConnManager, error) {
	var reset quic.StatelessResetKey
	var token quic.TokenGeneratorKey
	rand.Read(reset[:])
	rand.Read(token[:])
	m, err := quicreuse.NewConnManager(reset, token)
	if err != nil {
		return nil, fmt.Errorf("quic: %w", err)
	}
	return m, nil
}

func (h *host) addTransports(key crypto.PrivKey, limits network.ResourceManager, sockets *quicreuse.ConnManager, only Protocol) error {
	if sockets != nil {
		t, err := libp2pquic.NewTransport(key, sockets, nil, nil, limits)
		if err != nil {
			return fmt.Errorf("quic: %w", err)
		}
		if err := h.swarm.AddTransport(t); err != nil {
			return fmt.Errorf("quic: %w", err)
		}
	}
	if only == QUIC {
		return nil
	}
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	secure, err := noise.New(noise.ID, key, muxers)
	if err != nil {
		return fmt.Errorf("noise: %w", err)
	}
	up, err := upgrader.New([]sec.SecureTransport{secure}, muxers, nil, limits, nil, upgrader.WithAcceptTimeout(helloTime))
	if err != nil {
		return fmt.Errorf("upgrader: %w", err)
	}
	t, err := tcp.NewTCPTransport(up, limits, nil, tcp.DisableReuseport(), tcp.WithConnectionTimeout(dialTime))
	if err != nil {
		return fmt.Errorf("tcp: %w", err)
	}
	if err := h.swarm.AddTransport(t); err != nil {
		return fmt.Errorf("tcp: %w", err)
	}
	return nil
}

// listen opens the listeners. For IPv6 it tries the ports that IPv4 got, since a beacon
// names one port for both; a network without IPv6, or another program on such a port,
// leaves IPv4 alone.
func (h *host) listen(addrs []ma.Multiaddr) error {
	for _, a := range addrs {
		if h.swarm.TransportForListening(a) == nil {
			continue
		}
		if err := h.swarm.Listen(a); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
	}
	quicPort, tcpPort := h.ports()
	if any6 := netip.IPv6Unspecified(); ipOf(addrs[0]) == netip.IPv4Unspecified() {
		if quicPort != 0 {
			h.swarm.Listen(quicAddr(any6, quicPort))
		}
		if tcpPort != 0 {
			h.swarm.Listen(tcpAddr(any6, tcpPort))
		}
	}
	return nil
}

// newResources returns the counters that bound what all peers together can make this
// host hold. Which strangers get in is for admission to say.
func newResources() (network.ResourceManager, error) {
	total := rcmgr.ResourceLimits{
		Conns: maxConns, ConnsInbound: maxConns, ConnsOutbound: maxConns, FD: maxConns,
		Streams: maxStreams, StreamsInbound: maxStreams, StreamsOutbound: maxStreams, Memory: maxMemory,
	}
	transient := total
	transient.Conns, transient.ConnsInbound, transient.ConnsOutbound = 2*maxUnproven, maxUnproven, maxUnproven
	transient.Streams, transient.StreamsInbound, transient.StreamsOutbound = 4*maxUnproven, 2*maxUnproven, 2*maxUnproven
	each := rcmgr.ResourceLimits{
		Conns: maxConnsPerPeer, ConnsInbound: maxConnsPerPeer, ConnsOutbound: maxConnsPerPeer, FD: maxConnsPerPeer,
		Streams: maxStreamsPerPeer, StreamsInbound: maxStreamsPerPeer, StreamsOutbound: maxStreamsPerPeer, Memory: maxMemoryPerPeer,
	}
	limits := rcmgr.PartialLimitConfig{
		System: total, Transient: transient, PeerDefault: each,
		Conn: rcmgr.ResourceLimits{Memory: maxMemoryPerPeer},
	}.Build(rcmgr.InfiniteLimits)
	// By default all of an IPv6 /56 share eight connections, and a local network is a /64; and
	// an address may make a connection only every five seconds, which a restart exceeds.
	m, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(limits), rcmgr.WithMetricsDisabled(),
		rcmgr.WithLimitPerSubnet(
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 32, ConnCount: maxConnsPerAddr}},
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 128, ConnCount: maxConnsPerAddr}}),
		rcmgr.WithConnRateLimiters(newRates()))
	if err != nil {
		return nil, fmt.Errorf("resource limits: %w", err)
	}
	return m, nil
}

// newRates limits how fast connections are made, accepted ones before their handshake.
func newRates() *rate.Limiter {
	each := rate.Limit{RPS: connsPerSecond, Burst: connBurst}
	return &rate.Limiter{
		NetworkPrefixLimits: []rate.PrefixLimit{{Prefix: netip.MustParsePrefix("127.0.0.0/8")}}, // none
		GlobalLimit:         rate.Limit{RPS: 10 * connsPerSecond, Burst: 4 * connBurst},
		SubnetRateLimiter: rate.SubnetLimiter{
			IPv4SubnetLimits: []rate.SubnetLimit{{PrefixLength: 32, Limit: each}},
			IPv6SubnetLimits: []rate.SubnetLimit{{PrefixLength: 128, Limit: each}},
			GracePeriod:      time.Minute,
		},
	}
}

// ports returns the ports of the IPv4 listeners, 0 for a protocol that is off.
func (h *host) ports() (quicPort, tcpPort uint16) {
	for _, a := range h.swarm.ListenAddresses() {
		if _, err := a.ValueForProtocol(ma.P_IP4); err != nil {
			continue
		}
		if p := portOf(a, ma.P_UDP); p != 0 {
			quicPort = p
		}
		if p := portOf(a, ma.P_TCP); p != 0 {
			tcpPort = p
		}
	}
	return quicPort, tcpPort
}

// dial returns the connection to a peer, or makes one to one of the addresses and to
// no others.
func (h *host) dial(ctx context.Context, id peer.ID, addrs []ma.Multiaddr) (network.Conn, error) {
	book := h.swarm.Peerstore()
	book.ClearAddrs(id)
	book.AddAddrs(id, addrs, peerstore.TempAddrTTL)
	h.swarm.Backoff().Clear(id) // the plan has its own
	return h.swarm.DialPeer(ctx, id)
}

func (h *host) close() {
	for i := len(h.closers) - 1; i >= 0; i-- {
		h.closers[i]()
	}
}
