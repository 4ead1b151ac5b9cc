package app

import (
	"errors"
	"fmt"
)

// receiptBody says which boxes came by mailbox and are stored.
type receiptBody struct {
	_       struct{} `cbor:",toarray"`
	Digests []Digest
}

func (b receiptBody) valid() bool { return 0 < len(b.Digests) && len(b.Digests) <= maxReceipts }

// owes reports whether a content that came by mailbox is answered by a receipt. Nothing
// that could be an answer is, so that two never answer one another for ever; those are
// taken away by the numbers that anything said acknowledges.
func (k kind) owes() bool {
	switch k {
	case kindEmpty, kindReceipt, kindTyping, kindActive:
		return false
	}
	return true
}

// owe notes that p is to be told of a box.
func (w *work) owe(p *peer, d Digest) error {
	if err := w.tx.AddOwed(p.rec.ID, d); err != nil {
		return fmt.Errorf("add owed: %w", err)
	}
	p.owes = true
	return nil
}

// acknowledgedByLink forgets a receipt that the link has brought.
func (w *work) acknowledgedByLink(p *peer, d Digest) error {
	if !p.owes {
		return nil
	}
	if err := w.tx.RemoveOwed(p.rec.ID, d); err != nil {
		return fmt.Errorf("remove owed: %w", err)
	}
	return w.countOwed(p)
}

func (w *work) countOwed(p *peer) error {
	owed, err := w.tx.Owed(p.rec.ID, 0, 1)
	if err != nil {
		return fmt.Errorf("owed: %w", err)
	}
	p.owes = len(owed) > 0
	return nil
}

// sayReceipts says what is owed to a contact, alone.
func (w *work) sayReceipts(c ContactID) error {
	if p := w.editPeer(c); p != nil && !w.m.linked(c) {
		return w.sealReceipts(p)
	}
	return nil
}

// sealReceipts seals what is owed to p. It stays owed, under the number of the receipt,
// until that has arrived.
func (w *work) sealReceipts(p *peer) error {
	if p.writable() != nil || !p.line.speaks() {
		return nil
	}
	for p.owes && p.sealed < maxSealed {
		ds, err := w.tx.Owed(p.rec.ID, 0, maxReceipts)
		if err != nil {
			return fmt.Errorf("owed: %w", err)
		}
		if p.owes = len(ds) == maxReceipts; len(ds) == 0 {
			return nil
		}
		if err := w.tx.SetOwed(p.rec.ID, p.line.next, ds...); err != nil {
			return fmt.Errorf("set owed: %w", err)
		}
		if err := w.seal(p, kindReceipt, encode(&receiptBody{Digests: ds}), subject{}); err != nil {
			return err
		}
	}
	return nil
}

// receiptOf returns what the receipt of a number says, nil where that was none.
func (w *work) receiptOf(c ContactID, seq uint64) ([]Digest, error) {
	ds, err := w.tx.Owed(c, seq, maxReceipts)
	if err != nil {
		return nil, fmt.Errorf("owed: %w", err)
	}
	return ds, nil
}

// takeReceipt believes p about boxes that it stored.
func (w *work) takeReceipt(p *peer, b receiptBody) error {
	for _, d := range b.Digests {
		if err := w.settle(p, d, PathNone); err != nil {
			return err
		}
	}
	return nil
}

// settle takes a box out of the outbox that p has. path is how it went, PathNone where only
// the box can tell.
func (w *work) settle(p *peer, d Digest, path Path) error {
	c := p.rec.ID
	r, err := w.tx.OutboxByDigest(c, d)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	if err := w.tx.RemoveOutbox(c, r.Seq); err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	p.sealed--
	if err := w.saidArrived(p, r.Saying); err != nil {
		return err
	}
	if r.Message == 0 && r.Saying == 0 {
		ds, err := w.receiptOf(c, r.Seq)
		if err != nil {
			return err
		}
		if err := w.tx.RemoveOwed(c, ds...); err != nil {
			return fmt.Errorf("remove owed: %w", err)
		}
	}
	w.later(func() {
		if desk := w.m.mail.desks[c]; desk != nil {
			delete(desk.paid, d)
		}
	})
	return w.arrived(p, r.Seq, r.Message, path)
}

// acknowledgedBare believes the peer's number about boxes that carry neither message nor
// saying nor the grant: nothing is lost where it counts for other contents of a copy.
func (w *work) acknowledgedBare(p *peer, c content) error {
	if p.sealed == 0 || c.AckStream != p.line.stream || p.line.surpassed(c) {
		return nil
	}
	upTo := c.Ack &^ usedTwice
	n, err := w.tx.RemoveOutboxBare(p.rec.ID, upTo, p.line.grantSeq)
	if err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	if n > 0 {
		p.sealed -= n
		if err := w.tx.RemoveOwedUpTo(p.rec.ID, upTo); err != nil {
			return fmt.Errorf("remove owed: %w", err)
		}
	}
	return w.acknowledgedEmptied(p, upTo)
}

// acknowledgedEmptied does so for boxes that say nothing in place of a deleted message.
func (w *work) acknowledgedEmptied(p *peer, upTo uint64) error {
	if !p.emptied {
		return nil
	}
	rows, err := w.tx.Outbox(p.rec.ID, 0, p.sealed)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	p.emptied = false
	for _, r := range rows {
		if r.Message == 0 {
			continue
		}
		msg, err := w.tx.Message(r.Message)
		switch {
		case err != nil:
			return fmt.Errorf("message: %w", err)
		case !msg.Deleted:
		case r.Seq > upTo:
			p.emptied = true
		default:
			if err := w.settle(p, r.Digest, PathNone); err != nil {
				return err
			}
		}
	}
	return nil
}

// oweAgain takes back what was said of receipts: nothing of it arrives any more.
func (w *work) oweAgain(p *peer) error {
	if err := w.tx.OweAgain(p.rec.ID); err != nil {
		return fmt.Errorf("owe again: %w", err)
	}
	return w.countOwed(p)
}
