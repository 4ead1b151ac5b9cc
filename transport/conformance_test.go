package transport_test

import (
	"context"
	"net/netip"
	"testing"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/transport"
	"tacit/transport/mailbox/client"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
	"tacit/transport/mailbox/node"
)

var _ app.InternetTransport = (*transport.Network)(nil)

var protocols = map[string]transport.Protocol{"quic": transport.QUIC, "tcp": transport.TCP}

func TestConformance(t *testing.T) {
	for name, p := range protocols {
		t.Run(name, func(t *testing.T) {
			apptest.TransportSuite(t, func(t *testing.T) (pair [2]app.Transport) {
				for i := range pair {
					n, err := transport.New(transport.Options{Listen: transport.Loopback, Protocol: p})
					if err != nil {
						t.Fatal(err)
					}
					pair[i] = n
				}
				return pair
			})
		})
	}
}

// TestConformanceOverRelay: the promises of the port hold over a node's relay as well.
func TestConformanceOverRelay(t *testing.T) {
	at := startNode(t)
	apptest.TransportSuite(t, func(t *testing.T) (pair [2]app.Transport) {
		for i := range pair {
			pair[i] = newFar(t, at, byte(i))
		}
		return pair
	})
}

// startNode runs a mailbox node until the test ends.
func startNode(t *testing.T) identity.Hint {
	t.Helper()
	d := memory.New(depot.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	n, err := node.New(ctx, node.Options{Depot: d, Listen: netip.MustParseAddrPort("127.0.0.1:0")})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		d.Close()
	})
	return n.Address().Hint
}

// far is a transport that meets all parties at one node alone: no link gives way to a
// better one.
type far struct {
	*transport.Network
	at identity.Hint
}

func newFar(t *testing.T, at identity.Hint, account byte) app.Transport {
	t.Helper()
	is := identity.Internet{Open: true, Homes: []identity.Home{{Node: at, Account: [32]byte{account}}}}
	c := client.New(client.Options{})
	c.SetInternet(is)
	t.Cleanup(c.Close)
	n, err := transport.New(transport.Options{Listen: transport.Loopback, Presences: c})
	if err != nil {
		t.Fatal(err)
	}
	n.SetOpen(false)
	n.SetInternet(is)
	return far{n, at}
}

func (f far) SetParties(list []identity.Party) {
	for i := range list {
		list[i].Node, list[i].Hide = f.at, true
	}
	f.Network.SetParties(list)
}
