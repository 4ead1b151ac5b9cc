package swarm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
)

// maxResolved bounds the addresses of one name that are dialled.
const maxResolved = 4

var errResolve = errors.New("swarm: names are not resolved here")

// Dial returns the connection to a peer, or makes one to one of the addresses and to no
// others. Names are not resolved.
func (h *Host) Dial(ctx context.Context, id peer.ID, addrs []ma.Multiaddr) (network.Conn, error) {
	book := h.Swarm.Peerstore()
	book.ClearAddrs(id)
	book.AddAddrs(id, addrs, peerstore.TempAddrTTL)
	h.Swarm.Backoff().Clear(id) // the callers have their own
	return h.Swarm.DialPeer(ctx, id)
}

// DialNode returns the connection to a node, or makes one: QUIC at once, TCP a moment later.
func (h *Host) DialNode(ctx context.Context, hint identity.Hint) (network.Conn, error) {
	return h.DialNodeAt(ctx, hint, nil)
}

// DialNodeAt is DialNode for a hint of somebody else's: only IP addresses that allowed lets
// through are dialled, those of a name included; a proxy's names are the proxy's affair.
func (h *Host) DialNodeAt(ctx context.Context, hint identity.Hint, allowed func(netip.Addr) bool) (network.Conn, error) {
	id, err := NodeID(hint)
	if err != nil {
		return nil, err
	}
	if c := h.connected(id); c != nil {
		return c, nil
	}
	ips, err := h.resolve(ctx, hint)
	if err != nil {
		return nil, err
	}
	var addrs []ma.Multiaddr
	for _, ip := range ips {
		if allowed != nil && !allowed(ip) && !h.isStandIn(ip) {
			continue
		}
		addrs = append(addrs, QUICAddr(ip, hint.Port), TCPAddr(ip, hint.Port)) // what is not spoken is left out
	}
	return h.Dial(ctx, id, addrs)
}

// connected returns a living connection to a peer.
func (h *Host) connected(id peer.ID) network.Conn {
	for _, c := range h.Swarm.ConnsToPeer(id) {
		if !c.IsClosed() {
			return c
		}
	}
	return nil
}

// NodeID returns the peer ID of a node.
func NodeID(hint identity.Hint) (peer.ID, error) {
	key, err := crypto.UnmarshalEd25519PublicKey(hint.Node[:])
	if err != nil {
		return "", fmt.Errorf("node key: %w", err)
	}
	id, err := peer.IDFromPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("node key: %w", err)
	}
	return id, nil
}

// resolve returns where a node is: behind a proxy an address that stands for its name.
func (h *Host) resolve(ctx context.Context, hint identity.Hint) ([]netip.Addr, error) {
	switch {
	case hint.Addr.IsValid():
		return []netip.Addr{hint.Addr}, nil
	case h.names != nil:
		return []netip.Addr{h.names.standIn(hint.Name)}, nil
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", hint.Name)
	if err != nil {
		return nil, fmt.Errorf("%w: the name is not known", identity.ErrNodeUnreachable)
	}
	for i, ip := range ips {
		ips[i] = ip.Unmap()
	}
	return ips[:min(len(ips), maxResolved)], nil
}

// isStandIn reports whether an address stands for a name.
func (h *Host) isStandIn(ip netip.Addr) bool {
	if h.names == nil {
		return false
	}
	_, ok := h.names.name(ip)
	return ok
}

// noResolver has libp2p ask nobody for a name.
type noResolver struct{}

func (noResolver) ResolveDNSAddr(context.Context, peer.ID, ma.Multiaddr, int, int) ([]ma.Multiaddr, error) {
	return nil, errResolve
}

func (noResolver) ResolveDNSComponent(context.Context, ma.Multiaddr, int) ([]ma.Multiaddr, error) {
	return nil, errResolve
}
