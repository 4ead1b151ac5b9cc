package app

import (
	"time"

	"tacit/identity"
)

// route is how a contact is reached now, and how well that goes. The loop owns it.
type route struct {
	sender *sender // nil while away

	progress time.Duration // when the link last showed that boxes arrive, or they were handed over
	pace     time.Duration // how long to wait for receipts before handing over again
	handed   int           // times that the same oldest box was handed over
	since    time.Duration // the first of these times
}

// outgoing passes a committed box on, where its contact is reachable.
func (m *Messenger) outgoing(r OutboxRecord) {
	m.hurrySlotsOf(r.Contact)
	if rt := m.routes[r.Contact]; rt != nil && rt.sender != nil {
		rt.sender.push(r)
		rt.handedOver(m.clock.Elapsed())
		return
	}
	if p := m.state.peers[r.Contact]; p != nil {
		if d := m.mail.desks[r.Contact]; d != nil && d.refused < maxRefused {
			d.due = 0
		}
		m.tickDesk(r.Contact, p, m.clock.Elapsed())
	}
}

// handedOver starts the clock of a box that is the first under way.
func (rt *route) handedOver(now time.Duration) {
	if rt.handed == 0 {
		rt.handed, rt.since, rt.progress, rt.pace = 1, now, now, resendFirst
	}
}

// progressed notes a receipt.
func (m *Messenger) progressed(c ContactID) {
	rt, p := m.routes[c], m.state.peers[c]
	if rt == nil || p == nil {
		return
	}
	rt.handed = 0
	if p.sealed > 0 {
		rt.handedOver(m.clock.Elapsed())
	}
}

// hasten shortens the wait for receipts: the peer has just shown that it reads us.
func (m *Messenger) hasten(c ContactID) {
	if rt := m.routes[c]; rt != nil {
		rt.pace = min(rt.pace, resendSoon)
	}
}

// rewind has everything in the outbox handed over again, from the first box.
func (m *Messenger) rewind(c ContactID) {
	if rt := m.routes[c]; rt != nil && rt.sender != nil {
		rt.sender.rewind()
	}
}

// reroute settles over which link a contact is written to, and tells when its reach changed.
func (m *Messenger) reroute(c ContactID) {
	h, ok := m.bestLink(c)
	if !ok {
		m.endRoute(c)
		m.tellReach(c)
		return
	}
	rt := m.routes[c]
	if rt == nil {
		rt = &route{}
		m.routes[c] = rt
	}
	before := rt.sender
	if before != nil && before.handle == h {
		return
	}
	if before != nil {
		before.cancel()
	}
	rt.sender = m.startSender(c, h, before)
	if m.state.peers[c].sealed > 0 {
		now := m.clock.Elapsed()
		rt.handedOver(now)
		rt.progress = now
	}
	m.tellReach(c)
	if before == nil {
		m.cameBack(c)
	}
}

// bestLink prefers the contact's own link to that of the card by which it was met.
func (m *Messenger) bestLink(c ContactID) (identity.Handle, bool) {
	p := m.state.peers[c]
	if p == nil || p.rec.Blocked {
		return identity.Handle{}, false
	}
	if m.links[p.handle()] != nil {
		return p.handle(), true
	}
	for _, pr := range m.state.pairings {
		if pr.contact == c && m.links[pr.handle] != nil {
			return pr.handle, true
		}
	}
	return identity.Handle{}, false
}

func (m *Messenger) endRoute(c ContactID) {
	rt := m.routes[c]
	if rt == nil || rt.sender == nil {
		return
	}
	rt.sender.cancel()
	rt.sender = nil
	if m.state.peers[c] == nil {
		delete(m.routes, c)
		return
	}
	m.tellReach(c)
	m.wentAway(c)
}
