package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"tacit/identity/envelope"
	"tacit/identity/session"
)

// Outgoing is a message to be said.
type Outgoing struct {
	Text    string    // may be empty only with a File
	ReplyTo MessageID // a message of the same chat; 0: none
	File    *Attachment
}

// Attachment is a file to go with a message.
type Attachment struct {
	Name         string                        // of the file, without its folder
	Size         int64                         // bytes, as its file system says; -1: not known
	Open         func() (io.ReadCloser, error) // called once or more, on the goroutine that waits
	KeepMetadata bool                          // of a picture; else where and how it was taken is left out
	Progress     func(done, total int64)       // may be nil; bytes; called on any goroutine
}

// Send commits a message to a contact: when it returns nil, the message survives
// a crash and goes out, once and in order, when the contact can be reached.
//
// ErrTextEmpty, ErrTextTooLong, ErrTextInvalid, ErrNotFound, ErrNotVerified,
// ErrBlocked, ErrDiskFull, ErrDiskReadOnly, ErrClosed.
func (m *Messenger) Send(ctx context.Context, c ContactID, text string) (Message, error) {
	return m.Post(ctx, c, text)()
}

// Post begins what Send does and returns a function that waits for its end, to be
// called once. What is posted meanwhile shares a commit, in the order it was posted.
func (m *Messenger) Post(ctx context.Context, c ContactID, text string) (wait func() (Message, error)) {
	if err := checkText(text); err != nil {
		return func() (Message, error) { return Message{}, err }
	}
	var sent Message
	done := m.begin(ctx, writing, func(w *work) (err error) {
		sent, err = w.send(c, text)
		return err
	})
	return func() (Message, error) {
		if err := done(); err != nil {
			return Message{}, err
		}
		return sent, nil
	}
}

func checkText(text string) error {
	switch {
	case len(text) > MaxTextBytes:
		return ErrTextTooLong
	case !utf8.ValidString(text):
		return ErrTextInvalid
	case strings.TrimSpace(text) == "":
		return ErrTextEmpty
	}
	return nil
}

func (w *work) send(c ContactID, text string) (Message, error) {
	p := w.peer(c)
	if p == nil {
		return Message{}, refuse(ErrNotFound)
	}
	if err := p.writable(); err != nil {
		return Message{}, refuse(err)
	}
	p = w.editPeer(c)
	msg := Message{Contact: c, Own: true, Text: text, SentAt: w.now, At: w.now, State: StateQueued, StateAt: w.now}
	id, err := w.tx.AddMessage(msg)
	if err != nil {
		return Message{}, fmt.Errorf("add message: %w", err)
	}
	msg.ID = id
	p.usedAt = w.now
	w.emit(MessageAdded{msg})
	if p.backlog {
		return msg, nil
	}
	p.backlog = true
	return msg, w.fill(p, msg)
}

// Retry queues a message that failed for good again, as a new box.
// A message that is not failed is returned as it is.
func (m *Messenger) Retry(ctx context.Context, id MessageID) (Message, error) {
	var out Message
	err := m.do(ctx, writing, func(w *work) error {
		msg, err := w.tx.Message(id)
		if errors.Is(err, ErrNotFound) {
			return refuse(ErrNotFound)
		}
		if err != nil {
			return err
		}
		out = msg
		if !msg.Own || msg.State != StateFailed {
			return nil
		}
		if err := w.peer(msg.Contact).writable(); err != nil {
			return refuse(err)
		}
		if out, err = w.setState(id, StateQueued, ReasonNone); err != nil {
			return err
		}
		p := w.editPeer(msg.Contact)
		p.backlog = true
		return w.fill(p)
	})
	if err != nil {
		return Message{}, err
	}
	return out, nil
}

// setState moves a message to a state and tells subscribers.
func (w *work) setState(id MessageID, s State, r Reason) (Message, error) {
	if err := w.tx.SetMessageState(id, s, r, w.now); err != nil {
		return Message{}, fmt.Errorf("set message state: %w", err)
	}
	msg, err := w.tx.Message(id)
	if err != nil {
		return Message{}, fmt.Errorf("message: %w", err)
	}
	w.emit(MessageStateChanged{msg})
	return msg, nil
}

// fill seals what waits for p as far as it may. fresh is a message that was just
// added where no other waits: it need not be read back.
func (w *work) fill(p *peer, fresh ...Message) error {
	if !p.line.speaks() || p.rec.Blocked {
		return nil
	}
	if p.line.sealAnew {
		if err := w.sealAnew(p); err != nil {
			return err
		}
	}
	if p.line.grantDue {
		if err := w.sealGrant(p); err != nil {
			return err
		}
	}
	room := maxSealed - p.sealed
	if !p.backlog || p.writable() != nil || room <= 0 || room < senderBatch && len(fresh) == 0 {
		return nil
	}
	msgs := fresh
	if len(fresh) == 0 {
		var err error
		if msgs, err = w.tx.Unsealed(p.rec.ID, room); err != nil {
			return fmt.Errorf("unsealed: %w", err)
		}
	}
	for _, msg := range msgs {
		body := encode(&textBody{SentAt: msg.SentAt.UnixMilli(), Text: msg.Text})
		if err := w.seal(p, kindText, body, msg.ID); err != nil {
			return err
		}
	}
	p.backlog = len(msgs) == room && len(fresh) == 0
	return nil
}

// seal seals the next content for p into the outbox.
func (w *work) seal(p *peer, k kind, body []byte, msg MessageID) error {
	seq := p.line.next
	if p.sealed == 0 { // all before it arrived: also a peer who forgot that is not to wait for them
		p.line.floor = seq
	}
	p.line.next++
	p.sealed++
	return w.box(p, k, body, seq, msg)
}

func (w *work) box(p *peer, k kind, body []byte, seq uint64, msg MessageID) error {
	box, err := p.line.seal(k, body, seq, w.now)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	p.lineMoved()
	rec := OutboxRecord{Contact: p.rec.ID, Seq: seq, Digest: session.Digest(box), Box: box, Message: msg, At: w.now}
	if err := w.tx.AddOutbox(rec); err != nil {
		return fmt.Errorf("add to outbox: %w", err)
	}
	w.later(func() { w.m.outgoing(rec) })
	return nil
}

// sealGrant says a grant to p. One that has not arrived is said again: only the last
// two are accepted, and the one that the contact holds must not be pushed out by
// those it never got.
func (w *work) sealGrant(p *peer) error {
	var grant envelope.Grant
	if issued := p.line.grants.Issued(); len(issued) > 0 && !p.line.grantAcked {
		grant = issued[0]
	} else {
		grant, p.line.grants = p.line.grants.Issue(nil, w.now)
		p.dirty.grants = true
	}
	p.line.grantSeq, p.line.grantAcked, p.line.grantDue = p.line.next, false, false
	w.meet()
	return w.seal(p, kindGrant, grant.Marshal(), 0)
}

// sealAnew seals everything that is under way to p with the ratchet of now. The
// numbers stay, so that what had arrived already is recognised.
func (w *work) sealAnew(p *peer) error {
	rows, err := w.tx.Outbox(p.rec.ID, 0, p.sealed)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	p.line.sealAnew = false
	p.line.floor = p.line.next
	if len(rows) > 0 {
		p.line.floor = rows[0].Seq
	}
	p.lineMoved()
	for _, r := range rows {
		k, body, err := w.contentOf(r)
		if err != nil {
			return err
		}
		if err := w.tx.RemoveOutbox(p.rec.ID, r.Seq); err != nil {
			return fmt.Errorf("remove from outbox: %w", err)
		}
		if err := w.box(p, k, body, r.Seq, r.Message); err != nil {
			return err
		}
	}
	c := p.rec.ID
	w.later(func() { w.m.rewind(c) })
	return nil
}

// contentOf returns what a box says. One that carries no message says nothing
// that a new pairing would not say anew: its number alone must be delivered.
func (w *work) contentOf(r OutboxRecord) (kind, []byte, error) {
	if r.Message == 0 {
		return kindEmpty, nil, nil
	}
	msg, err := w.tx.Message(r.Message)
	if err != nil {
		return 0, nil, fmt.Errorf("message: %w", err)
	}
	return kindText, encode(&textBody{SentAt: msg.SentAt.UnixMilli(), Text: msg.Text}), nil
}
