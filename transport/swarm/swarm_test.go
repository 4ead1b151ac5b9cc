package swarm

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"
	"go.uber.org/goleak"

	"tacit/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

func open(t *testing.T, o Options) *Host {
	t.Helper()
	h, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

// hintOf returns the hint of a host that listens on QUIC.
func hintOf(t *testing.T, h *Host) identity.Hint {
	t.Helper()
	k, err := h.ID.ExtractPublicKey()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := k.Raw()
	if err != nil {
		t.Fatal(err)
	}
	quicPort, tcpPort := h.Ports()
	return identity.Hint{Node: [32]byte(raw), Addr: loopback, Port: max(quicPort, tcpPort)}
}

// TestDialNode: a node is found by its key; one with another key is not, nor one at an
// address that is not allowed.
func TestDialNode(t *testing.T) {
	for name, p := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			node := open(t, Options{Listen: []ma.Multiaddr{QUICAddr(loopback, 0), TCPAddr(loopback, 0)}, Protocol: p})
			hint := hintOf(t, node)
			c := open(t, Options{Protocol: p})
			if n := len(c.Swarm.ListenAddresses()); n != 0 {
				t.Errorf("a host that only dials listens on %d addresses", n)
			}
			none := func(netip.Addr) bool { return false }
			if _, err := c.DialNodeAt(t.Context(), hint, none); err == nil {
				t.Error("dials what is not allowed")
			}
			first, err := c.DialNode(t.Context(), hint)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := c.DialNode(t.Context(), hint); err != nil || again != first {
				t.Errorf("another connection to the same node: %v", err)
			}
			other := hint
			other.Node = hintOf(t, open(t, Options{Listen: []ma.Multiaddr{QUICAddr(loopback, 0)}})).Node
			if _, err := c.DialNode(t.Context(), other); err == nil {
				t.Error("takes another key for the node's")
			}
		})
	}
}

// TestKeyIsKept: a host with a key is that peer each time, and one without is another.
func TestKeyIsKept(t *testing.T) {
	a := open(t, Options{})
	key := a.Swarm.Peerstore().PrivKey(a.ID)
	if b := open(t, Options{Key: key}); b.ID != a.ID {
		t.Error("another peer under the same key")
	}
	if c := open(t, Options{}); c.ID == a.ID {
		t.Error("the same peer without a key")
	}
}

func TestCheckProxy(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.1:9050":        "127.0.0.1:9050",
		"localhost:9050":        "127.0.0.1:9050",
		"[::1]:9050":            "[::1]:9050",
		"192.168.1.7:1080":      "192.168.1.7:1080",
		"proxy.example:1080":    "", // its name would have to be asked for past it
		"127.0.0.1":             "",
		"127.0.0.1:0":           "",
		"127.0.0.1:70000":       "",
		"socks5://127.0.0.1:80": "",
		":9050":                 "",
		"":                      "",
	} {
		got, err := CheckProxy(text)
		if (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
		if err != nil && !errors.Is(err, ErrProxy) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Open(Options{Proxy: "proxy.example:1080"}); !errors.Is(err, ErrProxy) {
		t.Errorf("Open: %v", err)
	}
}

// TestProxiedHost: nothing is listened on, QUIC is not spoken, and names go to the proxy
// as they are.
func TestProxiedHost(t *testing.T) {
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	h := open(t, Options{Proxy: proxy.Addr().String(), Protocol: QUIC, Listen: []ma.Multiaddr{TCPAddr(loopback, 0), QUICAddr(loopback, 0)}})
	if n := len(h.Swarm.ListenAddresses()); n != 0 {
		t.Errorf("listens on %d addresses", n)
	}
	if h.Swarm.TransportForDialing(QUICAddr(loopback, 1)) != nil {
		t.Error("speaks QUIC, past the proxy")
	}
	asked := make(chan []byte, 1)
	go func() {
		c, err := proxy.Accept()
		if err != nil {
			close(asked)
			return
		}
		defer c.Close()
		buf := make([]byte, 300)
		n, _ := c.Read(buf)
		asked <- buf[:n]
	}()
	hint := hintOf(t, open(t, Options{Listen: []ma.Multiaddr{TCPAddr(loopback, 0)}}))
	hint.Addr, hint.Name = netip.Addr{}, "node.example"
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := h.DialNodeAt(ctx, hint, func(netip.Addr) bool { return false }); err == nil {
		t.Error("connected through a proxy that said nothing")
	}
	select {
	case b := <-asked:
		if len(b) == 0 || b[0] != 5 {
			t.Errorf("said to the proxy: %x", b)
		}
	case <-time.After(2 * time.Second):
		t.Error("the proxy was not asked")
	}
}

// TestStandIns: each name has one address, out of a range that leads nowhere.
func TestStandIns(t *testing.T) {
	n, err := newNames("127.0.0.1:9050")
	if err != nil {
		t.Fatal(err)
	}
	a, b := n.standIn("a.example"), n.standIn("b.example")
	if a == b || n.standIn("a.example") != a || !netip.MustParsePrefix("100::/64").Contains(a) {
		t.Errorf("%v, %v", a, b)
	}
	if name, ok := n.name(b); !ok || name != "b.example" {
		t.Errorf("%v stands for %q", b, name)
	}
	if _, ok := n.name(loopback); ok {
		t.Error("an address stands for a name that was never given")
	}
}

// TestBareIsNotKept: a peer that takes a stream and never answers costs the caller no more
// than its own time.
func TestBareIsNotKept(t *testing.T) {
	mute := open(t, Options{Listen: []ma.Multiaddr{QUICAddr(loopback, 0)}})
	mute.Swarm.SetStreamHandler(func(s network.Stream) {})
	h := open(t, Options{})
	bare, err := h.Bare()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.DialNode(t.Context(), hintOf(t, mute)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := bare.NewStream(ctx, mute.ID, "/x"); err == nil || time.Since(begin) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}
