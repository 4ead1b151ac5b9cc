package app

import (
	"errors"
	"fmt"
)

// unsay takes back what waits and was told of oneself, where the person ceased to tell it.
func (w *work) unsay(before, chosen Preferences) error {
	read := before.TellRead && !chosen.TellRead
	presence := before.TellTyping && !chosen.TellTyping || before.TellActive && !chosen.TellActive || before.TellSeen && !chosen.TellSeen
	if !read && !presence {
		return nil
	}
	for c, p := range w.peers() {
		if p.sealed == 0 && p.sayings == 0 {
			continue
		}
		p = w.editPeer(c)
		if read {
			if err := w.unsayRead(p); err != nil {
				return err
			}
		}
		if err := w.unsayBoxed(p, read, presence); err != nil {
			return err
		}
		if err := w.countSayings(p); err != nil {
			return err
		}
	}
	return nil
}

// unsayRead takes back receipts of reading that were not sealed.
func (w *work) unsayRead(p *peer) error {
	waiting, err := w.tx.UnsealedSayings(p.rec.ID, maxSayings)
	if err != nil {
		return fmt.Errorf("unsealed sayings: %w", err)
	}
	for _, s := range waiting {
		if kind(s.Kind) != kindRead {
			continue
		}
		if err := w.tx.RemoveSaying(s.ID); err != nil {
			return fmt.Errorf("remove saying: %w", err)
		}
	}
	return nil
}

// unsayBoxed has the numbers of what was sealed go as empty contents. Where nothing can be
// sealed now, they do when all is sealed anew.
func (w *work) unsayBoxed(p *peer, read, presence bool) error {
	rows, err := w.tx.Outbox(p.rec.ID, 0, p.sealed)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	c := p.rec.ID
	for _, r := range rows {
		about, err := w.unsayable(p, r, read, presence)
		if err != nil {
			return err
		}
		if !about {
			continue
		}
		if err := w.tx.RemoveSaying(r.Saying); err != nil {
			return fmt.Errorf("remove saying: %w", err)
		}
		if !p.line.speaks() {
			continue
		}
		if err := w.tx.RemoveOutbox(c, r.Seq); err != nil {
			return fmt.Errorf("remove from outbox: %w", err)
		}
		if err := w.box(p, kindEmpty, nil, r.Seq, subject{}); err != nil {
			return err
		}
	}
	w.later(func() { w.m.rewind(c) })
	return nil
}

// unsayable reports whether a box may tell what is to be told no more: a receipt of reading
// or, of presence, all that carries neither message nor saying nor the grant.
func (w *work) unsayable(p *peer, r OutboxRecord, read, presence bool) (bool, error) {
	if r.Saying == 0 {
		receipt, err := w.receiptOf(p.rec.ID, r.Seq)
		return presence && r.Message == 0 && r.Seq != p.line.grantSeq && len(receipt) == 0, err
	}
	said, err := w.tx.Saying(r.Saying)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("saying: %w", err)
	}
	return read && kind(said.Kind) == kindRead, nil
}
