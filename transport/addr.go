package transport

import (
	"fmt"
	"net/netip"
	"strconv"

	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// Protocol is a transport protocol.
type Protocol int

// The protocols, and both together.
const (
	Both Protocol = iota
	QUIC
	TCP
)

func quicAddr(ip netip.Addr, port uint16) ma.Multiaddr {
	return ma.StringCast(fmt.Sprintf("/%s/%s/udp/%d/quic-v1", family(ip), ip, port))
}

func tcpAddr(ip netip.Addr, port uint16) ma.Multiaddr {
	return ma.StringCast(fmt.Sprintf("/%s/%s/tcp/%d", family(ip), ip, port))
}

func family(ip netip.Addr) string {
	if ip.Is4() {
		return "ip4"
	}
	return "ip6"
}

// portOf returns the port of one protocol of an address, 0 without it.
func portOf(a ma.Multiaddr, code int) uint16 {
	s, err := a.ValueForProtocol(code)
	if err != nil {
		return 0
	}
	p, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return uint16(p)
}

// ipOf returns the IP address of an address, the zero Addr without one.
func ipOf(a ma.Multiaddr) netip.Addr {
	ip, err := manet.ToIP(a)
	if err != nil {
		return netip.Addr{}
	}
	addr, _ := netip.AddrFromSlice(ip)
	return addr.Unmap()
}

// at keeps the addresses with the given IP.
func at(addrs []ma.Multiaddr, ip netip.Addr) []ma.Multiaddr {
	var out []ma.Multiaddr
	for _, a := range addrs {
		if ipOf(a) == ip {
			out = append(out, a)
		}
	}
	return out
}
