package app

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"tacit/identity/envelope"
	"tacit/identity/session"
)

// receive takes cells of a contact, oldest first, and returns the digests of
// those that are stored, now or before. Everything else is dropped, and nobody is
// told. Only where from is the contact's own does what cannot be opened say anything.
func (w *work) receive(c ContactID, cells [][]byte, from origin) (acks []Digest, err error) {
	p := w.peer(c)
	if p == nil || p.rec.Blocked {
		return nil, nil
	}
	p = w.editPeer(c)
	p.via = from.path
	for _, cell := range cells {
		_, box, err := envelope.Split(cell)
		if err != nil {
			continue
		}
		d := session.Digest(box)
		ok, err := w.open(p, d, box, from)
		if err != nil {
			return nil, err
		}
		if ok {
			acks = append(acks, d)
		}
	}
	if err := w.followEarly(p); err != nil {
		return nil, err
	}
	return acks, w.fill(p)
}

// open takes one box and reports whether it is to be acknowledged.
func (w *work) open(p *peer, d Digest, box []byte, from origin) (bool, error) {
	seen, err := w.tx.Seen(p.rec.ID, d)
	if err != nil {
		return false, fmt.Errorf("seen: %w", err)
	}
	if seen {
		if !from.own || from.byMail() {
			return true, nil
		}
		return true, w.acknowledgedByLink(p, d)
	}
	before := p.line.theirs
	c, a, err := p.line.open(box, w.now)
	if err != nil {
		w.m.log.Debug("cell not opened", "err", err)
		if !from.own {
			return false, nil
		}
		return w.unopened(p, d, box, from, err)
	}
	p.strange = 0
	if a == isEarly && from.byMail() {
		if err := w.keepEarly(p, d, box, c.Stream, c.Seq); err != nil {
			return false, err
		}
	}
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
			return false, w.usedTwice(p, c, from.own)
		}
		if err := w.takeAgain(p, c); err != nil {
			return false, err
		}
	}
	if err := w.tx.AddSeen(p.rec.ID, d, w.now); err != nil {
		return false, fmt.Errorf("add seen: %w", err)
	}
	if from.byMail() && c.Kind.owes() {
		if err := w.owe(p, d); err != nil {
			return false, err
		}
	}
	if a == isNew {
		if err := w.take(p, c); err != nil {
			return false, err
		}
	}
	if before != 0 && before != p.line.theirs {
		if err := w.sayTimer(p); err != nil {
			return false, err
		}
	}
	if !p.line.unheard || p.line.session.Heard() { // an older ratchet knows nothing of the greeting, which has an older number
		if err := w.acknowledged(p, p.line.acknowledges(c)); err != nil {
			return false, err
		}
		if err := w.acknowledgedBare(p, c); err != nil {
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
			return w.takeGrant(p, grant)
		}
	case kindText:
		if t, err := parse[textBody](c.Body); err == nil {
			return w.takeMessage(p, Message{Text: t.Text, SentAt: sentAt(t.SentAt, w.now)}, nil, nil)
		}
	case kindMessage:
		if b, err := parse[messageBody](c.Body); err == nil {
			return w.takeSaid(p, b)
		}
	case kindReaction, kindEdit, kindDelete, kindTimer, kindRead, kindTyping, kindActive, kindFileWant, kindFileEnd, kindReceipt, kindOffer:
		return w.takeSaying(p, c)
	}
	return w.takeMessage(p, Message{Unknown: true, SentAt: w.now}, encode(&c), nil)
}

// sentAt is the sender's time, unless that lies outside the years that calendars show.
func sentAt(ms int64, now time.Time) time.Time {
	if ms < 0 || ms >= lastSentAt {
		return now
	}
	return time.UnixMilli(ms)
}

// takeSaid stores a message that bears a name, unless one of that name came before: its
// sender may have been put back to a copy, and numbers anew what this side has.
func (w *work) takeSaid(p *peer, b messageBody) error {
	if known, err := w.knows(p, b.Ref); err != nil || known {
		return err
	}
	msg := Message{
		Ref: b.Ref, Text: b.Text, SentAt: sentAt(b.SentAt, w.now), Forwarded: b.Forwarded,
		Timer: time.Duration(b.Timer) * time.Second, Replies: b.Reply != nil,
	}
	if b.Reply != nil {
		to, found, err := w.target(p, b.Reply.By == byHearer, b.Reply.Ref)
		if err != nil {
			return err
		}
		if found {
			msg.ReplyTo = to.ID
		}
	}
	if b.File == nil {
		return w.takeMessage(p, msg, nil, nil)
	}
	file, err := b.File.record()
	if err != nil {
		return err // parse found it good
	}
	return w.takeMessage(p, msg, nil, &file)
}

// knows reports whether a message of this name came from p before, also one that is gone.
func (w *work) knows(p *peer, ref Ref) (bool, error) {
	if _, found, err := w.target(p, false, ref); err != nil || found {
		return found, err
	}
	gone, err := w.tx.Seen(p.rec.ID, Digest(ref))
	if err != nil {
		return false, fmt.Errorf("seen: %w", err)
	}
	return gone, nil
}

// target returns the message of the chat with p that one side wrote under this name.
func (w *work) target(p *peer, own bool, ref Ref) (Message, bool, error) {
	msg, err := w.tx.MessageByRef(p.rec.ID, own, ref)
	if errors.Is(err, ErrNotFound) {
		return Message{}, false, nil
	}
	if err != nil {
		return Message{}, false, fmt.Errorf("message by name: %w", err)
	}
	return msg, true, nil
}

// takeMessage stores what came: unknown is the content of one that nobody understood yet,
// file that of one that bears a file.
func (w *work) takeMessage(p *peer, msg Message, unknown []byte, file *FileRecord) (err error) {
	msg.Contact, msg.At, msg.State, msg.StateAt = p.rec.ID, w.now, StateReceived, w.now
	msg.Path, msg.Unread = p.via, true
	if msg.Unknown {
		msg.ID, err = w.tx.AddUnknown(msg, unknown)
	} else {
		msg.ID, err = w.tx.AddMessage(msg)
	}
	if err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	if file != nil {
		if err := w.takeFile(&msg, *file); err != nil {
			return err
		}
	}
	if p.latest != nil && msg.Ref.IsZero() && !msg.Unknown {
		p.latest.add(textDigest(textBody{SentAt: msg.SentAt.UnixMilli(), Text: msg.Text}))
	}
	p.usedAt = w.now
	w.emit(MessageAdded{msg})
	if err := w.cameFrom(p); err != nil {
		return err
	}
	return w.listened(p)
}

// listened counts what people say to a side that says nothing, and has it answer in time.
func (w *work) listened(p *peer) error {
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
	return w.seal(p, kindEmpty, nil, subject{})
}

// takeGrant takes the right to write. Where it names another node, what lay at the one
// before may be lost, and is left at the new one.
func (w *work) takeGrant(p *peer, g envelope.Grant) error {
	before, _ := p.line.grants.Held()
	p.line.grants, p.dirty.grants = p.line.grants.Accept(g), true
	c := p.rec.ID
	w.later(func() { w.m.mailboxMoved(c) })
	if len(g.Mailbox) > 0 && !bytes.Equal(before.Mailbox, g.Mailbox) {
		if err := w.tx.UnholdOutbox(c); err != nil {
			return fmt.Errorf("unhold: %w", err)
		}
	}
	p.unheld = p.sealed > 0
	w.op.homes = w.op.homes || p.rec.Hide
	w.meet()
	if !p.rec.Writable {
		p.rec.Writable, p.dirty.contact = true, true
		w.contactChanged(p)
	}
	return nil
}
