// Barenode is a libp2p host with one open stream on each connection, and nothing else: what
// it holds for a client is the floor that a mailbox node is compared with.
package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "barenode:", err)
		os.Exit(1)
	}
}

func run() error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	key, err := crypto.UnmarshalEd25519PrivateKey(private)
	if err != nil {
		return err
	}
	limits, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(rcmgr.InfiniteLimits), rcmgr.WithMetricsDisabled())
	if err != nil {
		return err
	}
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	h, err := swarm.Open(swarm.Options{Key: key, Limits: limits, Listen: []ma.Multiaddr{swarm.QUICAddr(loopback, 0)}})
	if err != nil {
		return err
	}
	defer h.Close()
	port, _ := h.Ports()
	if err := h.Swarm.Listen(swarm.TCPAddr(loopback, port)); err != nil {
		return err
	}
	bare, err := h.Bare()
	if err != nil {
		return err
	}
	bare.SetStreamHandler(mailbox.ProtocolID, func(s network.Stream) {
		s.Read(make([]byte, 1)) // until it ends
		s.Reset()
	})
	a := identity.NodeAddress{Hint: identity.Hint{Node: [32]byte(public), Port: port, Addr: loopback}}
	fmt.Println("address " + a.String())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	return nil
}
