package transport

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"tacit/identity"
)

// internet says what may be opened beyond the local network. Nothing at first.
type internet struct {
	mu     sync.Mutex
	is     identity.Internet // guarded by mu
	turned chan struct{}     // closed and renewed when is changes; guarded by mu
}

// set replaces what holds.
func (i *internet) set(to identity.Internet) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.is = to
	close(i.turned)
	i.turned = make(chan struct{})
}

// now returns what holds, and a channel that is closed when it changes.
func (i *internet) now() (identity.Internet, <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.is, i.turned
}

// SetInternet says what may be opened beyond the local network, and how. While an address
// is to be hidden, or all is to go through a proxy, nothing is open on the local network
// either. It returns at once, and may be called at any time, from Inbound as well.
func (n *Network) SetInternet(to identity.Internet) {
	to.Homes, to.HideFrom = slices.Clone(to.Homes), slices.Clone(to.HideFrom)
	n.mu.Lock()
	n.secluded = to.Hide || to.Proxy != ""
	n.gate.set(n.open && !n.secluded)
	n.mu.Unlock()
	n.internet.set(to)
}

// Seek looks for a party at once: something waits for it. It returns at once.
func (n *Network) Seek(h identity.Handle) {
	if r := n.currentRelay(); r != nil {
		r.seek(h)
	}
}

// Path returns how the link to a party goes, "lan", "direct" or "relay"; empty without one.
func (n *Network) Path(h identity.Handle) string {
	if l, ok := n.parties.link(h); ok {
		return l.path.String()
	}
	return ""
}

// Relayed returns nil while a circuit is reserved at an own node, so that parties can be
// met through it, and an error that wraps one of package identity otherwise.
func (n *Network) Relayed(at identity.Hint) error {
	r := n.currentRelay()
	if r == nil {
		return fmt.Errorf("%w: the internet is switched off", identity.ErrNodeUnreachable)
	}
	r.mu.Lock()
	k := r.keepers[at.Node]
	r.mu.Unlock()
	if k == nil {
		return fmt.Errorf("%w: none of the own nodes", identity.ErrNodeUnreachable)
	}
	return k.standing()
}

func (n *Network) currentRelay() *relayStation {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.relay
}

// runRelays has one relay station after another while the internet is open.
func (n *Network) runRelays(ctx context.Context, in Inbound) {
	for ctx.Err() == nil {
		is, turned := n.internet.now()
		if !is.Open {
			select {
			case <-turned:
			case <-ctx.Done():
			}
			continue
		}
		s, err := newRelayStation(ctx, n.relayOptions(is), n.options.Presences, n.parties, in, n.log)
		if err != nil {
			n.log.Warn("no relay station", "err", err)
			pause(ctx, pollTime)
			continue
		}
		n.liveRelay(s, is)
	}
}

// liveRelay runs a relay station until its key is old, the network is another one, or what
// it was opened for holds no more.
func (n *Network) liveRelay(s *relayStation, was identity.Internet) {
	n.setRelay(s)
	defer n.setRelay(nil)
	s.spawn(func() {
		defer s.cancel()
		for {
			is, turned := n.internet.now()
			if is.Open != was.Open || is.Hide != was.Hide || is.Proxy != was.Proxy {
				return
			}
			s.setHomes(is.Homes, is.HideFrom)
			select {
			case <-turned:
			case <-s.ctx.Done():
				return
			}
		}
	})
	if n.options.Listen == LAN {
		s.spawn(func() {
			if newWatch(usableInterfaces).changed(s.ctx) {
				n.log.Info("network changed")
			}
			s.cancel()
		})
	}
	s.run()
}

func (n *Network) setRelay(s *relayStation) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.relay = s
}

func (n *Network) relayOptions(is identity.Internet) relayOptions {
	o := relayOptions{listen: n.listenAddrs(), protocol: n.options.Protocol, hide: is.Hide, proxy: is.Proxy, allowed: public}
	if n.options.Listen == Loopback {
		o.allowed = loopbackOnly
	}
	return o
}
