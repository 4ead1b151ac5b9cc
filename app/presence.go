package app

import (
	"context"
	"time"
)

// presence is what a contact told of itself and what it was told, on this link. The loop
// owns it; nothing of it is stored.
type presence struct {
	typingUntil time.Duration // Clock.Elapsed; 0: does not type
	active      bool
	activeAt    time.Time

	toldTyping   bool
	toldTypingAt time.Duration
	knows        bool // it was told whether somebody is there
	toldActive   bool
	toldActiveAt time.Duration
}

func (m *Messenger) presence(c ContactID) *presence {
	p := m.presences[c]
	if p == nil {
		p = &presence{}
		m.presences[c] = p
	}
	return p
}

// Typing says that the person types to a contact, or ceased to. It may be called at each
// key: it does not wait, and nothing leaves unless the person chose so, the contact can be
// reached and nothing else waits for it.
func (m *Messenger) Typing(ctx context.Context, c ContactID, on bool) {
	m.begin(ctx, inMemory, func(w *work) error {
		w.later(func() { m.typing(c, on) })
		return nil
	})
}

func (m *Messenger) typing(c ContactID, on bool) {
	p := m.state.peers[c]
	if p == nil || !m.state.preferences.TellTyping || !m.mayTell(p) || p.sealed > 0 {
		return
	}
	t, now := m.presence(c), m.clock.Elapsed()
	if on == t.toldTyping && (!on || now-t.toldTypingAt < typingEvery) {
		return
	}
	t.toldTyping, t.toldTypingAt = on, now
	m.tell(c, kindTyping, encode(&typingBody{On: on}))
}

// mayTell reports whether what is worth saying only now can be said to p now.
func (m *Messenger) mayTell(p *peer) bool {
	return p.writable() == nil && p.line.speaks() && m.linked(p.rec.ID) && p.sealed < maxSealed
}

// tell seals a content that is forgotten when it does not arrive.
func (m *Messenger) tell(c ContactID, k kind, body []byte) {
	m.todo = append(m.todo, func(w *work) error {
		p := w.editPeer(c)
		if p == nil || !m.mayTell(p) {
			return nil
		}
		return w.seal(p, k, body, subject{})
	})
}

// Active says whether somebody is at this computer, as its window knows.
func (m *Messenger) Active(on bool) {
	m.begin(context.Background(), inMemory, func(w *work) error {
		w.later(func() {
			if m.active || on {
				m.activeAt = m.clock.Now()
			}
			m.active = on
			m.tellAllActive()
		})
		return nil
	})
}

func (m *Messenger) tellAllActive() {
	for c := range m.routes {
		m.tellActive(c)
	}
}

// tellActive tells a contact whether somebody is there, if it knows otherwise.
func (m *Messenger) tellActive(c ContactID) {
	p, chosen := m.state.peers[c], m.state.preferences
	if p == nil || !chosen.TellActive || !m.mayTell(p) {
		return
	}
	t, now := m.presence(c), m.clock.Elapsed()
	news := !t.knows && (m.active || chosen.TellSeen && !m.activeAt.IsZero())
	if !news && (!t.knows || t.toldActive == m.active || now-t.toldActiveAt < activeEvery) {
		return
	}
	t.knows, t.toldActive, t.toldActiveAt = true, m.active, now
	b := activeBody{Active: m.active}
	if chosen.TellSeen && !m.activeAt.IsZero() {
		if m.active {
			m.activeAt = m.clock.Now()
		}
		b.Seen = m.activeAt.UnixMilli()
	}
	m.tell(c, kindActive, encode(&b))
}

// preferencesChanged follows a choice of the person.
func (m *Messenger) preferencesChanged(before Preferences) {
	chosen := m.state.preferences
	if before.TellActive && !chosen.TellActive {
		for c, t := range m.presences {
			if p := m.state.peers[c]; t.knows && t.toldActive && p != nil && m.mayTell(p) {
				m.tell(c, kindActive, encode(&activeBody{}))
			}
			t.knows, t.toldActive = false, false
		}
	}
	if before.LAN != chosen.LAN {
		m.transport.SetOpen(chosen.LAN)
	}
	if err := nearbyAllowed(chosen); err != nil && m.nearbyOpen() {
		m.endNearby(err)
	}
	m.tellAllActive()
}

// sentTo notes that a message ends the typing before it, as its hearer takes it.
func (m *Messenger) sentTo(c ContactID) {
	if t := m.presences[c]; t != nil {
		t.toldTyping = false
	}
}

func (w *work) takeTyping(p *peer, b typingBody) {
	c := p.rec.ID
	w.later(func() {
		until := time.Duration(0)
		if b.On {
			until = w.m.clock.Elapsed() + typingFor
		}
		w.m.setTyping(c, until)
	})
}

func (m *Messenger) setTyping(c ContactID, until time.Duration) {
	t := m.presences[c]
	if t == nil && until == 0 {
		return
	}
	t = m.presence(c)
	before := t.typingUntil
	t.typingUntil = until
	if (before == 0) != (until == 0) {
		m.presenceChanged(c, t)
	}
}

func (m *Messenger) presenceChanged(c ContactID, t *presence) {
	m.subs.broadcast(ContactActive{Contact: c, Typing: t.typingUntil != 0, Active: t.active, ActiveAt: t.activeAt})
}

func (w *work) takeActive(p *peer, b activeBody) {
	c, now := p.rec.ID, w.now
	w.later(func() {
		t := w.m.presence(c)
		var at time.Time
		if b.Seen != 0 {
			if at = sentAt(b.Seen, now); at.After(now) {
				at = now
			}
		}
		if t.active == b.Active && t.activeAt.Equal(at) {
			return
		}
		t.active, t.activeAt = b.Active, at
		w.m.presenceChanged(c, t)
	})
}

// tickPresence forgets typing of which nothing more was heard, and tells what could not be
// told at once.
func (m *Messenger) tickPresence() {
	now := m.clock.Elapsed()
	for c, t := range m.presences {
		if t.typingUntil != 0 && now >= t.typingUntil {
			m.setTyping(c, 0)
		}
	}
	if m.state.preferences.TellActive {
		m.tellAllActive()
	}
}

// cameBack tells a contact who can be reached again what holds now. A word of typing that
// did not arrive before does so now, and is taken back.
func (m *Messenger) cameBack(c ContactID) {
	if t := m.presences[c]; t != nil && t.toldTyping {
		t.toldTyping = false
		if m.state.peers[c].sealed > 0 {
			m.tell(c, kindTyping, encode(&typingBody{}))
		}
	}
	m.tellActive(c)
}

// wentAway forgets what holds only as long as there is a link.
func (m *Messenger) wentAway(c ContactID) {
	t := m.presences[c]
	if t == nil {
		return
	}
	shown := t.active || t.typingUntil != 0
	*t = presence{activeAt: t.activeAt, toldTyping: t.toldTyping}
	if shown {
		m.presenceChanged(c, t)
	}
}
