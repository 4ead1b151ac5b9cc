package app

import (
	"errors"
	"fmt"
	"time"

	"tacit/identity/envelope"
	"tacit/identity/session"
)

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
	if p.line.grantDue || w.grantStale(p) {
		if err := w.sealGrant(p); err != nil {
			return err
		}
	}
	room := maxSealed - p.sealed
	if p.writable() != nil || room <= 0 || room < senderBatch && len(fresh) == 0 {
		return nil
	}
	before := p.line.next
	if err := w.fillMessages(p, room, fresh); err != nil {
		return err
	}
	if err := w.fillSayings(p); err != nil {
		return err
	}
	if p.line.next > before && !w.m.linked(p.rec.ID) {
		return w.sealReceipts(p) // it rides behind what goes anyhow
	}
	return nil
}

func (w *work) fillMessages(p *peer, room int, fresh []Message) error {
	if !p.backlog {
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
		k, body, err := w.messageContent(msg)
		if err != nil {
			return err
		}
		if err := w.seal(p, k, body, subject{message: msg.ID}); err != nil {
			return err
		}
	}
	p.backlog = len(msgs) == room && len(fresh) == 0
	return nil
}

// subject is what a box in the outbox carries: a message, a saying, or neither.
type subject struct {
	message MessageID
	saying  SayingID
}

// seal seals the next content for p into the outbox.
func (w *work) seal(p *peer, k kind, body []byte, of subject) error {
	seq := p.line.next
	if p.sealed == 0 { // all before it arrived: also a peer who forgot that is not to wait for them
		p.line.floor = seq
	}
	p.line.next++
	p.sealed++
	return w.box(p, k, body, seq, of)
}

func (w *work) box(p *peer, k kind, body []byte, seq uint64, of subject) error {
	_, err := w.addBox(p, k, body, seq, of)
	return err
}

func (w *work) addBox(p *peer, k kind, body []byte, seq uint64, of subject) (OutboxRecord, error) {
	box, err := p.line.seal(k, body, seq, w.now)
	if err != nil {
		return OutboxRecord{}, fmt.Errorf("seal: %w", err)
	}
	p.lineMoved()
	p.unheld, p.emptied = true, p.emptied || k == kindEmpty && of.message != 0
	rec := OutboxRecord{Contact: p.rec.ID, Seq: seq, Digest: session.Digest(box), Box: box, Message: of.message, Saying: of.saying, At: w.now}
	if err := w.tx.AddOutbox(rec); err != nil {
		return OutboxRecord{}, fmt.Errorf("add to outbox: %w", err)
	}
	w.later(func() { w.m.outgoing(rec) })
	return rec, nil
}

// sealGrant says a grant to p. One that has not arrived is said again: only the last
// two are accepted, and the one that the contact holds must not be pushed out by
// those it never got.
func (w *work) sealGrant(p *peer) error {
	var grant envelope.Grant
	if issued := p.line.grants.Issued(); len(issued) > 0 && !p.line.grantAcked && !w.mayReplace(p) {
		grant = issued[0]
	} else if w.m.spareComes(w) {
		p.line.grantDue = true
		return nil
	} else if err := w.issue(p, &grant); err != nil {
		return err
	}
	p.line.grantSeq, p.line.grantAcked, p.line.grantDue = p.line.next, false, false
	w.meet()
	return w.seal(p, kindGrant, grant.Marshal(), subject{})
}

// issue makes a grant for p: of the default node where that has one to spare.
func (w *work) issue(p *peer, grant *envelope.Grant) error {
	seed, lot, mailbox, ok, err := w.takeSpare()
	switch {
	case err != nil:
		return err
	case ok:
		*grant, p.line.grants = p.line.grants.IssueSpare(seed, lot, mailbox, w.now)
	default:
		*grant, p.line.grants = p.line.grants.Issue(w.now)
	}
	p.dirty.grants = true
	return nil
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
		if err := w.unheldMessage(r.Message); err != nil {
			return err
		}
		if err := w.box(p, k, body, r.Seq, subject{r.Message, r.Saying}); err != nil {
			return err
		}
	}
	c := p.rec.ID
	w.later(func() { w.m.rewind(c) })
	return nil
}

// contentOf returns what a box says now. One whose message or saying is gone, and one that
// carried neither, says nothing any more: its number alone must be delivered.
func (w *work) contentOf(r OutboxRecord) (kind, []byte, error) {
	switch {
	case r.Saying != 0:
		said, err := w.tx.Saying(r.Saying)
		if errors.Is(err, ErrNotFound) {
			return kindEmpty, nil, nil
		}
		if err != nil {
			return 0, nil, fmt.Errorf("saying: %w", err)
		}
		return kind(said.Kind), said.Body, nil
	case r.Message != 0:
		msg, err := w.tx.Message(r.Message)
		if errors.Is(err, ErrNotFound) {
			return kindEmpty, nil, nil
		}
		if err != nil {
			return 0, nil, fmt.Errorf("message: %w", err)
		}
		return w.messageContent(msg)
	}
	ds, err := w.receiptOf(r.Contact, r.Seq)
	if err != nil || len(ds) == 0 {
		return kindEmpty, nil, err
	}
	return kindReceipt, encode(&receiptBody{Digests: ds}), nil
}

// messageContent returns how an own message is said, as it is now.
func (w *work) messageContent(msg Message) (kind, []byte, error) {
	switch {
	case msg.Deleted:
		return kindEmpty, nil, nil
	case msg.Ref.IsZero(): // of a version that gave no names
		return kindText, encode(&textBody{SentAt: msg.SentAt.UnixMilli(), Text: msg.Text}), nil
	}
	b := messageBody{
		Ref: msg.Ref, SentAt: msg.SentAt.UnixMilli(), Text: msg.Text,
		Forwarded: msg.Forwarded, Timer: uint64(msg.Timer / time.Second),
	}
	if msg.Replies {
		b.Reply = &targetBody{}
		if msg.ReplyTo != 0 {
			to, err := w.tx.Message(msg.ReplyTo)
			if err != nil {
				return 0, nil, fmt.Errorf("message answered: %w", err)
			}
			b.Reply.By, b.Reply.Ref = byOf(to.Own), to.Ref
		}
	}
	var err error
	if b.File, err = w.fileBody(msg); err != nil {
		return 0, nil, err
	}
	return kindMessage, encode(&b), nil
}
