package app

import (
	"context"
	"fmt"
	"strings"

	"tacit/identity"
	handshake "tacit/identity/pairing"
	"tacit/identity/session"
)

// EnterCode compares the six digits that the peer read out; blanks and dashes do
// not count. There is one attempt: a wrong code ends the pairing and its card.
// Where this side's part of the handshake is still under way, it waits for that.
//
// ErrCodeMalformed (no attempt spent), ErrCodeWrong, ErrPairingEnded,
// ErrUnreachable (the peer has not answered yet), ErrNotFound.
func (m *Messenger) EnterCode(ctx context.Context, id PairingID, code string) (ContactID, error) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, code)
	for {
		var v verdict
		err := m.do(ctx, writing, func(w *work) (err error) {
			v, err = w.enterCode(id, code)
			return err
		})
		if err != nil {
			return 0, err
		}
		if v.wait == nil {
			return v.contact, v.err
		}
		select {
		case <-v.wait:
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-m.stopped:
			return 0, ErrClosed
		}
	}
}

// verdict is what became of a code. A wrong one changes the pairing, so its
// error is a result and not a refusal.
type verdict struct {
	contact ContactID
	err     error
	wait    <-chan struct{} // there is nothing to compare with before it is closed
}

func (w *work) enterCode(id PairingID, code string) (verdict, error) {
	p := w.pairing(id)
	switch {
	case p == nil:
		return verdict{}, refuse(ErrNotFound)
	case p.over():
		return verdict{}, refuse(ErrPairingEnded)
	case p.checked && p.state.Checked():
		return verdict{contact: p.contact}, nil // asked again
	case p.checked:
		return verdict{}, refuse(ErrPairingEnded)
	case len(code) != 6 || strings.Trim(code, "0123456789") != "":
		return verdict{}, refuse(ErrCodeMalformed)
	}
	switch p.state.Phase() {
	case handshake.Confirming, handshake.Replied:
		return verdict{wait: w.m.waiter(id)}, nil
	case handshake.Agreed:
	default:
		return verdict{}, refuse(ErrUnreachable)
	}
	p = w.editPairing(id)
	next, err := p.state.Check(code)
	if err == nil {
		p.state = next
		err := w.authenticate(p, Verified, MetByCodes)
		return verdict{contact: p.contact}, err
	}
	if next.Phase() != handshake.Failed {
		return verdict{}, refuse(pairingError(err))
	}
	p.state = next
	wrong := pairingError(err)
	return verdict{err: wrong}, w.fail(p, wrong)
}

// waiter returns a channel that is closed when the pairing's keys are agreed or it ended.
func (m *Messenger) waiter(id PairingID) <-chan struct{} {
	if m.waiters[id] == nil {
		m.waiters[id] = make(chan struct{})
	}
	return m.waiters[id]
}

// Attest answers the question whether the named person stands before me. Yes
// gives trust level 2; no leaves the codes to be typed. ErrPairingEnded where the
// question does not arise, ErrNotFound.
func (m *Messenger) Attest(ctx context.Context, id PairingID, present bool) error {
	return m.do(ctx, writing, func(w *work) error {
		p := w.pairing(id)
		switch {
		case p == nil:
			return refuse(ErrNotFound)
		case !w.view(p).MayAttest:
			return refuse(ErrPairingEnded)
		}
		p = w.editPairing(id)
		if !present {
			p.refused = true
			return nil
		}
		return w.authenticate(p, Proximity, MetInPerson)
	})
}

// StopPairing ends a pairing and its card. A contact that it already gave stays.
// ErrNotFound.
func (m *Messenger) StopPairing(ctx context.Context, id PairingID) error {
	return m.do(ctx, writing, func(w *work) error {
		p := w.editPairing(id)
		switch {
		case p == nil:
			return refuse(ErrNotFound)
		case p.over():
			return nil
		}
		return w.fail(p, ErrPairingStopped)
	})
}

// fail ends a pairing for good, and its card.
func (w *work) fail(p *pairing, err error) error {
	p.failure, p.ended = err, w.mono
	p.line, p.first = nil, nil
	w.meet()
	if p.state.Presenter() {
		return w.setCard(p, true)
	}
	return nil
}

// authenticate makes the other side of a pairing a contact, or raises the trust
// of one: this side is satisfied, and says so by its first grant.
func (w *work) authenticate(p *pairing, trust Trust, how Meeting) error {
	p.checked = true
	if p.contact != 0 {
		known := w.editPeer(p.contact)
		w.raise(known, trust, how)
		return nil
	}
	reset, ok := p.state.ResetSecret()
	if !ok {
		return fmt.Errorf("pairing: authenticated before the keys were agreed")
	}
	bundle, name, _ := p.peer()
	rec := ContactRecord{
		Bundle: bundle[:], TheirName: name, Trust: trust, Meeting: how, MetAt: w.now,
		Writable: p.line.grants.Writable(), ResetSecret: reset,
	}
	id, err := w.tx.AddContact(rec)
	if err != nil {
		return fmt.Errorf("add contact: %w", err)
	}
	rec.ID = id
	peer, err := newPeer(rec, *p.line)
	if err != nil {
		return err
	}
	peer.line.grantDue, peer.line.reset = true, session.NewReset(reset, 0)
	peer.dirty = dirty{session: true, grants: true, delivery: true}
	w.op.peers[id] = peer
	if err := w.adopt(p, peer); err != nil {
		return err
	}
	if err := w.mergeOthers(p, peer); err != nil {
		return err
	}
	w.emit(ContactAdded{w.contact(peer)})
	if err := w.offerAgain(peer); err != nil {
		return err
	}
	return w.fill(peer)
}

// adopt moves what hung on a pairing to its contact.
func (w *work) adopt(p *pairing, peer *peer) error {
	p.contact = peer.rec.ID
	w.contactOfPairing(p)
	for _, d := range p.opened {
		if err := w.tx.AddSeen(p.contact, d, w.now); err != nil {
			return fmt.Errorf("add seen: %w", err)
		}
	}
	first := p.first
	p.line, p.first, p.opened = nil, nil, nil
	if first == nil || peer.sealed > 0 {
		return nil
	}
	peer.sealed = 1
	err := w.tx.AddOutbox(OutboxRecord{Contact: p.contact, Seq: 1, Digest: session.Digest(first), Box: first, At: w.now})
	if err != nil {
		return fmt.Errorf("add to outbox: %w", err)
	}
	return nil
}

// mergeOthers gives the new contact the ratchets of other pairings with the same
// person: when both opened the other's card, either may be the one that sends. A
// pairing in the same role is not of that kind but an earlier try, which the
// other side may have given up: it ends, or what is said could go into its ratchet.
func (w *work) mergeOthers(p *pairing, known *peer) error {
	for id, q := range w.pairings() {
		if id == p.id || q.over() || q.line == nil || q.bundle() != known.bundle {
			continue
		}
		q = w.editPairing(id)
		if q.state.Presenter() == p.state.Presenter() {
			if err := w.fail(q, ErrPairingStopped); err != nil {
				return err
			}
			continue
		}
		known.line.merge(*q.line, w.now)
		q.checked = known.rec.Trust == Verified
		if err := w.adopt(q, known); err != nil {
			return err
		}
	}
	w.followSecret(known)
	if known.line.grants.Writable() != known.rec.Writable {
		known.rec.Writable, known.dirty.contact = true, true
	}
	return nil
}

// contactOfPairing has the contact written to over the pairing's link.
func (w *work) contactOfPairing(p *pairing) {
	c := p.contact
	w.meet()
	w.later(func() {
		w.m.reroute(c)
		w.m.catchUp(c)
	})
}

// raise lifts a contact's trust, never lowers it.
func (w *work) raise(p *peer, trust Trust, how Meeting) {
	if trust <= p.rec.Trust {
		return
	}
	p.rec.Trust, p.rec.Meeting, p.rec.MetAt = trust, how, w.now
	p.dirty.contact = true
	w.contactChanged(p)
}

func (w *work) byFingerprint(fp identity.Fingerprint) *peer {
	for _, p := range w.peers() {
		if p.fp == fp {
			return p
		}
	}
	return nil
}
