package app

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"tacit/identity"
	handshake "tacit/identity/pairing"
)

// CreateCard makes a card of this profile and begins to wait for whoever opens it.
// ErrBusy when too many are waiting.
func (m *Messenger) CreateCard(ctx context.Context, req CardRequest) (CardOffer, error) {
	ttl := min(req.TTL, identity.MaxLinkTTL)
	if req.Shown {
		ttl = identity.ScreenCardLife
	}
	if ttl <= 0 {
		ttl = identity.MaxLinkTTL
	}
	var offer CardOffer
	err := m.do(ctx, writing, func(w *work) (err error) {
		offer, err = w.createCard(CardRequest{TTL: ttl, Shown: req.Shown, Local: req.Local})
		return err
	})
	if err != nil {
		return CardOffer{}, err
	}
	return offer, nil
}

func (w *work) createCard(req CardRequest) (CardOffer, error) {
	if w.count(true) >= maxOffers {
		return CardOffer{}, refuse(ErrBusy)
	}
	id := w.m.state.id
	card := identity.NewCard(id.Fingerprint(), req.TTL, req.Shown, w.now)
	if n := w.defaultNode(); n != nil && !req.Local && n.rec.State == NodeGood && w.preferences().Internet {
		card.Hint = n.hint
	}
	s, err := handshake.Present(id, w.name(), card, nil)
	if err != nil {
		return CardOffer{}, refuse(pairingError(err))
	}
	p := newPairing(s)
	p.expires(w, card.GoodUntil(), card.GoodUntil().Sub(w.now))
	w.op.pairings[p.id] = p
	w.meet()
	if err := w.setCard(p, false); err != nil {
		return CardOffer{}, err
	}
	return CardOffer{Pairing: p.id, Card: card.String(), Internet: p.overNode(), ExpiresAt: card.Expiry}, nil
}

// setCard remembers an own card with the first messages that it met. A used one
// stays used whatever the clock says later.
func (w *work) setCard(p *pairing, used bool) error {
	card := p.state.Card()
	err := w.tx.SetCard(CardRecord{
		InviteHash: card.InviteHash(), Shown: card.Shown, ExpiresAt: card.Expiry, Used: used,
		M1: p.state.FirstMessages(), Forget: later(w.now, card.Expiry).Add(rememberFor),
	})
	if err != nil {
		return fmt.Errorf("set card: %w", err)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// count returns how many pairings of one side are under way without a contact.
func (w *work) count(presenter bool) int {
	n := 0
	for _, p := range w.pairings() {
		if !p.over() && p.contact == 0 && p.state.Presenter() == presenter {
			n++
		}
	}
	return n
}

// AcceptCard begins to look for whoever made a card; scanned says that a camera
// read it from their screen. The same card again, while that is under way,
// returns the same pairing.
//
// ErrCardMalformed, ErrCardNewer, ErrCardOwn, ErrCardKnown, ErrCardUsed,
// ErrCardExpired (a day after its end by this clock: only its maker's clock
// counts before), ErrBusy.
func (m *Messenger) AcceptCard(ctx context.Context, text string, scanned bool) (PairingID, error) {
	card, err := identity.ParseCard(text)
	switch {
	case errors.Is(err, identity.ErrCardNewer):
		return "", ErrCardNewer
	case err != nil:
		return "", ErrCardMalformed
	}
	var id PairingID
	err = m.do(ctx, writing, func(w *work) (err error) {
		id, err = w.acceptCard(card, scanned)
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// sameCard compares cards by what answers them.
func sameCard(a, b [32]byte) bool { return subtle.ConstantTimeCompare(a[:], b[:]) == 1 }

func (w *work) acceptCard(card identity.Card, scanned bool) (PairingID, error) {
	if err := w.checkCard(card); err != nil {
		return "", err
	}
	invite := card.InviteHash()
	for id, p := range w.pairings() {
		if !p.over() && sameCard(p.state.Card().InviteHash(), invite) {
			return id, nil
		}
	}
	used, err := w.tx.CardAccepted(invite)
	switch {
	case err != nil:
		return "", fmt.Errorf("card accepted: %w", err)
	case used:
		return "", refuse(ErrCardUsed)
	case w.count(false) >= maxSearches:
		return "", refuse(ErrBusy)
	}
	s, err := handshake.Scan(w.m.state.id, w.name(), card, scanned)
	if err != nil {
		return "", refuse(pairingError(err))
	}
	p := newPairing(s)
	within := min(max(card.GoodUntil().Sub(w.now), searchAtLeast), identity.MaxLinkTTL+acceptLate)
	p.expires(w, w.now.Add(within), within)
	w.op.pairings[p.id] = p
	w.meet()
	if err := w.tx.AddAcceptedCard(invite, later(w.now, card.Expiry).Add(rememberFor)); err != nil {
		return "", fmt.Errorf("remember card: %w", err)
	}
	return p.id, nil
}

func (w *work) checkCard(card identity.Card) error {
	if card.Fingerprint == w.m.state.id.Fingerprint() {
		return refuse(ErrCardOwn)
	}
	// Meeting again is meant where codes were never compared, or the way to write is
	// lost: they have not finished checking this side, or refuse its keys.
	p := w.byFingerprint(card.Fingerprint)
	if p != nil && p.rec.Trust == Verified && p.rec.Writable && !p.line.refused {
		return refuse(ErrCardKnown)
	}
	if w.now.After(card.GoodUntil().Add(acceptLate)) {
		return refuse(ErrCardExpired)
	}
	return nil
}

// pairingError puts an error of the handshake in this package's words.
func pairingError(err error) error {
	for _, e := range []struct{ theirs, ours error }{
		{handshake.ErrOwn, ErrCardOwn},
		{handshake.ErrExpired, ErrCardExpired},
		{handshake.ErrCodeWrong, ErrCodeWrong},
		{handshake.ErrCodeMalformed, ErrCodeMalformed},
		{handshake.ErrNameTooLong, ErrNameTooLong},
		{handshake.ErrTooMany, ErrCardUsed},
		{handshake.ErrWrongPeer, ErrPairingForged},
		{handshake.ErrCommitment, ErrPairingForged},
	} {
		if errors.Is(err, e.theirs) {
			return e.ours
		}
	}
	return fmt.Errorf("pairing: %w", err)
}
