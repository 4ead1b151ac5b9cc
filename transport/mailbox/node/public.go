package node

import (
	"errors"
	"net/netip"
	"slices"
)

// ErrNoPublic: it is not known where clients find the node.
var ErrNoPublic = errors.New("no address to be found at")

// Guess returns which of a computer's addresses clients find it at: the first that is one
// of the internet, IPv4 before IPv6 since more networks have it; else any other that is not
// loopback; else loopback. known reports whether it is the first sort. ErrNoPublic without any.
func Guess(addrs []netip.Addr) (best netip.Addr, known bool, err error) {
	rank := func(a netip.Addr) int {
		r := 4 // loopback, when there is nothing else
		switch {
		case public(a):
			r = 0
		case a.IsGlobalUnicast():
			r = 2
		}
		if !a.Is4() {
			r++
		}
		return r
	}
	var usable []netip.Addr
	for _, a := range addrs {
		if a = a.Unmap().WithZone(""); reachable(a) {
			usable = append(usable, a)
		}
	}
	if len(usable) == 0 {
		return netip.Addr{}, false, ErrNoPublic
	}
	best = slices.MinFunc(usable, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	return best, public(best), nil
}
