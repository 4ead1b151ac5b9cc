package transport

import (
	"context"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/zeroconf/v2"
)

const somePeer = "12D3KooWRBhwfeP2Y4TCx1SM6s9rUoHhR5STiGwxBhgFRcw3UERE"

func someID(t testing.TB) peer.ID {
	id, err := peer.Decode(somePeer)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAnnouncement(t *testing.T) {
	a := announcement{id: someID(t), quic: 4001, tcp: 65535}
	want := []string{"e=" + somePeer, "q=4001", "t=65535"}
	if got := a.text(); !reflect.DeepEqual(got, want) {
		t.Errorf("text: %q, want %q", got, want)
	}
	if got, err := parseAnnouncement(want); err != nil || got != a {
		t.Errorf("parsed: %v, %v", got, err)
	}
	for _, bad := range [][]string{
		nil,
		{"e=" + somePeer},
		{"e=" + somePeer, "t=65535", "q=4001"},
		{"e=" + somePeer, "q=4001", "t=65535", "name=x"},
		{"e=", "q=4001", "t=65535"},
		{"e=" + somePeer + "x", "q=4001", "t=65535"},
		{"e=" + strings.Repeat("1", 1000), "q=4001", "t=65535"},
		{"e=" + somePeer, "q=65536", "t=1"},
		{"e=" + somePeer, "q=-1", "t=1"},
		{"e=" + somePeer, "q=0", "t=0"},
		{"e=" + somePeer, "q=01", "t=1"},
	} {
		if got, err := parseAnnouncement(bad); err == nil {
			t.Errorf("%q was taken for %v", bad, got)
		}
	}
}

// TestMDNSEntry: what an entry of multicast DNS says is not believed beyond the own
// networks.
func TestMDNSEntry(t *testing.T) {
	b := mdnsBeacon{interfaces: func() []nic { return []nic{nicAt("eth0", "192.168.1.7/24")} }}
	e := &zeroconf.ServiceEntry{
		Text:     announcement{id: someID(t), quic: 1, tcp: 2}.text(),
		AddrIPv4: []net.IP{net.IPv4(8, 8, 8, 8), net.IPv4(192, 168, 1, 9), net.IPv4(127, 0, 0, 1)},
	}
	s, ok := b.sighting(e)
	if !ok || !reflect.DeepEqual(s.from, []netip.Addr{netip.MustParseAddr("192.168.1.9")}) {
		t.Errorf("sighting at %v, %v", s.from, ok)
	}
	if got := len(s.addrs()); got != 2 {
		t.Errorf("%d addresses to dial, want QUIC and TCP", got)
	}
	e.AddrIPv4 = e.AddrIPv4[:1]
	if s, ok := b.sighting(e); ok {
		t.Errorf("a host elsewhere: %v", s.from)
	}
}

// TestLoopbackBeacons: one process more than there are ports, and all know one another.
func TestLoopbackBeacons(t *testing.T) {
	const processes = loopbackPorts + 1
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	var mu sync.Mutex
	known := make(map[[2]uint16]bool)
	for i := range uint16(processes) {
		id := []byte(someID(t))
		id[len(id)-1] = byte(i)
		own := announcement{id: peer.ID(id), quic: i + 1}
		running.Go(func() {
			err := loopbackBeacon{first: 20200}.run(ctx, own, func(s sighting) {
				mu.Lock()
				defer mu.Unlock()
				known[[2]uint16{own.quic, s.quic}] = true
			})
			if err != nil {
				t.Errorf("beacon: %v", err)
			}
		})
	}
	poll(t, "all know all", 3*time.Second, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(known) == processes*(processes-1)
	})
	cancel()
	running.Wait()
}
