package app

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"tacit/identity/session"
)

// React puts an emoji to a message, or takes it away. What is so already stays so.
//
// ErrEmojiInvalid, ErrNotFound, ErrNotVerified, ErrBlocked, ErrBusy; ErrTooMany beyond
// MaxReactions different ones.
func (m *Messenger) React(ctx context.Context, id MessageID, emoji string, on bool) error {
	if !isEmoji(emoji) {
		return ErrEmojiInvalid
	}
	return m.do(ctx, writing, func(w *work) error {
		msg, err := w.findNamed(id)
		if err != nil {
			return err
		}
		if err := w.maySay(msg.Contact); err != nil {
			return err
		}
		switch there, n := reactions(msg, true, emoji); {
		case there == on:
			return nil
		case on && n >= MaxReactions:
			return refuse(ErrTooMany)
		}
		p := w.editPeer(msg.Contact)
		r := Reaction{Emoji: emoji, Own: true, At: w.now}
		if err := w.sayReaction(p, msg, r, on); err != nil {
			return err
		}
		return w.setReaction(msg.ID, r, on)
	})
}

// reactions reports whether one side put emoji to a message, and how many it put there.
func reactions(msg Message, own bool, emoji string) (there bool, n int) {
	for _, r := range msg.Reactions {
		if r.Own == own {
			n++
			there = there || r.Emoji == emoji
		}
	}
	return there, n
}

func (w *work) setReaction(id MessageID, r Reaction, on bool) error {
	if err := w.tx.SetReaction(id, r, on); err != nil {
		return fmt.Errorf("set reaction: %w", err)
	}
	return w.messageChanged(id, ChangeReactions)
}

// messageChanged tells the whole message as it is now.
func (w *work) messageChanged(id MessageID, what Change) error {
	msg, err := w.tx.Message(id)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	w.emit(MessageChanged{msg, what})
	return nil
}

func (w *work) sayReaction(p *peer, msg Message, r Reaction, on bool) error {
	b := reactionBody{By: byOf(msg.Own), Ref: msg.Ref, Emoji: r.Emoji, On: on, At: r.At.UnixMilli()}
	topic := binary.BigEndian.AppendUint64(nil, b.By)
	topic = append(append(topic, b.Ref[:]...), b.Emoji...)
	return w.say(p, kindReaction, session.Digest(topic), encode(&b))
}

// reactAgain says the own reactions to a message that is said again: when they were said
// before, the contact may not have had it.
func (w *work) reactAgain(p *peer, msg Message) error {
	if msg.Ref.IsZero() {
		return nil
	}
	for _, r := range slices.Clone(msg.Reactions) {
		if r.Own {
			if err := w.sayReaction(p, msg, r, true); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *work) takeReaction(p *peer, b reactionBody) error {
	msg, found, err := w.target(p, b.By == byHearer, b.Ref)
	if err != nil || !found || msg.Deleted {
		return err
	}
	there, n := reactions(msg, false, b.Emoji)
	if there == b.On || b.On && n >= MaxReactions {
		return nil
	}
	return w.setReaction(msg.ID, Reaction{Emoji: b.Emoji, At: sentAt(b.At, w.now)}, b.On)
}
