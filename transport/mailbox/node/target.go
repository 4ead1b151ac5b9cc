package node

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"tacit/identity"
)

// translated are the ranges in which an IPv6 address stands for an IPv4 address, which
// may be a private one.
var translated = []netip.Prefix{
	netip.MustParsePrefix("64:ff9b::/96"),   // RFC 6052
	netip.MustParsePrefix("64:ff9b:1::/48"), // RFC 8215
	netip.MustParsePrefix("2001::/32"),      // RFC 4380
	netip.MustParsePrefix("2002::/16"),      // RFC 3056
}

// public reports whether an address can be one of a computer on the internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	for _, p := range translated {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && manet.IsPublicAddr(addrOf(a))
}

// reachable reports whether a forwarder that may serve its own network may go
// there: a computer, at least.
func reachable(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() || a.IsLoopback()
}

func addrOf(a netip.Addr) ma.Multiaddr {
	family := "ip6"
	if a.Is4() {
		family = "ip4"
	}
	return ma.StringCast("/" + family + "/" + a.WithZone("").String())
}

// resolver returns the addresses of a name.
type resolver func(ctx context.Context, name string) ([]netip.Addr, error)

func lookUp(ctx context.Context, name string) ([]netip.Addr, error) {
	// A dot at the end: the names of the network that this computer is in are not tried.
	return net.DefaultResolver.LookupNetIP(ctx, "ip", name+".")
}

// addresses returns where a hint leads. A name is asked for once, and what it says then
// is both checked and dialled: a second answer could be another. Nothing of it may be
// inside: a name that says both sorts is refused whole.
func addresses(ctx context.Context, resolve resolver, h identity.Hint, allowPrivate bool) ([]netip.Addr, error) {
	found := []netip.Addr{h.Addr}
	if !h.Addr.IsValid() {
		ctx, cancel := context.WithTimeout(ctx, resolveTime)
		defer cancel()
		var err error
		if found, err = resolve(ctx, h.Name); err != nil || len(found) == 0 {
			return nil, fmt.Errorf("%w: name", errForwardLater)
		}
	}
	found = found[:min(len(found), maxForwardAddrs)]
	out := make([]netip.Addr, len(found))
	for i, a := range found {
		if out[i] = a.Unmap(); !public(a) && !(allowPrivate && reachable(a)) {
			return nil, fmt.Errorf("%w: private address", errForwardRefused)
		}
	}
	return out, nil
}
