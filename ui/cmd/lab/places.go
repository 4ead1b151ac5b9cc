package main

import (
	"fmt"
	"net/netip"

	"tacit/ui/cmd/internal/netlab"
)

// pathNames are the paths of the matrix, in its order.
var pathNames = []string{"lan", "direct", "punched", "relayed", "mailbox", "forwarded"}

// places are where the two persons sit for each path.
var places = map[string][2]string{
	"lan":       {"flat-a", "flat-b"}, // one network, one router
	"direct":    {"open", "easy-b"},   // a public address, and a router that keeps ports
	"punched":   {"easy-a", "easy-b"},
	"relayed":   {"hard-a", "hard-b"}, // each conversation has another port
	"mailbox":   {"easy-a", "easy-b"}, // never both online
	"forwarded": {"easy-a", "easy-b"}, // never both online, and hidden from one another
}

const (
	nic    = "eth0"
	second = "eth1" // the other network of the person who moves
)

// Addresses of the nodes and of the person without a router.
const (
	firstNode  = "192.31.196.11"
	secondNode = "192.31.196.12"
	openPlace  = "192.31.196.31"
)

// town is the network of the lab.
type town struct {
	net   *netlab.Net
	hub   *netlab.Segment // the internet
	flat  *netlab.Segment // the network that two share
	hosts map[string]*netlab.Host
}

// home is a network behind a router: who lives there, and what the router does.
type home struct {
	name   string
	nat    netlab.NAT
	hosts  []string
	number int // its network is 10.0.number.0/24, its router's public address 192.31.196.(20+number)
}

var homes = []home{
	{"flat", netlab.KeepPorts, []string{"flat-a", "flat-b"}, 1},
	{"easy1", netlab.KeepPorts, []string{"easy-a"}, 2},
	{"easy2", netlab.KeepPorts, []string{"easy-b"}, 3},
	{"hard1", netlab.RandomPorts, []string{"hard-a"}, 4},
	{"hard2", netlab.RandomPorts, []string{"hard-b"}, 5},
}

// elsewhere is where the person of easy-a goes, with the cable of the other network.
var elsewhere = home{"cafe", netlab.KeepPorts, nil, 6}

func public(ip string) netip.Prefix { return netip.PrefixFrom(netip.MustParseAddr(ip), 24) }

func (h home) private(host int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(h.number), byte(host)}), 24)
}

func (h home) gateway() netip.Addr { return h.private(1).Addr() }

// build lays the whole network onto an empty one.
func build(n *netlab.Net) (*town, error) {
	t := &town{net: n, hosts: map[string]*netlab.Host{}}
	var err error
	if t.hub, err = n.Segment("hub"); err != nil {
		return nil, err
	}
	for name, ip := range map[string]string{"node1": firstNode, "node2": secondNode, "open": openPlace} {
		if err := t.settle(name, t.hub, nic, public(ip)); err != nil {
			return nil, err
		}
	}
	for _, h := range homes {
		inside, err := t.furnish(h)
		if err != nil {
			return nil, err
		}
		if h.name == "flat" {
			t.flat = inside
		}
	}
	cafe, err := t.furnish(elsewhere)
	if err != nil {
		return nil, err
	}
	mover := t.hosts["easy-a"]
	if err := mover.Join(cafe, second, elsewhere.private(10)); err != nil {
		return nil, err
	}
	return t, mover.Plug(second, false)
}

// furnish adds a home with its router and those who live there.
func (t *town) furnish(h home) (*netlab.Segment, error) {
	inside, err := t.net.Segment(h.name)
	if err != nil {
		return nil, err
	}
	outer := public(fmt.Sprintf("192.31.196.%d", 20+h.number))
	if err := t.net.Router(h.name+"-router", h.nat, t.hub, outer, inside, h.private(1)); err != nil {
		return nil, err
	}
	for i, name := range h.hosts {
		if err := t.settle(name, inside, nic, h.private(10+i)); err != nil {
			return nil, err
		}
		if err := t.hosts[name].Route(h.gateway()); err != nil {
			return nil, err
		}
	}
	return inside, nil
}

func (t *town) settle(name string, s *netlab.Segment, nic string, addr netip.Prefix) error {
	h, err := t.net.Host(name)
	if err != nil {
		return err
	}
	t.hosts[name] = h
	return h.Join(s, nic, addr)
}

// lose makes the networks that a path crosses lose packets.
func (t *town) lose(path string, percent int) error {
	if path == "lan" {
		return t.flat.Lose(percent)
	}
	return t.hub.Lose(percent)
}

// move carries easy-a to the other network, or back home.
func (t *town) move(away bool) error {
	h := t.hosts["easy-a"]
	from, to, via := nic, second, elsewhere.gateway()
	if !away {
		from, to, via = second, nic, homes[1].gateway()
	}
	if err := h.Plug(from, false); err != nil {
		return err
	}
	if err := h.Plug(to, true); err != nil {
		return err
	}
	return h.Route(via)
}
