package apptest

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"tacit/app"
)

// errShut ends RunNearby where the local network is switched off.
var errShut = errors.New("the local network is switched off")

// stay is somebody who pairs nearby in memory. Everything but wake is guarded by net.mu.
type stay struct {
	t       *Transport
	id      string
	number  int // among all stays ever; the lower one of two says the card
	picked  *stay
	said    bool   // a card, or asked for one that was, since both picked
	changed bool   // NearbyChanged is due
	agreed  string // NearbyAgreed is due
	from    string // NearbyCard is due
	card    string
	wake    chan struct{}
}

// RunNearby implements app.Transport.
func (t *Transport) RunNearby(ctx context.Context, in app.NearbyInbound) error {
	s, err := t.net.enter(t)
	if err != nil {
		return err
	}
	defer t.net.exit(s)
	for {
		if err := s.tell(in); err != nil {
			return err
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil
		}
	}
}

// tell makes the calls that are due.
func (s *stay) tell(in app.NearbyInbound) error {
	n := s.t.net
	n.mu.Lock()
	shut, changed, agreed, from, card := s.t.shut, s.changed, s.agreed, s.from, s.card
	s.changed, s.agreed, s.from, s.card = false, "", "", ""
	var peers []app.NearbyPeer
	for _, o := range n.stays {
		if o != s && !n.cut[[2]*Transport{s.t, o.t}] {
			peers = append(peers, app.NearbyPeer{ID: o.id, Animal: o.number % 64, Number: 10 + o.number%90, Picks: o.picked == s})
		}
	}
	n.mu.Unlock()
	if shut {
		return errShut
	}
	if changed {
		in.NearbyChanged(s.number%64, 10+s.number%90, peers)
	}
	if agreed != "" {
		in.NearbyAgreed(agreed)
	}
	if card != "" {
		in.NearbyCard(from, card)
	}
	return nil
}

// PickNearby implements app.Transport.
func (t *Transport) PickNearby(id string) {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	if s := t.nearby; s != nil {
		s.pick(t.net.stay(id))
	}
}

// pick picks another, or nobody. The caller holds net.mu.
func (s *stay) pick(to *stay) {
	if to == s.picked {
		return
	}
	before := s.picked
	s.picked = to
	for _, o := range []*stay{before, to} {
		if o == nil {
			continue
		}
		first := s
		if o.number < s.number {
			first = o
		}
		s.said, o.said = false, o.said && o.picked != s
		if o.picked == s && o == to {
			first.agreed = s.id
			if first == s {
				first.agreed = o.id
			}
		}
		o.nudge()
	}
	s.nudge()
}

// SayNearby implements app.Transport.
func (t *Transport) SayNearby(id, card string) bool {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	s, to := t.nearby, t.net.stay(id)
	if s == nil || to == nil || s.picked != to || to.picked != s || s.said || s.number > to.number {
		return false
	}
	s.said, to.from, to.card = true, s.id, card
	to.nudge()
	return true
}

// nudge has what is due told. The caller holds net.mu.
func (s *stay) nudge() {
	s.changed = true
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// stay returns that of an ID, or nil. The caller holds mu.
func (n *Network) stay(id string) *stay {
	i := slices.IndexFunc(n.stays, func(s *stay) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return n.stays[i]
}

func (n *Network) enter(t *Transport) (*stay, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t.shut {
		return nil, errShut
	}
	n.staysEver++
	s := &stay{t: t, id: "stay " + strconv.Itoa(n.staysEver), number: n.staysEver, wake: make(chan struct{}, 1)}
	t.nearby = s
	n.stays = append(n.stays, s)
	n.nudgeStays()
	return s, nil
}

func (n *Network) exit(s *stay) {
	n.mu.Lock()
	defer n.mu.Unlock()
	s.t.nearby = nil
	n.stays = slices.DeleteFunc(n.stays, func(o *stay) bool { return o == s })
	for _, o := range n.stays {
		if o.picked == s {
			o.picked, o.said = nil, false
		}
	}
	n.nudgeStays()
}

// nudgeStays has everybody told anew. The caller holds mu.
func (n *Network) nudgeStays() {
	for _, s := range n.stays {
		s.nudge()
	}
}
