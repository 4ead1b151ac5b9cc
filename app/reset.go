package app

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	handshake "tacit/identity/pairing"
	"tacit/identity/session"
)

// RenewSession renews the keys with a contact: at once where it can be reached, else
// when it comes. Events tell of the end. Asked for again while that is under way, it
// changes nothing.
//
// ErrTooSoon within an hour of the last time that the keys were renewed, by whichever
// side, ErrNotFound, ErrBlocked, ErrNotVerified.
func (m *Messenger) RenewSession(ctx context.Context, c ContactID) error {
	return m.do(ctx, writing, func(w *work) error {
		p := w.editPeer(c)
		switch {
		case p == nil:
			return refuse(ErrNotFound)
		case p.rec.Blocked:
			return refuse(ErrBlocked)
		case p.rec.Trust < Introduced:
			return refuse(ErrNotVerified)
		}
		err := w.startReset(p)
		if errors.Is(err, session.ErrTooSoon) {
			return refuse(ErrTooSoon)
		}
		return err
	})
}

// startReset begins a reset, or repeats the last word of the one under way.
func (w *work) startReset(p *peer) error {
	step, next, err := p.line.reset.Start(w.m.state.id, p.bundle, w.now)
	if err != nil {
		return fmt.Errorf("start reset: %w", err)
	}
	return w.step(p, step, next)
}

// tryReset begins a reset that nobody asked for by hand, where one may begin now.
func (w *work) tryReset(p *peer) error {
	if p.rec.Blocked || p.rec.Trust < Introduced || p.line.reset.UnderWay() {
		return nil
	}
	err := w.startReset(p)
	if errors.Is(err, session.ErrTooSoon) || errors.Is(err, session.ErrExhausted) {
		w.m.log.Debug("reset not begun", "err", err)
		return nil
	}
	return err
}

// step takes over where a reset stands now.
func (w *work) step(p *peer, step session.Step, next session.Reset) error {
	c := p.rec.ID
	if step.Changed {
		p.line.reset, p.line.letterAt, p.dirty.session = next, 0, true
		if n := next.Number(); n != p.rec.ResetNumber {
			p.rec.ResetNumber, p.dirty.contact = n, true
		}
		w.later(func() { w.m.resetMoved(c) })
	} else if step.Reply != nil && !next.UnderWay() {
		if err := w.greetAgain(p); err != nil {
			return err
		}
	}
	if reply := step.Reply; reply != nil {
		w.later(func() { w.m.sendReset(c, reply) })
	}
	if step.Renewed != nil {
		return w.renewed(p, *step.Renewed)
	}
	return nil
}

// unopened judges a box of the contact's own link, or paid with its token, that no ratchet
// opens: a message of a reset, or a sign that one side lost what it had.
func (w *work) unopened(p *peer, d Digest, box []byte, from origin, why error) (stored bool, err error) {
	if p.rec.Trust < Introduced {
		return false, nil
	}
	if errors.Is(why, session.ErrUnknown) && !errors.Is(why, errLate) {
		step, next, err := p.line.reset.Receive(w.m.state.id, p.bundle, box, w.now)
		switch {
		case err == nil || step.Changed:
			if err := w.step(p, step, next); err != nil || !step.Opens {
				return false, err
			}
			return w.open(p, d, box, from)
		case !errors.Is(err, session.ErrUnknown):
			w.m.log.Debug("message of a reset dropped", "err", err)
			return false, nil
		}
	}
	switch {
	case errors.Is(why, errContent) || errors.Is(why, errLate): // a ratchet knew it
		p.strange = 0
		return false, nil
	case errors.Is(why, session.ErrUsed): // two different boxes of one number
		p.strange = 0
		return false, w.tryReset(p)
	}
	if from.byMail() && errors.Is(why, session.ErrUnknown) {
		if err := w.keepEarly(p, d, box, 0, 0); err != nil { // its ratchet may come behind it
			return false, err
		}
	}
	if p.strange++; p.strange < strangeBoxes {
		return false, nil
	}
	p.strange = 0
	return false, w.tryReset(p)
}

// renewed takes the keys of a reset. Until the peer was heard in the new ratchet,
// nothing but the greeting is sealed there: it may have to tell this side that its
// numbering is of an older copy.
func (w *work) renewed(p *peer, secrets handshake.Secrets) error {
	state, err := p.line.session.Renew(secrets, w.now)
	if err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	l := &p.line
	l.session, l.unheard, l.sealAnew, l.fresh = state, true, true, true
	l.wanted, l.refused = false, false
	l.grantDue = l.grantDue || l.grantSeq != 0 && !l.grantAcked
	p.acked, p.strange = 0, 0
	p.lineMoved()
	w.tryEarlyAgain(p)
	c := p.rec.ID
	msg := Message{Contact: c, Notice: NoticeRenewed, At: w.now, StateAt: w.now}
	if msg.ID, err = w.tx.AddMessage(msg); err != nil {
		return fmt.Errorf("add notice: %w", err)
	}
	w.emit(MessageAdded{msg})
	w.emit(SessionRenewed{c})
	if !w.leads(p) {
		return nil
	}
	return w.greet(p)
}

// leads reports whether this side is S in a reset with p, and so speaks first.
func (w *work) leads(p *peer) bool {
	own := w.m.state.id.Fingerprint()
	return bytes.Compare(own[:], p.fp[:]) < 0
}

// greet seals S's first box of a renewed ratchet. It says nothing, under the number
// before those that are under way: the peer has that one, whatever else it has.
func (w *work) greet(p *peer) error {
	c := p.rec.ID
	rows, err := w.tx.Outbox(c, 0, 1)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	lowest := p.line.next
	if len(rows) > 0 {
		lowest = rows[0].Seq
	}
	w.later(func() { w.m.rewind(c); w.m.progressed(c) })
	p.line.floor = max(lowest, 2) - 1
	switch {
	case lowest > 1:
		p.sealed++
		return w.box(p, kindEmpty, nil, lowest-1, subject{})
	case len(rows) == 0:
		return w.seal(p, kindEmpty, nil, subject{})
	}
	// Number 1 is no message but what followed the pairing or a restore.
	k, body, err := w.contentOf(rows[0])
	if err != nil {
		return err
	}
	if err := w.tx.RemoveOutbox(c, 1); err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	if err := w.unheldMessage(rows[0].Message); err != nil {
		return err
	}
	return w.box(p, k, body, 1, subject{rows[0].Message, rows[0].Saying})
}

// heard follows from a content that was taken: what the peer has received says whether
// this side's numbers are of today, and its first word in a renewed ratchet opens the
// way for the own ones.
func (w *work) heard(p *peer, c content) error {
	if p.line.surpassed(c) { // what the copy knew of has arrived, and keeps its numbers no longer
		if err := w.acknowledged(p, p.line.acknowledges(c)); err != nil {
			return err
		}
	}
	switch {
	case !p.line.surpassed(c):
	case p.line.unheard || p.line.fresh:
		if err := w.renumber(p); err != nil {
			return err
		}
		if !p.line.session.Heard() && w.leads(p) {
			return w.greet(p)
		}
	default:
		if err := w.restore(p); err != nil {
			return err
		}
		return w.tryReset(p)
	}
	if !p.line.unheard || !p.line.session.Heard() {
		return nil
	}
	p.line.unheard, p.line.reset = false, p.line.reset.Settle()
	if err := w.fill(p); err != nil {
		return err
	}
	if p.sealed > 0 || w.leads(p) {
		return nil
	}
	return w.seal(p, kindEmpty, nil, subject{}) // the greeting is answered
}

// followSecret keeps with the contact the secret of the pairing whose ratchet sends. A
// reset of another one has ended.
func (w *work) followSecret(p *peer) {
	rs, ok := p.line.session.ResetSecret()
	if !ok || subtle.ConstantTimeCompare(rs[:], p.rec.ResetSecret[:]) == 1 {
		return
	}
	p.rec.ResetSecret, p.rec.ResetNumber = rs, 0
	p.line.reset, p.line.wanted, p.line.unheard = session.NewReset(rs, 0), false, false
	p.dirty.contact, p.dirty.session = true, true
}

// tickResets begins the resets that are wanted and repeats what was not answered, over
// the contacts' own links.
func (m *Messenger) tickResets() {
	now := m.clock.Elapsed()
	for c, p := range m.state.peers {
		if m.links[p.handle()] == nil || !p.line.wanted && !p.line.reset.UnderWay() {
			continue
		}
		t := m.resets[c]
		if t == nil {
			t = &timer{due: now + handshakeResendFirst, wait: handshakeResendFirst}
			m.resets[c] = t
		}
		if now >= t.due {
			t.wait = min(2*t.wait, handshakeResendMax)
			t.due = now + t.wait
			m.resendReset(p)
		}
	}
}

// repeatReset does on a new link what tickResets would do in time.
func (m *Messenger) repeatReset(c ContactID) {
	delete(m.resets, c)
	m.resendReset(m.state.peers[c])
}

func (m *Messenger) resendReset(p *peer) {
	c := p.rec.ID
	switch {
	case p.line.reset.UnderWay():
		m.sendBox(p.handle(), p.line.reset.Last())
	case p.line.wanted:
		m.todo = append(m.todo, func(w *work) error {
			if p := w.editPeer(c); p != nil {
				return w.tryReset(p)
			}
			return nil
		})
	}
}
