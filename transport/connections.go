package transport

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/swarm"
)

// Wire is one thing that is open: a beacon, a listener or a connection.
type Wire = struct {
	Kind   string          // one of the kinds below
	Remote string          // protocol and address, "udp 192.168.1.7:40123": of the far side, of a listener the own, of a beacon where it speaks to
	Handle identity.Handle // of WireContact; a connection has one entry for each party
	Since  time.Time
}

// The kinds of a Wire, in the order in which Connections returns them.
const (
	WireBeacon   = "beacon"   // says the throw-away peer ID and the ports
	WireListen   = "listen"   // waits for connections
	WireContact  = "contact"  // a link to a party is proven on it
	WireUnproven = "unproven" // being dialled or accepted: nothing is proven, and it ends soon
)

var wireOrder = map[string]int{WireBeacon: 0, WireListen: 1, WireContact: 2, WireUnproven: 3}

// Where beacons speak to.
var (
	mdnsGroups    = []string{"udp 224.0.0.251:5353", "udp [ff02::fb]:5353"} // RFC 6762
	loopbackRange = []string{fmt.Sprintf("udp 127.0.0.1:%d-%d", loopbackPort, loopbackPort+loopbackPorts-1)}
)

// SetOpen closes everything: hosts, beacon and links, and dials nothing any more; or opens
// it again. It returns at once; Connections is empty when all is closed. It may be called
// at any time, from Inbound as well.
func (n *Network) SetOpen(open bool) { n.gate.set(open) }

// Connections returns what is open now, in the order of the kinds and of age.
func (n *Network) Connections() []Wire {
	n.mu.Lock()
	s := n.station
	n.mu.Unlock()
	if s == nil {
		return nil
	}
	wires := s.wires()
	for _, to := range n.beaconAt() {
		wires = append(wires, Wire{Kind: WireBeacon, Remote: to, Since: s.since})
	}
	slices.SortFunc(wires, func(a, b Wire) int {
		return cmp.Or(cmp.Compare(wireOrder[a.Kind], wireOrder[b.Kind]), a.Since.Compare(b.Since), cmp.Compare(a.Remote, b.Remote))
	})
	return wires
}

// beaconAt returns where the beacon speaks to: nowhere without a network.
func (n *Network) beaconAt() []string {
	switch {
	case n.watch == nil:
		return loopbackRange
	case len(n.watch.interfaces()) == 0:
		return nil
	}
	return mdnsGroups
}

// wires returns the listeners and connections of a station.
func (s *station) wires() (wires []Wire) {
	for _, a := range s.host.Swarm.ListenAddresses() {
		wires = append(wires, Wire{Kind: WireListen, Remote: plainAddr(a), Since: s.since})
	}
	for _, c := range s.host.Swarm.Conns() {
		w := Wire{Kind: WireUnproven, Remote: plainAddr(c.RemoteMultiaddr()), Since: c.Stat().Opened}
		handles := s.parties.on(c)
		if len(handles) == 0 {
			wires = append(wires, w)
		}
		for _, h := range handles {
			w.Kind, w.Handle = WireContact, h
			wires = append(wires, w)
		}
	}
	return wires
}

// on returns the parties that have a link on a connection.
func (p *parties) on(c network.Conn) (handles []identity.Handle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for h, s := range p.seats {
		if slices.ContainsFunc(s.links, func(l *link) bool { return l.conn == c }) {
			handles = append(handles, h)
		}
	}
	return handles
}

// plainAddr writes an address as people know them.
func plainAddr(a ma.Multiaddr) string {
	protocol, port := "udp", swarm.PortOf(a, ma.P_UDP)
	if port == 0 {
		protocol, port = "tcp", swarm.PortOf(a, ma.P_TCP)
	}
	return protocol + " " + netip.AddrPortFrom(swarm.IPOf(a), port).String()
}
