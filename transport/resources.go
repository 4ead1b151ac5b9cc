package transport

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/x/rate"
)

// newResources returns the counters that bound what all peers together can make a host on
// the local network hold. Which strangers get in is for admission to say.
func newResources() (network.ResourceManager, error) {
	each := rcmgr.ResourceLimits{
		Conns: maxConnsPerPeer, ConnsInbound: maxConnsPerPeer, ConnsOutbound: maxConnsPerPeer, FD: maxConnsPerPeer,
		Streams: maxStreamsPerPeer, StreamsInbound: maxStreamsPerPeer, StreamsOutbound: maxStreamsPerPeer, Memory: maxMemoryPerPeer,
	}
	return newCounters(each, maxConnsPerAddr, newRates())
}

// newRelayResources returns those of a host that meets its peers over relays: all those of
// one relay come from its address, and as streams of one connection.
func newRelayResources() (network.ResourceManager, error) {
	each := rcmgr.ResourceLimits{
		Conns: 2 * maxConnsPerPeer, ConnsInbound: maxConnsPerPeer, ConnsOutbound: maxConnsPerPeer, FD: maxConnsPerPeer,
		Streams: maxConns, StreamsInbound: maxConns, StreamsOutbound: maxConns, Memory: maxMemory / 2,
	}
	rates := &rate.Limiter{GlobalLimit: rate.Limit{RPS: 10 * connsPerSecond, Burst: 4 * connBurst}}
	return newCounters(each, maxConns, rates)
}

// newCounters returns counters with the limits of one peer, of one address, and of how
// fast connections are made.
func newCounters(each rcmgr.ResourceLimits, perAddr int, rates *rate.Limiter) (network.ResourceManager, error) {
	total := rcmgr.ResourceLimits{
		Conns: maxConns, ConnsInbound: maxConns, ConnsOutbound: maxConns, FD: maxConns,
		Streams: maxStreams, StreamsInbound: maxStreams, StreamsOutbound: maxStreams, Memory: maxMemory,
	}
	transient := total
	transient.Conns, transient.ConnsInbound, transient.ConnsOutbound = 2*maxUnproven, maxUnproven, maxUnproven
	transient.Streams, transient.StreamsInbound, transient.StreamsOutbound = 4*maxUnproven, 2*maxUnproven, 2*maxUnproven
	limits := rcmgr.PartialLimitConfig{
		System: total, Transient: transient, PeerDefault: each,
		Conn: rcmgr.ResourceLimits{Memory: maxMemoryPerPeer},
	}.Build(rcmgr.InfiniteLimits)
	// By default all of an IPv6 /56 share eight connections, and a local network is a /64; and
	// an address may make a connection only every five seconds, which a restart exceeds.
	m, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(limits), rcmgr.WithMetricsDisabled(),
		rcmgr.WithLimitPerSubnet(
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 32, ConnCount: perAddr}},
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 128, ConnCount: perAddr}}),
		rcmgr.WithConnRateLimiters(rates))
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
