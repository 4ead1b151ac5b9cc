package transport

import (
	"net/netip"

	ma "github.com/multiformats/go-multiaddr"

	"tacit/transport/swarm"
)

// Protocol is a transport protocol.
type Protocol = swarm.Protocol

// The protocols, and both together.
const (
	Both = swarm.Both
	QUIC = swarm.QUIC
	TCP  = swarm.TCP
)

// at keeps the addresses with the given IP.
func at(addrs []ma.Multiaddr, ip netip.Addr) []ma.Multiaddr {
	var out []ma.Multiaddr
	for _, a := range addrs {
		if swarm.IPOf(a) == ip {
			out = append(out, a)
		}
	}
	return out
}
