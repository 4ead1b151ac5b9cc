package app

import (
	"errors"
	"fmt"
	"time"

	"tacit/identity/envelope"
	"tacit/identity/session"
)

// receive takes cells of a contact, oldest first, and returns the digests of
// those that are stored, now or before. Everything else is dropped, and nobody is
// told. own says that they came over the contact's own link: only there does what
// cannot be opened say anything.
func (w *work) receive(c ContactID, cells [][]byte, own bool) (acks []Digest, err error) {
	p := w.peer(c)
	if p == nil || p.rec.Blocked {
		return nil, nil
	}
	p = w.editPeer(c)
	for _, cell := range cells {
		_, box, err := envelope.Split(cell)
		if err != nil {
			continue
		}
		d := session.Digest(box)
		ok, err := w.open(p, d, box, own)
		if err != nil {
			return nil, err
		}
		if ok {
			acks = append(acks, d)
		}
	}
	return acks, w.fill(p)
}

// open takes one box and reports whether it is to be acknowledged.
func (w *work) open(p *peer, d Digest, box []byte, own bool) (bool, error) {
	seen, err := w.tx.Seen(p.rec.ID, d)
	if err != nil {
		return false, fmt.Errorf("seen: %w", err)
	}
	if seen {
		return true, nil
	}
	c, a, err := p.line.open(box, w.now)
	if err != nil {
		w.m.log.Debug("cell not opened", "err", err)
		if !own {
			return false, nil
		}
		return w.unopened(p, d, box, err)
	}
	p.strange = 0
	if a == isEarly {
		if p.line.surpassed(c) {
			return false, w.heard(p, c)
		}
		return false, nil
	}
	p.lineMoved()
	w.followSecret(p)
	if a == isRepeat {
		other, err := w.isOther(p, c)
		if err != nil {
			return false, err
		}
		if other {
			return false, w.usedTwice(p, c, own)
		}
	}
	if err := w.tx.AddSeen(p.rec.ID, d, w.now); err != nil {
		return false, fmt.Errorf("add seen: %w", err)
	}
	if a == isNew {
		if err := w.take(p, c); err != nil {
			return false, err
		}
	}
	if !p.line.unheard || p.line.session.Heard() { // an older ratchet knows nothing of the greeting, which has an older number
		if err := w.acknowledged(p, p.line.acknowledges(c)); err != nil {
			return false, err
		}
	}
	return true, w.heard(p, c)
}

// usedTwice notes that the peer gave a number to two texts: it was put back to a copy, and
// says what it says under numbers of which this side knows more. It is told so.
func (w *work) usedTwice(p *peer, c content, own bool) error {
	told := p.line.again
	p.line.again = true
	if err := w.heard(p, c); err != nil {
		return err
	}
	if !own {
		return nil
	}
	if err := w.tryReset(p); err != nil || told {
		return err
	}
	return w.sayNothing(p)
}

// take stores a content that came for the first time.
func (w *work) take(p *peer, c content) error {
	id := p.rec.ID
	w.later(func() { w.m.hasten(id) })
	switch c.Kind {
	case kindEmpty:
		return nil
	case kindGrant:
		if grant, err := envelope.UnmarshalGrant(c.Body); err == nil {
			w.takeGrant(p, grant)
			return nil
		}
	case kindText:
		if t, err := parseText(c.Body); err == nil {
			return w.takeMessage(p, Message{Text: t.Text, SentAt: sentAt(t.SentAt, w.now)}, nil)
		}
	}
	return w.takeMessage(p, Message{Unknown: true, SentAt: w.now}, encode(&c))
}

// sentAt is the sender's time, unless that lies outside the years that calendars show.
func sentAt(ms int64, now time.Time) time.Time {
	if ms < 0 || ms >= lastSentAt {
		return now
	}
	return time.UnixMilli(ms)
}

func (w *work) takeMessage(p *peer, msg Message, unknown []byte) (err error) {
	msg.Contact, msg.At, msg.State, msg.StateAt = p.rec.ID, w.now, StateReceived, w.now
	if msg.Unknown {
		msg.ID, err = w.tx.AddUnknown(msg, unknown)
	} else {
		msg.ID, err = w.tx.AddMessage(msg)
	}
	if err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	if p.latest != nil && !msg.Unknown {
		p.latest.add(textDigest(textBody{SentAt: msg.SentAt.UnixMilli(), Text: msg.Text}))
	}
	p.usedAt = w.now
	w.emit(MessageAdded{msg})
	if p.line.heard == 0 {
		p.line.heardAt = w.now.UnixMilli()
	}
	p.line.heard++
	if p.line.heard >= listenMax {
		return w.sayNothing(p)
	}
	return nil
}

// sayNothing sends an empty content, by which the peer's ratchet heals and its
// outbox empties although this side only listens.
func (w *work) sayNothing(p *peer) error {
	if p.writable() != nil || !p.line.speaks() || p.sealed >= maxSealed {
		return nil
	}
	return w.seal(p, kindEmpty, nil, 0)
}

func (w *work) takeGrant(p *peer, g envelope.Grant) {
	p.line.grants, p.dirty.grants = p.line.grants.Accept(g), true
	w.meet()
	if !p.rec.Writable {
		p.rec.Writable, p.dirty.contact = true, true
		w.contactChanged(p)
	}
}

// delivered takes receipts of the link: digests of boxes that the peer stored.
func (w *work) delivered(c ContactID, acks []Digest) error {
	p := w.peer(c)
	if p == nil {
		return nil
	}
	p = w.editPeer(c)
	for _, d := range acks {
		r, err := w.tx.OutboxByDigest(c, d)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		if err := w.tx.RemoveOutbox(c, r.Seq); err != nil {
			return fmt.Errorf("remove from outbox: %w", err)
		}
		p.sealed--
		if err := w.arrived(p, r.Seq, r.Message); err != nil {
			return err
		}
	}
	return w.fill(p)
}

// acknowledged takes the peer's word, inside the ratchet, that everything up to seq arrived.
func (w *work) acknowledged(p *peer, seq uint64) error {
	if seq <= p.acked || p.sealed == 0 {
		return nil
	}
	ids, err := w.tx.RemoveOutboxUpTo(p.rec.ID, seq)
	if err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	if p.sealed, err = w.tx.OutboxCount(p.rec.ID); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	for _, id := range ids {
		if err := w.arrived(p, seq, id); err != nil {
			return err
		}
	}
	return w.arrived(p, seq, 0)
}

// arrived notes that what was numbered up to seq is stored by the peer.
func (w *work) arrived(p *peer, seq uint64, msg MessageID) error {
	p.acked = max(p.acked, seq)
	if p.line.grantSeq != 0 && !p.line.grantAcked && p.line.grantSeq <= seq {
		p.line.grantAcked, p.dirty.session = true, true
	}
	c := p.rec.ID
	w.later(func() { w.m.progressed(c) })
	if msg == 0 {
		return nil
	}
	_, err := w.setState(msg, StateDelivered, ReasonNone)
	return err
}

// giveUp fails everything that was handed to p again and again in vain. What is
// sealed later says, in its base, that these numbers will not come.
func (w *work) giveUp(c ContactID) error {
	p := w.peer(c)
	if p == nil || p.sealed == 0 {
		return nil
	}
	p = w.editPeer(c)
	ids, err := w.tx.RemoveOutboxUpTo(c, p.line.next-1)
	if err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	for _, id := range ids {
		if _, err := w.setState(id, StateFailed, ReasonKeys); err != nil {
			return err
		}
	}
	p.sealed = 0
	p.line.floor, p.line.refused = p.line.next, true
	p.line.grantDue = p.line.grantDue || p.line.grantSeq != 0 && !p.line.grantAcked
	p.line.wanted = p.line.wanted || p.line.unheard // not even the greeting of the renewed ratchet
	p.lineMoved()
	w.later(func() { w.m.rewind(c); w.m.progressed(c) })
	return w.fill(p)
}
