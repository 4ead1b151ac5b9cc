package app

import (
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	handshake "tacit/identity/pairing"
)

// timer paces a pairing's repeated cells. The loop owns it.
type timer struct {
	due  time.Duration // Clock.Elapsed
	wait time.Duration
}

// commitPairings takes over changed pairings and returns those that look
// different now, a contact's change included.
func (m *Messenger) commitPairings(w *work) (changed []Pairing) {
	s := &m.state
	for id, p := range w.batch.pairings {
		if p != nil {
			s.pairings[id] = p
			continue
		}
		delete(s.pairings, id)
		delete(m.views, id)
		delete(m.timers, id)
	}
	for id, p := range s.pairings {
		if v := w.view(p); v != m.views[id] {
			m.views[id] = v
			changed = append(changed, v)
		}
	}
	for id, c := range m.waiters {
		if p := s.pairings[id]; p == nil || p.over() || p.state.Phase() == handshake.Agreed {
			close(c)
			delete(m.waiters, id)
		}
	}
	return changed
}

// sendCell writes a cell to a pairing's link, if there is one.
func (m *Messenger) sendCell(h identity.Handle, cell []byte) {
	if l := m.links[h]; l != nil {
		l.push(cell)
	}
}

func (m *Messenger) sendBox(h identity.Handle, box []byte) {
	cell, err := envelope.NewCell(envelope.RandomToken(), box)
	if err != nil {
		m.log.Error("box", "err", err)
		return
	}
	m.sendCell(h, cell)
}

// repeat sends a pairing's last cell again, and its first box.
func (m *Messenger) repeat(p *pairing) {
	if p.over() {
		return
	}
	if p.state.Phase() != handshake.Agreed {
		if last := p.state.Last(); last != nil {
			m.sendCell(p.handle, last)
		}
	}
	if p.first != nil {
		m.sendBox(p.handle, p.first)
	}
}

// tickPairings repeats what was not answered, and ends what took too long.
func (m *Messenger) tickPairings() {
	now := m.clock.Elapsed()
	wall := m.clock.Now()
	for id, p := range m.state.pairings {
		peer := m.state.peers[p.contact]
		switch {
		case p.over():
			m.clearAway(p, now)
		case now >= p.until || p.state.Phase() == handshake.Offered && wall.After(p.deadline):
			m.todo = append(m.todo, func(w *work) error { return w.expire(id) })
		case p.phase(peer) == PhaseDone && peer.line.grantAcked && !m.owesSlot(p, peer):
			m.todo = append(m.todo, func(w *work) error {
				if p := w.editPairing(id); p != nil {
					p.ended = w.mono
				}
				return nil
			})
		default:
			m.repeatInTime(p, now)
		}
	}
}

func (m *Messenger) repeatInTime(p *pairing, now time.Duration) {
	t := m.timers[p.id]
	if t == nil {
		t = &timer{due: now + handshakeResendFirst, wait: handshakeResendFirst}
		m.timers[p.id] = t
	}
	if now < t.due || m.links[p.handle] == nil {
		return
	}
	t.wait = min(2*t.wait, handshakeResendMax)
	t.due = now + t.wait
	m.repeat(p)
}

// clearAway closes the link of a pairing that is over, and later forgets it.
func (m *Messenger) clearAway(p *pairing, now time.Duration) {
	switch {
	case now-p.ended >= lingerFor:
		m.todo = append(m.todo, func(w *work) error {
			w.op.pairings[p.id] = nil
			w.meet()
			return nil
		})
	case now-p.ended >= partAfter && m.links[p.handle] != nil:
		m.introduce()
	}
}

// expire ends a pairing that took too long.
func (w *work) expire(id PairingID) error {
	p := w.editPairing(id)
	if p == nil || p.over() {
		return nil
	}
	switch p.phase(w.peer(p.contact)) {
	case PhaseOffered, PhaseSearching:
		return w.fail(p, ErrCardExpired)
	case PhaseDone: // their receipt for the grant did not come; the contact's own link will bring it
		p.ended = w.mono
		return nil
	}
	return w.fail(p, ErrPairingEnded)
}

// introduce has the transport told whom to meet: pairings, then contacts by latest use.
func (m *Messenger) introduce() {
	ps := append(m.meetings(), m.friends()...)
	select {
	case <-m.parties: // an older set that nobody took
	default:
	}
	m.parties <- ps
}

func (m *Messenger) meetings() (ps []identity.Party) {
	now := m.clock.Elapsed()
	for _, p := range m.state.pairings {
		if p.failure != nil || p.ended != 0 && now-p.ended >= partAfter {
			continue
		}
		key := []identity.LinkKey{p.state.Card().LinkKey()}
		ps = append(ps, identity.Party{Handle: p.handle, Dial: key, Accept: key, Hide: m.state.preferences.HideAddress})
	}
	return ps
}
