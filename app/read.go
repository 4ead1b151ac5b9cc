package app

import (
	"context"
	"crypto/rand"
	"fmt"
)

// MarkRead marks the received messages of a chat up to upTo as seen: their timers begin to
// count, and their sender is told where the person chose so. ErrNotFound.
func (m *Messenger) MarkRead(ctx context.Context, c ContactID, upTo MessageID) error {
	return m.do(ctx, writing, func(w *work) error {
		p := w.peer(c)
		if p == nil {
			return refuse(ErrNotFound)
		}
		if w.preferences().TellRead && p.writable() == nil {
			if err := w.tellRead(w.editPeer(c), upTo); err != nil {
				return err
			}
		}
		unread, err := w.tx.MarkRead(c, upTo)
		if err != nil {
			return fmt.Errorf("mark read: %w", err)
		}
		if err := w.startTimers(c, upTo); err != nil {
			return err
		}
		w.emit(ChatRead{c, unread})
		if !p.chat.MarkedUnread {
			return nil
		}
		p = w.editPeer(c)
		p.chat.MarkedUnread, p.dirty.chat = false, true
		return w.tellChat(c)
	})
}

func (w *work) startTimers(c ContactID, upTo MessageID) error {
	started, err := w.tx.StartTimers(c, upTo, w.timerNow())
	if err != nil {
		return fmt.Errorf("start timers: %w", err)
	}
	for _, id := range started {
		msg, err := w.tx.Message(id)
		if err != nil {
			return fmt.Errorf("message: %w", err)
		}
		w.expires(msg.ExpiresAt)
		w.emit(MessageChanged{msg, ChangeTimer})
	}
	return nil
}

// tellRead says which messages are about to be marked as seen.
func (w *work) tellRead(p *peer, upTo MessageID) error {
	var refs []Ref
	var after MessageID
	for {
		unread, err := w.tx.UnreadMessages(p.rec.ID, after, upTo, maxReadRefs)
		if err != nil {
			return fmt.Errorf("unread messages: %w", err)
		}
		for _, msg := range unread {
			if after = msg.ID; !msg.Ref.IsZero() {
				refs = append(refs, msg.Ref)
			}
		}
		if len(refs) > 0 {
			var topic [16]byte // none takes the place of another
			rand.Read(topic[:])
			if err := w.say(p, kindRead, topic, encode(&readBody{Refs: refs})); err != nil {
				return err
			}
		}
		if refs = nil; len(unread) < maxReadRefs {
			return nil
		}
	}
}

// takeRead believes a contact about what they read. A message that was read has arrived.
func (w *work) takeRead(p *peer, b readBody) error {
	for _, ref := range b.Refs {
		msg, found, err := w.target(p, true, ref)
		if err != nil {
			return err
		}
		if !found || msg.State == StateRead {
			continue
		}
		if err := w.deliveredMessage(p, msg.ID, PathNone); err != nil {
			return err
		}
		if _, err := w.setState(msg.ID, StateRead, ReasonNone); err != nil {
			return err
		}
	}
	return nil
}
