package main

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tacit/ui/cmd/internal/drive"
	"tacit/ui/cmd/internal/netlab"
)

// internet is a node with a public address, and two homes behind routers of their own that
// keep ports.
type internet struct {
	*world
	net   *netlab.Net
	hub   *netlab.Segment
	homes [2]*netlab.Host
	node  string // its address
}

// Public addresses of the node and of the routers.
const nodeAddr = "192.31.196.11"

var routerAddrs = [2]string{"192.31.196.21", "192.31.196.22"}

func newInternet(t *testing.T) *internet {
	t.Helper()
	n, err := netlab.New(t.Context())
	if errors.Is(err, netlab.ErrRefused) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	i := &internet{world: newWorld(t), net: n}
	i.takeTime()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	i.hub, err = n.Segment("hub")
	must(err)
	node, err := n.Host("node")
	must(err)
	must(node.Join(i.hub, "eth0", netip.MustParsePrefix(nodeAddr+"/24")))
	for side, name := range []string{"one", "two"} {
		inside, err := n.Segment(name)
		must(err)
		at := netip.AddrFrom4([4]byte{10, 0, byte(side + 1), 1})
		must(n.Router(name+"-router", netlab.KeepPorts, i.hub, netip.MustParsePrefix(routerAddrs[side]+"/24"), inside, netip.PrefixFrom(at, 24)))
		i.homes[side], err = n.Host(name + "-host")
		must(err)
		must(i.homes[side].Join(inside, "eth0", netip.PrefixFrom(at.Next(), 24)))
		must(i.homes[side].Route(at))
	}
	args := node.Command(i.exe, "mailbox", "--data", i.path("node"), "--listen", nodeAddr+":4001")
	m, err := drive.StartMailbox(i.ctx, t.Output(), args[0], args[1:]...)
	must(err)
	t.Cleanup(m.Kill)
	i.node = m.Address
	return i
}

// at starts a new profile in one of the homes, with the node, hidden from contacts or not.
func (i *internet) at(home int, name string, hide bool) *drive.Process {
	i.t.Helper()
	i.init(name)
	p := i.appear(home, name)
	i.call(p, "preferences.set", map[string]any{"hide_address": hide}, nil)
	i.useNode(p, i.node)
	return p
}

func (i *internet) appear(home int, name string) *drive.Process {
	i.t.Helper()
	args := i.homes[home].Command(i.exe, "run", "--profile", i.path(name), "--passphrase-file", i.path("pass"))
	p, err := drive.Start(i.t.Output(), args[0], args[1:]...)
	if err != nil {
		i.t.Fatal(err)
	}
	i.t.Cleanup(p.Kill)
	return p
}

// TestMeetOverTheInternet: two behind routers of their own, who have nothing in common but a
// card sent as a link, pair over the node that it names, and then speak straight to each other.
func TestMeetOverTheInternet(t *testing.T) {
	i := newInternet(t)
	amina, claire := i.at(0, "Amina", false), i.at(1, "Claire", false)
	m, err := drive.Pair(i.ctx, amina, claire, nil)
	if err != nil {
		t.Fatal(err)
	}
	i.awaitPath(amina, m.Presenter, "direct")
	id := i.send(amina, m.Presenter, "through two routers")
	if got := i.received(claire, "through two routers"); got.Text("path") != "direct" {
		t.Errorf("it came by %q", got.Text("path"))
	}
	i.awaitState(amina, id, "delivered")
}

// TestHiddenAddress: who hides from contacts speaks to them over the node alone: not a packet
// goes from one home to the other, and the contact's router never sees one of the other's.
func TestHiddenAddress(t *testing.T) {
	i := newInternet(t)
	amina, claire := i.at(0, "Amina", true), i.at(1, "Claire", false)
	for side, h := range i.homes {
		if err := h.Count(routerAddrs[1-side]); err != nil {
			t.Fatal(err)
		}
	}
	m, err := drive.Pair(i.ctx, amina, claire, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two", "three"} {
		id := i.send(amina, m.Presenter, text)
		if got := i.received(claire, text).Text("path"); !slices.Contains([]string{"relay", "mailbox"}, got) {
			t.Errorf("it came by %q", got)
		}
		i.awaitState(amina, id, "delivered")
	}
	i.awaitPath(claire, m.Scanner, "relay")
	for side, h := range i.homes {
		if n, err := h.Counted(); n > 0 || err != nil {
			t.Errorf("%d packets went from home %d straight to the other, %v", n, side, err)
		}
	}
	if out := strings.Join(i.texts(claire, m.Scanner), " "); out != "one two three" {
		t.Errorf("Claire has %q", out)
	}
}
