package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/transport/near"
)

// NearbyPeer is somebody who pairs on this network at this moment.
type NearbyPeer = struct {
	ID             string // throw-away: of this moment
	Animal, Number int    // the name that they are shown under
	Picks          bool   // they picked this computer
}

// NearbyInbound hears of those who pair nearby, one call at a time.
type NearbyInbound = interface {
	// NearbyChanged tells the own name and who is there, at once and whenever it is another.
	NearbyChanged(animal, number int, peers []NearbyPeer)
	// NearbyAgreed asks for a card for a peer: both have picked each other.
	NearbyAgreed(id string)
	// NearbyCard hands over what a peer said as a card.
	NearbyCard(id, card string)
}

// ErrShut is returned by RunNearby while the local network is switched off.
var ErrShut = errors.New("transport: the local network is switched off")

// RunNearby shows this computer to others who pair on the local network, under a peer key
// of its own, until ctx ends, and then returns nil. It returns ErrShut when the local
// network is or gets switched off, another error if it cannot begin, and nothing of it is
// open then. One runs at a time.
func (n *Network) RunNearby(ctx context.Context, in NearbyInbound) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var gate sync.WaitGroup
	defer gate.Wait()
	defer cancel(nil)
	if n.gate.isShut() {
		return ErrShut
	}
	gate.Go(func() {
		if _, shut := n.gate.await(ctx, false); shut {
			cancel(ErrShut)
		}
	})
	for ctx.Err() == nil {
		s, err := newNearStation(n.listenAddrs(), n.options.Protocol, n.nearBeacon(), in, n.log)
		if err != nil {
			return err
		}
		n.liveNearby(ctx, s)
	}
	if err := context.Cause(ctx); errors.Is(err, ErrShut) {
		return err
	}
	return nil
}

// liveNearby runs a station until ctx ends or the network is another one.
func (n *Network) liveNearby(ctx context.Context, s *nearStation) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n.setNear(s)
	defer n.setNear(nil)
	if n.options.Listen == LAN {
		s.spawn(func() {
			if newWatch(usableInterfaces).changed(ctx) {
				n.log.Info("network changed")
			}
			cancel()
		})
	}
	s.run(ctx)
}

func (n *Network) setNear(s *nearStation) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.near = s
}

func (n *Network) currentNear() *nearStation {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.near
}

// PickNearby picks a peer in place of whoever was picked before; "" picks nobody, and so
// does a peer that is gone. It does not wait.
func (n *Network) PickNearby(id string) {
	if s := n.currentNear(); s != nil {
		s.step(func(m *near.Machine) near.Out {
			out, ok := m.Pick(nearID(id))
			if !ok {
				out, _ = m.Pick("")
			}
			return out
		})
	}
}

// SayNearby says the card that NearbyAgreed asked for. It reports false, and says nothing,
// where the two have not picked each other any more, or a card was said since. It does not wait.
func (n *Network) SayNearby(id, card string) (said bool) {
	if s := n.currentNear(); s != nil {
		s.step(func(m *near.Machine) (out near.Out) {
			out, said = m.Say(nearID(id), card)
			return out
		})
	}
	return said
}

// nearID returns what an ID of the port stands for; that of nobody for what is none.
func nearID(id string) near.ID {
	p, err := peer.Decode(id)
	if err != nil {
		return ""
	}
	return near.ID(p)
}

// drawName draws a random name.
func drawName() near.Name {
	return near.Name{
		Animal: rand.IntN(near.Animals),
		Number: near.MinNumber + rand.IntN(near.MaxNumber-near.MinNumber+1),
	}
}
