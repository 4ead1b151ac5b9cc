package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"tacit/identity"
)

// Nearby is a stay among those who pair on this network at this moment.
type Nearby struct {
	Open     bool
	Name     NearbyName      // under which others see this computer
	Partners []NearbyPartner // in the order in which they came
	Picked   string          // ID of a partner; empty: nobody
	Pairing  PairingID       // with whom was picked; empty: none. It outlives the stay
	Until    time.Time       // when it ends by itself
	Err      error           // why it ended, or why nothing came of the last pick
}

// NearbyPartner is somebody else who pairs at this moment. Nothing of it is proven.
type NearbyPartner struct {
	ID    string // throw-away: of this moment
	Name  NearbyName
	Picks bool // they picked this computer
	Twin  bool // somebody else there has the same name, or this computer
}

// nearbyStay is a stay in the loop's memory.
type nearbyStay struct {
	view   Nearby
	until  time.Duration // Clock.Elapsed
	cancel context.CancelFunc
	done   chan struct{} // closed when nothing of it is open any more
}

// StartNearby shows this computer to others who pair on this network, for at most
// NearbyLife. Where it is shown already, that goes on. ErrNearbyOff while the local network
// is switched off, ErrNearbyHidden while the address is hidden or all goes through a proxy.
func (m *Messenger) StartNearby(ctx context.Context) (Nearby, error) {
	var view Nearby
	err := m.do(ctx, inMemory, func(w *work) error {
		if err := nearbyAllowed(w.preferences()); err != nil {
			return refuse(err)
		}
		w.later(func() {
			if !w.m.nearbyOpen() {
				w.m.openNearby()
			}
			view = w.m.nearbyView()
		})
		return nil
	})
	return view, err
}

// StopNearby shows this computer to others no more: when it returns, nothing of it is
// open. A card that nobody has answered is void; a pairing that has begun goes on.
func (m *Messenger) StopNearby(ctx context.Context) error {
	var done chan struct{}
	err := m.do(ctx, inMemory, func(w *work) error {
		w.later(func() {
			if s := w.m.nearby; s != nil {
				done = s.done
				w.m.endNearby(nil)
			}
		})
		return nil
	})
	if err != nil || done == nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-m.stopped:
		return ErrClosed
	}
}

// PickNearby picks a partner in place of whoever was picked before; "" picks nobody. When
// both have picked each other, a pairing begins by itself. ErrNotFound.
func (m *Messenger) PickNearby(ctx context.Context, id string) error {
	return m.do(ctx, inMemory, func(w *work) error {
		if !w.m.nearbyOpen() || id != "" && w.m.nearby.partner(id) == nil {
			return refuse(ErrNotFound)
		}
		w.later(func() { w.m.pickNearby(id, nil) })
		return nil
	})
}

// nearbyAllowed reports whether this computer may be shown on the local network.
func nearbyAllowed(p Preferences) error {
	switch {
	case p.HideAddress || p.Proxy != "":
		return ErrNearbyHidden
	case !p.LAN:
		return ErrNearbyOff
	}
	return nil
}

func (m *Messenger) nearbyOpen() bool { return m.nearby != nil && m.nearby.view.Open }

// nearbyView returns what is shown. The slice is never changed in place.
func (m *Messenger) nearbyView() Nearby {
	if m.nearby == nil {
		return Nearby{}
	}
	return m.nearby.view
}

func (m *Messenger) tellNearby() { m.subs.broadcast(NearbyChanged{m.nearbyView()}) }

// openNearby begins a stay, when the one before it has ended.
func (m *Messenger) openNearby() {
	ctx, cancel := context.WithCancel(m.lifetime)
	s := &nearbyStay{until: m.clock.Elapsed() + NearbyLife, cancel: cancel, done: make(chan struct{})}
	s.view = Nearby{Open: true, Until: m.clock.Now().Add(NearbyLife)}
	before := m.nearby
	m.nearby = s
	m.senders.Go(func() {
		defer close(s.done)
		if before != nil {
			<-before.done
		}
		err := m.transport.RunNearby(ctx, nearbyInbound{m, s})
		if ctx.Err() != nil {
			return
		}
		m.log.Warn("not shown nearby", "err", err)
		m.doWhile(ctx, inMemory, func(w *work) error {
			w.later(func() { w.m.nearbyFailed(s) })
			return nil
		})
	})
	m.tellNearby()
}

// nearbyFailed ends a stay that the transport ended.
func (m *Messenger) nearbyFailed(s *nearbyStay) {
	if m.nearby == s {
		m.endNearby(ErrNearbyFailed)
	}
}

// endNearby ends the stay. Of its pairing only one that was answered goes on.
func (m *Messenger) endNearby(err error) {
	s := m.nearby
	if !s.view.Open {
		return
	}
	s.cancel()
	m.dropNearby(s, false)
	s.view = Nearby{Pairing: s.view.Pairing, Err: err}
	m.tellNearby()
}

// dropNearby stops the pairing of the stay where nobody has answered it or, if begun is
// set, where it has not come to the codes.
func (m *Messenger) dropNearby(s *nearbyStay, begun bool) {
	id := s.view.Pairing
	p := m.state.pairings[id]
	if p == nil || p.over() {
		s.view.Pairing = ""
		return
	}
	switch phase := p.phase(m.state.peers[p.contact]); {
	case phase == PhaseOffered, phase == PhaseSearching, phase == PhaseHandshake && begun:
		s.view.Pairing = ""
		m.stopSoon(id)
	}
}

// stopSoon ends a pairing as the loop's own next operation.
func (m *Messenger) stopSoon(id PairingID) {
	m.todo = append(m.todo, func(w *work) error {
		if p := w.editPairing(id); p != nil && !p.over() {
			return w.fail(p, ErrPairingStopped)
		}
		return nil
	})
}

// pickNearby follows a pick; err is why the one before came to nothing.
func (m *Messenger) pickNearby(id string, err error) {
	s := m.nearby
	if id == s.view.Picked && err == nil {
		return
	}
	m.dropNearby(s, true)
	s.view.Picked, s.view.Pairing, s.view.Err = id, "", err
	m.transport.PickNearby(id)
	m.tellNearby()
}

func (s *nearbyStay) partner(id string) *NearbyPartner {
	i := slices.IndexFunc(s.view.Partners, func(p NearbyPartner) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &s.view.Partners[i]
}

// nearbyMoved follows the pairing of the stay: with the codes there, nobody else is to be
// found any more.
func (m *Messenger) nearbyMoved(p Pairing) {
	if !m.nearbyOpen() || p.ID != m.nearby.view.Pairing {
		return
	}
	switch p.Phase {
	case PhaseCodes, PhaseChecked, PhaseDone:
		m.endNearby(nil)
	case PhaseFailed:
		m.pickNearby("", p.Err)
	}
}

// tickNearby ends a stay whose time is over.
func (m *Messenger) tickNearby() {
	if m.nearbyOpen() && m.clock.Elapsed() >= m.nearby.until {
		m.endNearby(ErrNearbyOver)
	}
}

// nearbyInbound is what the transport calls for one stay.
type nearbyInbound struct {
	m *Messenger
	s *nearbyStay
}

// current reports whether the stay is the one that is shown.
func (in nearbyInbound) current() bool { return in.m.nearby == in.s && in.s.view.Open }

// NearbyChanged takes who is there.
func (in nearbyInbound) NearbyChanged(animal, number int, peers []NearbyPeer) {
	in.m.doWhile(in.m.lifetime, inMemory, func(w *work) error {
		w.later(func() {
			if in.current() {
				in.changed(NearbyName{animal, number}, peers)
			}
		})
		return nil
	})
}

func (in nearbyInbound) changed(own NearbyName, peers []NearbyPeer) {
	names := map[NearbyName]int{own: 1}
	for _, p := range peers {
		names[NearbyName{p.Animal, p.Number}]++
	}
	view := &in.s.view
	view.Name, view.Partners = own, make([]NearbyPartner, 0, len(peers))
	for _, p := range peers {
		name := NearbyName{p.Animal, p.Number}
		view.Partners = append(view.Partners, NearbyPartner{ID: p.ID, Name: name, Picks: p.Picks, Twin: names[name] > 1})
	}
	if picked := in.s.partner(view.Picked); picked == nil || !picked.Picks {
		in.m.dropNearby(in.s, false) // one who left may have the codes already
		if picked == nil {
			view.Picked = ""
		}
	}
	in.m.tellNearby()
}

// NearbyAgreed makes a card for a partner and says it.
func (in nearbyInbound) NearbyAgreed(id string) {
	in.begin(id, func(w *work) error {
		offer, err := w.createCard(CardRequest{TTL: identity.ScreenCardLife, Local: true})
		w.later(func() {
			if !in.current() || in.s.view.Picked != id || !w.m.transport.SayNearby(id, offer.Card) {
				w.m.stopSoon(offer.Pairing)
				return
			}
			in.follow(offer.Pairing)
		})
		return err
	})
}

// NearbyCard takes a card that a partner said, as one by link: nobody saw a screen. One that
// leads out of this network is none: a stranger is not to choose whom this computer dials.
func (in nearbyInbound) NearbyCard(id, text string) {
	card, err := identity.ParseCard(text)
	in.begin(id, func(w *work) error {
		switch {
		case errors.Is(err, identity.ErrCardNewer):
			return refuse(ErrCardNewer)
		case err != nil, card.Shown, len(card.Hint) > 0:
			return refuse(ErrCardMalformed)
		}
		pairing, err := w.acceptCard(card, false)
		w.later(func() {
			if !in.current() || in.s.view.Picked != id {
				w.m.stopSoon(pairing)
				return
			}
			in.follow(pairing)
		})
		return err
	})
}

// begin begins a pairing with a partner who is picked, or takes the pick back.
func (in nearbyInbound) begin(id string, f func(*work) error) {
	err := in.m.doWhile(in.m.lifetime, writing, func(w *work) error {
		if !in.current() || in.s.view.Picked != id {
			return nil
		}
		return f(w)
	})
	if err == nil || in.m.lifetime.Err() != nil {
		return
	}
	in.m.doWhile(in.m.lifetime, inMemory, func(w *work) error {
		w.later(func() {
			if in.current() && in.s.view.Picked == id {
				w.m.pickNearby("", err)
			}
		})
		return nil
	})
}

// follow makes a pairing that of the stay.
func (in nearbyInbound) follow(id PairingID) {
	if in.s.view.Pairing != id {
		in.m.dropNearby(in.s, true)
	}
	in.s.view.Pairing = id
	in.m.tellNearby()
}
