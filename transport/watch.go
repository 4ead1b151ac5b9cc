package transport

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// nic is a network interface that a local network can be reached through.
type nic struct {
	net.Interface
	prefixes []netip.Prefix // its addresses with their networks; none link-local of IPv6
}

// watch notices that this computer is on another network, or has slept. One goroutine
// uses it at a time.
type watch struct {
	read  func() []nic
	state string
	last  time.Time
}

func newWatch(read func() []nic) *watch {
	return &watch{read: read, state: fingerprint(read()), last: time.Now()}
}

// interfaces returns those that are usable now.
func (w *watch) interfaces() []nic { return w.read() }

// changed waits for a change to be over and reports true, or false when ctx ends.
func (w *watch) changed(ctx context.Context) bool {
	timer := time.NewTimer(pollTime)
	defer timer.Stop()
	settling := false
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
		state, now := fingerprint(w.read()), time.Now()
		moved := state != w.state || slept(w.last, now)
		w.state, w.last = state, now
		if settling && !moved {
			return true
		}
		settling = settling || moved
		if settling {
			timer.Reset(settleTime)
		} else {
			timer.Reset(pollTime)
		}
	}
}

// slept reports whether the computer stood still between two polls: the wall clock ran on
// where the monotonic clock stopped, or, where that one runs on too, the poll came late.
func slept(last, now time.Time) bool {
	return gap(now.Sub(last), now.Round(0).Sub(last.Round(0)))
}

// gap reports whether what the two clocks measured between two polls shows a standstill.
func gap(monotonic, wall time.Duration) bool {
	return monotonic > pollTime+resumeGap || (wall-monotonic).Abs() > resumeGap
}

// usableInterfaces reads the interfaces of this computer on which others can be met.
func usableInterfaces() []nic {
	all, err := net.Interfaces()
	if err != nil {
		return nil // as good as none; the next poll tells
	}
	var out []nic
	for _, i := range all {
		const need = net.FlagUp | net.FlagMulticast
		if i.Flags&need != need || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		if p := prefixes(addrs); len(p) > 0 {
			out = append(out, nic{i, p})
		}
	}
	return out
}

func prefixes(addrs []net.Addr) []netip.Prefix {
	var out []netip.Prefix
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if err != nil || p.Addr().Is6() && p.Addr().IsLinkLocalUnicast() {
			continue
		}
		out = append(out, p)
	}
	return out
}

// fingerprint names a set of interfaces and their networks. IPv6 addresses count by
// network only: a host changes its temporary ones every day.
func fingerprint(nics []nic) string {
	var lines []string
	for _, n := range nics {
		for _, p := range n.prefixes {
			if p.Addr().Is6() {
				p = p.Masked()
			}
			lines = append(lines, n.Name+" "+p.String())
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}

// onLink reports whether an address belongs to one of the networks.
func onLink(nics []nic, a netip.Addr) bool {
	return slices.ContainsFunc(nics, func(n nic) bool {
		return slices.ContainsFunc(n.prefixes, func(p netip.Prefix) bool { return p.Contains(a) && p.Addr() != a })
	})
}
