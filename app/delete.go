package app

import (
	"context"
	"errors"
	"fmt"
)

// Delete removes a message from this computer or, where it is an own one, for all: then the
// entry stays on both sides and says so, and what it said is gone. One that was never sealed
// is simply not sent.
//
// ErrNotFound; for all also ErrNotYours, ErrNotVerified, ErrBlocked, ErrBusy.
func (m *Messenger) Delete(ctx context.Context, id MessageID, forAll bool) error {
	return m.do(ctx, writing, func(w *work) error {
		if forAll {
			return w.deleteForAll(id)
		}
		msg, err := w.tx.Message(id)
		if errors.Is(err, ErrNotFound) {
			return refuse(ErrNotFound)
		}
		if err != nil {
			return fmt.Errorf("message: %w", err)
		}
		if err := w.remove(msg, ChangeRemoved); err != nil {
			return err
		}
		return w.tellChat(msg.Contact)
	})
}

func (w *work) deleteForAll(id MessageID) error {
	msg, err := w.findNamed(id)
	if err != nil {
		return err
	}
	if !msg.Own {
		return refuse(ErrNotYours)
	}
	unseen, err := w.neverSealed(msg)
	if err != nil {
		return err
	}
	if unseen {
		if err := w.remove(msg, ChangeRemoved); err != nil {
			return err
		}
		return w.tellChat(msg.Contact)
	}
	if err := w.maySay(msg.Contact); err != nil {
		return err
	}
	if err := w.say(w.editPeer(msg.Contact), kindDelete, msg.Ref, encode(&deleteBody{Ref: msg.Ref})); err != nil {
		return err
	}
	return w.takeBack(msg)
}

func (w *work) takeDelete(p *peer, b deleteBody) error {
	msg, found, err := w.target(p, false, b.Ref)
	if err != nil || !found || msg.Deleted {
		return err
	}
	return w.takeBack(msg)
}

// takeBack leaves of a message that it was deleted.
func (w *work) takeBack(msg Message) error {
	if err := w.forgetEdits(msg); err != nil {
		return err
	}
	if err := w.dropFile(msg); err != nil {
		return err
	}
	if err := w.tx.SetMessageDeleted(msg.ID); err != nil {
		return fmt.Errorf("delete message: %w", err)
	}
	return w.messageChanged(msg.ID, ChangeDeleted)
}

// remove takes a message off this computer. The name of a received one is kept as long as
// digests are, so that it is not shown when it comes again.
func (w *work) remove(msg Message, what Change) error {
	if !msg.Own && !msg.Ref.IsZero() {
		if err := w.tx.AddSeen(msg.Contact, Digest(msg.Ref), w.now); err != nil {
			return fmt.Errorf("add seen: %w", err)
		}
	}
	if err := w.forgetEdits(msg); err != nil {
		return err
	}
	if err := w.dropFile(msg); err != nil {
		return err
	}
	if err := w.tx.RemoveMessage(msg.ID); err != nil {
		return fmt.Errorf("remove message: %w", err)
	}
	w.emit(MessageRemoved{msg.Contact, msg.ID, what})
	return nil
}

// forgetEdits removes the texts of a message about to go that wait to be said to its contact.
func (w *work) forgetEdits(msg Message) error {
	p := w.peer(msg.Contact)
	if !msg.Own || msg.Revision == 0 || p == nil || p.sayings == 0 {
		return nil
	}
	p = w.editPeer(msg.Contact)
	all, err := w.tx.UnsealedSayings(p.rec.ID, maxSayings)
	if err != nil {
		return fmt.Errorf("unsealed sayings: %w", err)
	}
	rows, err := w.tx.Outbox(p.rec.ID, 0, p.sealed)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	for _, r := range rows {
		s, err := w.tx.Saying(r.Saying)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("saying: %w", err)
		}
		all = append(all, s)
	}
	for _, s := range all {
		if kind(s.Kind) != kindEdit || s.Topic != [16]byte(msg.Ref) {
			continue
		}
		if err := w.tx.RemoveSaying(s.ID); err != nil {
			return fmt.Errorf("remove saying: %w", err)
		}
	}
	return w.countSayings(p)
}
