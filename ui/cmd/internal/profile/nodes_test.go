package profile

import (
	"context"
	"net/netip"
	"testing"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/transport/mailbox/client"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
	"tacit/transport/mailbox/node"
)

// TestNodesSuite holds the client and real nodes on loopback to what the messenger is promised.
func TestNodesSuite(t *testing.T) {
	apptest.NodesSuite(t, func(t *testing.T) apptest.NodesWorld {
		return apptest.NodesWorld{
			Nodes: [2]identity.Hint{startNode(t), startNode(t)},
			Open: func(t *testing.T) app.Nodes {
				c := client.New(client.Options{})
				t.Cleanup(c.Close)
				return c
			},
		}
	})
}

// startNode runs a node on loopback until the test ends.
func startNode(t *testing.T) identity.Hint {
	t.Helper()
	d := memory.New(depot.Options{})
	t.Cleanup(func() { d.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	n, err := node.New(ctx, node.Options{
		Depot: d, Listen: netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0), AllowPrivate: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("node: %v", err)
		}
	})
	return n.Address().Hint
}
