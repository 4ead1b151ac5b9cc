package swarm

import (
	"fmt"
	"net/netip"
	"strconv"

	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// QUICAddr returns the address of QUIC at an IP address and UDP port.
func QUICAddr(ip netip.Addr, port uint16) ma.Multiaddr {
	return ma.StringCast(fmt.Sprintf("/%s/%s/udp/%d/quic-v1", family(ip), ip, port))
}

// TCPAddr returns the address of TCP at an IP address and port.
func TCPAddr(ip netip.Addr, port uint16) ma.Multiaddr {
	return ma.StringCast(fmt.Sprintf("/%s/%s/tcp/%d", family(ip), ip, port))
}

func family(ip netip.Addr) string {
	if ip.Is4() {
		return "ip4"
	}
	return "ip6"
}

// PortOf returns the port of one protocol, ma.P_UDP or ma.P_TCP, of an address; 0 without it.
func PortOf(a ma.Multiaddr, code int) uint16 {
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

// IPOf returns the IP address of an address, the zero Addr without one.
func IPOf(a ma.Multiaddr) netip.Addr {
	ip, err := manet.ToIP(a)
	if err != nil {
		return netip.Addr{}
	}
	addr, _ := netip.AddrFromSlice(ip)
	return addr.Unmap()
}
