package app

import (
	"fmt"
	"time"
)

// sendReset sends a message of a reset: over a link, or once a day by mailbox.
func (m *Messenger) sendReset(c ContactID, box []byte) {
	p := m.state.peers[c]
	if p == nil {
		return
	}
	if m.links[p.handle()] != nil {
		m.sendBox(p.handle(), box)
		return
	}
	if m.mailbox(p) == "" {
		return
	}
	if !p.line.letterDue(m.clock.Now()) {
		m.desk(c).answer = box // the peer may be elsewhere, and would be told the same for ever
		return
	}
	m.desk(c).letter = &letter{box: box}
	m.tickDesk(c, p, m.clock.Elapsed())
}

// resetMoved forgets what was to be said where a reset stood before.
func (m *Messenger) resetMoved(c ContactID) {
	delete(m.resets, c)
	if d := m.mail.desks[c]; d != nil {
		d.answer = nil
	}
}

// greetAgain has the greeting left again for a peer who asks for M5 again: it was put back
// to a copy from before it fetched both.
func (w *work) greetAgain(p *peer) error {
	if !p.line.unheard || !w.leads(p) || !p.line.letterDue(w.now) {
		return nil
	}
	if err := w.tx.UnholdOutbox(p.rec.ID); err != nil {
		return fmt.Errorf("unhold: %w", err)
	}
	p.unheld = p.sealed > 0
	return nil
}

// letterDue reports whether the message of a reset that is to be said now is to be left at
// a node: it never was, or a day has passed. A clock that was put back does not block.
func (l *line) letterDue(now time.Time) bool {
	since := now.UnixMilli() - l.letterAt
	return l.letterAt == 0 || since < 0 || since >= resetAgain.Milliseconds()
}

// mailReset begins a reset that is wanted, or says its last message again in time.
func (m *Messenger) mailReset(p *peer, d *desk, now time.Duration) {
	c := p.rec.ID
	switch {
	case !p.line.letterDue(m.clock.Now()) || d.letter != nil:
	case p.line.reset.UnderWay():
		box := d.answer
		if box == nil {
			box = p.line.reset.Last()
		}
		d.letter, d.answer = &letter{box: box}, nil
	case now >= d.resetDue:
		d.resetDue = now + resetTry
		m.todo = append(m.todo, func(w *work) error {
			if p := w.editPeer(c); p != nil && p.line.wanted {
				return w.tryReset(p)
			}
			return nil
		})
	}
}

// payLetter spends one of the tokens kept for resets, unless that was done.
func (w *work) payLetter(p *peer, l *letter, at string) (payment, bool) {
	if len(l.paid.tokens) > 0 && l.paid.at == at {
		return l.paid, true
	}
	held, _ := p.line.grants.Held()
	tokens, next, err := p.line.grants.TakeReserve(1, w.now)
	if err != nil {
		w.m.log.Debug("reset not left at a node", "err", err)
		return payment{}, false
	}
	p.line.grants, p.dirty.grants = next, true
	paid := payment{at: at, lot: held.Lot, tokens: tokens}
	w.later(func() { l.paid = paid })
	return paid, true
}

// greets reports whether a number is that of the greeting of a renewed ratchet, which is
// all that is said there before the peer was heard.
func (l *line) greets(seq uint64) bool {
	return l.unheard && l.session.Ready() && seq == l.floor
}
