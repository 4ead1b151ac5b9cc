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
	WireRelay    = "relay"    // leads to a node over which parties are met
	WireUnproven = "unproven" // being dialled or accepted: nothing is proven, and it ends soon
)

var wireOrder = map[string]int{WireBeacon: 0, WireListen: 1, WireContact: 2, WireRelay: 3, WireUnproven: 4}

// Where beacons speak to.
var (
	mdnsGroups    = []string{"udp 224.0.0.251:5353", "udp [ff02::fb]:5353"} // RFC 6762
	loopbackRange = []string{fmt.Sprintf("udp 127.0.0.1:%d-%d", loopbackPort, loopbackPort+loopbackPorts-1)}
	nearbyRange   = []string{fmt.Sprintf("udp 127.0.0.1:%d-%d", nearbyPort, nearbyPort+loopbackPorts-1)}
)

// SetOpen closes everything on the local network: hosts, beacon and links, and dials
// nothing there any more; or opens it again. It returns at once; Connections has nothing of
// it when all is closed. It may be called at any time, from Inbound as well.
func (n *Network) SetOpen(open bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open = open
	n.gate.set(open && !n.secluded)
}

// Connections returns what is open now, in the order of the kinds and of age.
func (n *Network) Connections() []Wire {
	n.mu.Lock()
	s, r, near := n.station, n.relay, n.near
	n.mu.Unlock()
	var wires []Wire
	if s != nil {
		wires = s.wires(func(network.Conn) bool { return false })
		for _, to := range n.beaconAt() {
			wires = append(wires, Wire{Kind: WireBeacon, Remote: to, Since: s.since})
		}
	}
	if near != nil {
		wires = append(wires, near.wires(func(network.Conn) bool { return false })...)
		for _, to := range n.nearBeaconAt() {
			wires = append(wires, Wire{Kind: WireBeacon, Remote: to, Since: near.since})
		}
	}
	if r != nil {
		wires = append(wires, r.wires(r.leadsToNode)...)
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

// nearBeaconAt is beaconAt for those who pair nearby.
func (n *Network) nearBeaconAt() []string {
	if n.watch == nil {
		return nearbyRange
	}
	return n.beaconAt()
}

// wires returns the listeners and connections of a host. isRelay picks those to relays.
func (g *greeter) wires(isRelay func(network.Conn) bool) (wires []Wire) {
	for _, a := range g.host.Swarm.ListenAddresses() {
		if !swarm.IPOf(a).IsValid() {
			continue // circuits, at no address of this computer
		}
		wires = append(wires, Wire{Kind: WireListen, Remote: plainAddr(a), Since: g.since})
	}
	for _, c := range g.host.Swarm.Conns() {
		w := Wire{Kind: WireUnproven, Remote: plainAddr(c.RemoteMultiaddr()), Since: c.Stat().Opened}
		if isRelay(c) {
			w.Kind = WireRelay
			wires = append(wires, w)
			continue
		}
		handles := g.parties.on(c)
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
