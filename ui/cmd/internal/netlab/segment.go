package netlab

import (
	"fmt"
	"net/netip"
	"strings"
)

// Segment is a switch that joins the computers plugged into it.
type Segment struct {
	box   *Host
	ports []string
}

const bridge = "switch0"

// Segment adds a switch.
func (n *Net) Segment(name string) (*Segment, error) {
	box, err := n.Host(name)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"link", "add", "name", bridge, "type", "bridge"},
		{"link", "set", bridge, "up"},
	} {
		if err := box.ip(args...); err != nil {
			return nil, err
		}
	}
	return &Segment{box: box}, nil
}

// Join plugs a computer into the switch, with the name of its interface and its address there.
func (h *Host) Join(s *Segment, nic string, addr netip.Prefix) error {
	h.net.ports++
	port := fmt.Sprintf("port%d", h.net.ports)
	err := h.net.run("ip", "link", "add", nic, "netns", h.ns, "type", "veth", "peer", "name", port, "netns", s.box.ns)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		on   *Host
		args []string
	}{
		{s.box, []string{"link", "set", port, "master", bridge, "up"}},
		{h, []string{"addr", "add", addr.String(), "dev", nic}},
		{h, []string{"link", "set", nic, "up"}},
	} {
		if err := step.on.ip(step.args...); err != nil {
			return err
		}
	}
	s.ports = append(s.ports, port)
	return nil
}

// Lose makes the switch lose so many of a hundred packets, each once on its way through it.
// Those who join later lose none.
func (s *Segment) Lose(percent int) error {
	return s.box.nft(lossRules(s.ports, percent))
}

// lossRules drops at random where packets enter the switch. ARP is spared: who is not even
// found loses everything.
func lossRules(ports []string, percent int) string {
	rules := "add table netdev loss\ndelete table netdev loss\n"
	if percent == 0 || len(ports) == 0 {
		return rules
	}
	quoted := make([]string, len(ports))
	for i, p := range ports {
		quoted[i] = `"` + p + `"`
	}
	return rules + fmt.Sprintf(`table netdev loss {
	chain enter {
		type filter hook ingress devices = { %s } priority 0;
		ether type != arp numgen random mod 100 < %d drop
	}
}
`, strings.Join(quoted, ", "), percent)
}
