package netlab

import (
	"fmt"
	"net/netip"
)

// NAT is how a router gives ports to those behind it.
type NAT string

const (
	// KeepPorts keeps the port of the sender where it is free, whoever is spoken to: holes
	// can be punched through it.
	KeepPorts NAT = "masquerade"
	// RandomPorts gives every conversation another port: nobody can say which is next.
	RandomPorts NAT = "masquerade random,fully-random"
)

// Interfaces of a router.
const (
	wan = "wan"
	lan = "lan"
)

// Router adds a router with an address on either side. Only what answers those inside gets
// in; all else is dropped without a word, as routers at home do.
func (n *Net) Router(name string, nat NAT, outside *Segment, public netip.Prefix, inside *Segment, private netip.Prefix) error {
	box, err := n.Host(name)
	if err != nil {
		return err
	}
	if err := box.Join(outside, wan, public); err != nil {
		return err
	}
	if err := box.Join(inside, lan, private); err != nil {
		return err
	}
	if err := n.run("ip", "netns", "exec", box.ns, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"); err != nil {
		return err
	}
	return box.nft(fmt.Sprintf(`table ip router {
	chain leave { type nat hook postrouting priority 100; oifname %q %s; }
	chain arrive { type filter hook input priority 0; iifname %q ct state new,invalid drop; }
	chain pass { type filter hook forward priority 0; iifname %q ct state new,invalid drop; }
}
`, wan, nat, wan, wan))
}
