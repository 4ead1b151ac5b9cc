package swarm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	blankhost "github.com/libp2p/go-libp2p/p2p/host/blank"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"
)

// libp2p waits a minute for an answer over a circuit: a dead relay, or a hostile one, would
// stand in the way of the others for as long.
func init() {
	client.DialTimeout = defaultTime
	client.ReserveTimeout = defaultTime
	client.StreamTimeout = defaultTime
	client.AcceptTimeout = time.Second
}

// Bare returns the swarm as the libp2p host that circuit relays and their clients want. It
// answers only to the handlers set on it, and takes over the swarm's stream handler.
func (h *Host) Bare() (host.Host, error) {
	b := blankhost.NewBlankHost(h.Swarm, blankhost.WithEventBus(h.bus))
	if b == nil {
		return nil, errors.New("swarm: no host over it")
	}
	return bare{b}, nil
}

// bare opens streams within the time that the context allows, where a blank host waits for
// as long as the other side pleases.
type bare struct{ *blankhost.BlankHost }

func (b bare) NewStream(ctx context.Context, id peer.ID, protocols ...protocol.ID) (network.Stream, error) {
	stream, err := b.Network().NewStream(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(defaultTime)
	}
	err = stream.SetDeadline(deadline)
	var chosen protocol.ID
	if err == nil {
		chosen, err = multistream.SelectOneOf(protocols, stream)
	}
	if err == nil {
		err = errors.Join(stream.SetProtocol(chosen), stream.SetDeadline(time.Time{}))
	}
	if err != nil {
		stream.Reset()
		return nil, fmt.Errorf("protocol: %w", err)
	}
	return stream, nil
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
