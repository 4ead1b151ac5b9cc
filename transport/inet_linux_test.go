package transport

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// inet is an internet in network namespaces: a segment whose addresses libp2p takes for
// public (RFC 7535), with a node or two on it, and two homes behind NATs.
type inet struct {
	t      *testing.T
	prefix string
}

// nat is what a home's router does with the ports of those behind it.
type nat string

const (
	masquerade nat = "masquerade"              // keeps a port where it is free
	randomPort nat = "masquerade fully-random" // another one for each connection
	noNAT      nat = ""                        // the computer is on the internet itself
)

// Where the nodes and the homes are.
const (
	nodeIP  = "192.31.196.1"
	nodeIP2 = "192.31.196.2"
)

func homeIP(who byte) string { return fmt.Sprintf("192.31.196.%d", 100+who-'a') }

// newInet lays the segment with two nodes' computers on it.
func newInet(t *testing.T) *inet {
	t.Helper()
	n := &inet{t, fmt.Sprintf("tacit-%d-%s-", os.Getpid(), randomLabel()[:4])}
	n.add("wire")
	n.in("wire", "ip", "link", "add", "name", "seg", "type", "bridge")
	n.in("wire", "ip", "link", "set", "seg", "up")
	n.join("n1", nodeIP)
	n.join("n2", nodeIP2)
	return n
}

func (n *inet) ns(name string) string { return n.prefix + name }

func (n *inet) add(name string) {
	n.t.Helper()
	if out, err := exec.Command("ip", "netns", "add", n.ns(name)).CombinedOutput(); err != nil {
		n.t.Skipf("network namespaces are not permitted here: %v: %s", err, out)
	}
	n.t.Cleanup(func() { exec.Command("ip", "netns", "del", n.ns(name)).Run() })
	n.in(name, "ip", "link", "set", "lo", "up")
}

// in runs a command in a namespace.
func (n *inet) in(name string, args ...string) {
	n.t.Helper()
	args = append([]string{"netns", "exec", n.ns(name)}, args...)
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		n.t.Fatalf("%s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// join puts a new computer on the segment.
func (n *inet) join(name, ip string) {
	n.t.Helper()
	n.add(name)
	n.cable(name, "wan", "wire", "to-"+name)
	n.in("wire", "ip", "link", "set", "to-"+name, "master", "seg")
	n.in(name, "ip", "addr", "add", ip+"/24", "dev", "wan")
}

func (n *inet) cable(a, nicA, b, nicB string) {
	n.t.Helper()
	n.in(a, "ip", "link", "add", "name", nicA, "type", "veth", "peer", "name", nicB, "netns", n.ns(b))
	n.in(a, "ip", "link", "set", nicA, "up")
	n.in(b, "ip", "link", "set", nicB, "up")
}

// home puts somebody's computer on the internet, behind a router if there is a NAT, and
// returns its namespace. Routers answer nothing that was not asked for, as routers do.
func (n *inet) home(who byte, kind nat) string {
	n.t.Helper()
	name, router := string(who), "r"+string(who)
	if kind == noNAT {
		n.join(name, homeIP(who))
		return n.ns(name)
	}
	n.join(router, homeIP(who))
	n.add(name)
	n.cable(name, labNIC, router, "lan")
	n.in(router, "ip", "addr", "add", "10.9.0.1/24", "dev", "lan")
	n.in(name, "ip", "addr", "add", "10.9.0.2/24", "dev", labNIC)
	n.in(name, "ip", "route", "add", "default", "via", "10.9.0.1")
	n.in(router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
	rules := fmt.Sprintf(`table ip home {
	chain out { type nat hook postrouting priority srcnat; oifname "wan" %s; }
	chain in { type filter hook input priority filter; iifname "wan" ct state established,related accept; iifname "wan" drop; }
	chain through { type filter hook forward priority filter; iifname "wan" ct state established,related accept; iifname "wan" drop; }
}`, kind)
	n.in(router, "nft", rules)
	return n.ns(name)
}

// node starts a mailbox node and returns it and its address.
func (n *inet) node(name, ip string) (*labPeer, string) {
	n.t.Helper()
	p := startIn(n.t, n.ns(name), labSpec{Who: 'n', At: ip + ":4001"})
	p.await("address", wait)
	return p, p.address
}
