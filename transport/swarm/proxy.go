package swarm

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"

	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	"golang.org/x/net/proxy"
)

// ErrProxy is returned for a proxy whose address is not as CheckProxy says.
var ErrProxy = errors.New("swarm: a proxy is an IP address or localhost, and a port")

// CheckProxy reads "host:port". The host is an IP address or localhost: the name of a
// proxy would have to be asked for past it.
func CheckProxy(s string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return netip.AddrPort{}, ErrProxy
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return netip.AddrPort{}, ErrProxy
	}
	if host == "localhost" {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(n)), nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, ErrProxy
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), nil
}

// names dials through a SOCKS5 proxy (RFC 1928), which resolves names: libp2p is given
// an address that stands for one, out of a range that is routed nowhere (RFC 6666).
type names struct {
	proxy tcp.ContextDialer

	mu    sync.Mutex
	known map[string]netip.Addr // stand-in of each name; guarded by mu
	of    map[netip.Addr]string // name of each stand-in; guarded by mu
}

// newNames logs in to the proxy under a random name and password, of which a proxy that
// asks for none takes no notice. Tor keeps hosts apart by them.
func newNames(at string) (*names, error) {
	addr, err := CheckProxy(at)
	if err != nil {
		return nil, err
	}
	d, err := proxy.SOCKS5("tcp", addr.String(), &proxy.Auth{User: rand.Text(), Password: rand.Text()}, nil)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return &names{
		proxy: d.(tcp.ContextDialer),
		known: make(map[string]netip.Addr),
		of:    make(map[netip.Addr]string),
	}, nil
}

// standIn returns the address that stands for a name.
func (n *names) standIn(name string) netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	if a, ok := n.known[name]; ok {
		return a
	}
	raw := [16]byte{0: 0x01} // 100::/64
	binary.BigEndian.PutUint64(raw[8:], uint64(len(n.known)+1))
	a := netip.AddrFrom16(raw)
	n.known[name], n.of[a] = a, name
	return a
}

// name returns what an address stands for.
func (n *names) name(a netip.Addr) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name, ok := n.of[a]
	return name, ok
}

// dialer is what libp2p dials TCP with.
func (n *names) dialer(ma.Multiaddr) (tcp.ContextDialer, error) { return n, nil }

// DialContext connects through the proxy.
func (n *names) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	if name, ok := n.name(to.Addr()); ok {
		network, addr = "tcp", net.JoinHostPort(name, strconv.Itoa(int(to.Port())))
	}
	return n.proxy.DialContext(ctx, network, addr)
}
