package swarm

import (
	"fmt"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	blankhost "github.com/libp2p/go-libp2p/p2p/host/blank"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	ma "github.com/multiformats/go-multiaddr"
)

// Bare returns the swarm as the libp2p host that circuit relays and their clients want. It
// answers only to the handlers set on it, and takes over the swarm's stream handler.
func (h *Host) Bare() (host.Host, error) {
	b := blankhost.NewBlankHost(h.Swarm, blankhost.WithEventBus(h.bus))
	if b == nil {
		return nil, fmt.Errorf("swarm: no host over it")
	}
	return b, nil
}

// Circuits lets the swarm dial and accept circuits (circuit relay v2), over a host that
// Bare returned.
func (h *Host) Circuits(bare host.Host) error {
	if err := client.AddTransport(bare, h.upgrader); err != nil {
		return fmt.Errorf("circuits: %w", err)
	}
	return nil
}

// CircuitAddr returns the address of whoever has a reservation at a relay, for a swarm
// that is connected to the relay.
func CircuitAddr(relay peer.ID) ma.Multiaddr {
	return ma.StringCast(fmt.Sprintf("/p2p/%s/p2p-circuit", relay))
}
