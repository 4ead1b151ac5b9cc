package app

import (
	"errors"
	"fmt"
)

// delivered takes receipts of the link: digests of boxes that the peer stored.
func (w *work) delivered(c ContactID, acks []Digest, path Path) error {
	p := w.peer(c)
	if p == nil {
		return nil
	}
	p = w.editPeer(c)
	for _, d := range acks {
		if err := w.settle(p, d, path); err != nil {
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
	if err := w.saidArrivedUpTo(p, seq); err != nil {
		return err
	}
	if err := w.tx.RemoveOwedUpTo(p.rec.ID, seq); err != nil {
		return fmt.Errorf("remove owed: %w", err)
	}
	ids, err := w.tx.RemoveOutboxUpTo(p.rec.ID, seq)
	if err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	if p.sealed, err = w.tx.OutboxCount(p.rec.ID); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	for _, id := range ids {
		if err := w.arrived(p, seq, id, PathNone); err != nil {
			return err
		}
	}
	return w.arrived(p, seq, 0, PathNone)
}

// arrived notes that what was numbered up to seq is stored by the peer.
func (w *work) arrived(p *peer, seq uint64, msg MessageID, path Path) error {
	p.acked = max(p.acked, seq)
	if p.line.grantSeq != 0 && !p.line.grantAcked && p.line.grantSeq <= seq {
		p.line.grantAcked, p.dirty.session = true, true
	}
	c := p.rec.ID
	w.later(func() { w.m.progressed(c) })
	if msg == 0 {
		return nil
	}
	return w.deliveredMessage(p, msg, path)
}

// deliveredMessage notes that the contact has an own message; its time begins to count. One
// that is gone from this computer, or of which more is known, stays as it is. path is how it
// went, PathNone where its state can tell best: what a node held was fetched there.
func (w *work) deliveredMessage(p *peer, id MessageID, path Path) error {
	msg, err := w.tx.Message(id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if msg.State == StateDelivered || msg.State == StateRead {
		return nil
	}
	switch {
	case path != PathNone:
	case msg.State == StateHeld:
		path = PathMailbox
	case p.via != PathMailbox:
		path = p.via
	}
	msg.State, msg.Reason, msg.StateAt, msg.Path = StateDelivered, ReasonNone, w.now, path
	if msg.Timer != 0 {
		msg.ExpiresAt = w.timerNow().Add(msg.Timer)
		w.expires(msg.ExpiresAt)
	}
	if err := w.tx.SetMessageDelivered(id, msg.StateAt, msg.Path, msg.ExpiresAt); err != nil {
		return fmt.Errorf("set message delivered: %w", err)
	}
	w.emit(MessageStateChanged{msg})
	return nil
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
		if err := w.failedMessage(id); err != nil {
			return err
		}
	}
	if err := w.oweAgain(p); err != nil {
		return err
	}
	p.sealed, p.unsaid = 0, p.sayings > 0
	p.line.floor, p.line.refused = p.line.next, true
	p.line.grantDue = p.line.grantDue || p.line.grantSeq != 0 && !p.line.grantAcked
	p.line.wanted = p.line.wanted || p.line.unheard // not even the greeting of the renewed ratchet
	p.lineMoved()
	w.later(func() { w.m.rewind(c); w.m.progressed(c) })
	return w.fill(p)
}

// failedMessage fails an own message for good, unless the contact said that they read it.
func (w *work) failedMessage(id MessageID) error {
	msg, err := w.tx.Message(id)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if msg.State == StateDelivered || msg.State == StateRead {
		return nil
	}
	_, err = w.setState(id, StateFailed, ReasonKeys)
	return err
}
