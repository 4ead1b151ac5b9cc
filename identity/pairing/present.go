package pairing

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"time"

	"tacit/identity"
)

// Present begins as R, who shows card. seen is what FirstMessages of an earlier
// State for the same card returned. ErrNameTooLong, ErrMalformed (not the own card).
func Present(id *identity.Identity, name string, card identity.Card, seen [][32]byte) (State, error) {
	if len(name) > MaxName {
		return State{}, ErrNameTooLong
	}
	if card.Fingerprint != id.Fingerprint() {
		return State{}, ErrMalformed
	}
	return State{phase: Offered, presenter: true, card: card, name: name, seen: slices.Clone(seen)}, nil
}

func (s State) receiveR(id *identity.Identity, cell []byte, now time.Time) (Result, State, error) {
	h := identity.Hash(cell)
	if s.phase != Offered && h == s.m1 {
		return Result{Reply: s.m2}, s, nil // afresh, the code could be ground
	}
	switch s.phase {
	case Offered:
		return s.receiveM1(id, cell, h, now)
	case Answered:
		result, next, err := s.receiveM3(id, cell, h)
		if err == ErrForged {
			return s.receiveOtherM1(id, cell, h, now)
		}
		return result, next, err
	case Confirming:
		if h == s.heard {
			return Result{Reply: s.last}, s, nil
		}
		if subtle.ConstantTimeCompare(cell[:tagSize], s.confirm[:]) != 1 {
			return Result{}, s, ErrForged
		}
		return Result{Changed: true}, s.Confirm(), nil
	case Agreed:
		if subtle.ConstantTimeCompare(cell[:tagSize], s.confirm[:]) == 1 {
			return Result{}, s, nil
		}
	}
	return Result{}, s, ErrForged
}

// receiveM1 opens a session with whoever has the card, and answers with M2.
func (s State) receiveM1(id *identity.Identity, m1 []byte, h key, now time.Time) (Result, State, error) {
	ephemeral, err := identity.ParsePublicKey(m1[:m1Commitment])
	if err != nil {
		return Result{}, s, ErrForged
	}
	if err := s.refuseFirst(h, now); err != nil {
		return Result{}, s, err
	}
	ctE, ss, err := ephemeral.Encapsulate(infoE(m1))
	if err != nil {
		return Result{}, s, ErrForged
	}
	defer clear(ss)
	next := s.kept(Answered)
	next.seen = append(slices.Clip(s.seen), h)
	next.m1, next.at = h, now.Unix()
	next.ephemeral = slices.Clone(m1[:m1Commitment])
	next.commitment = key(m1[m1Commitment:m1Size])
	rand.Read(next.seed[:])
	rand.Read(next.nonce[:])
	next.chain = deriveK1(ss, s.secret(), m1, ctE)
	own := claim{
		bundle: id.Bundle(), name: s.name, nonce: next.nonce,
		rest: identity.NewPrivateKey(next.seed).Public(),
	}
	x2 := s.sealClaim(next.chain, own)
	next.t2 = identity.Hash(m1, ctE, x2)
	next.m2 = s.message(ctE, x2)
	next.last = next.m2
	return Result{Reply: next.m2, Changed: true}, next, nil
}

// receiveOtherM1 takes a cell that is not the M3 of the session for the M1 of
// another one, which has to wait until this one had its time.
func (s State) receiveOtherM1(id *identity.Identity, cell []byte, h key, now time.Time) (Result, State, error) {
	if _, err := identity.ParsePublicKey(cell[:m1Commitment]); err != nil {
		return Result{}, s, ErrForged
	}
	if age := now.Unix() - s.at; 0 <= age && age < int64(sessionLife/time.Second) {
		return Result{}, s, ErrBusy
	}
	result, next, err := s.kept(Offered).receiveM1(id, cell, h, now)
	if err != nil {
		return Result{}, s, err
	}
	return result, next, nil
}

// receiveM3 learns who has the card, and answers with M4.
func (s State) receiveM3(id *identity.Identity, m3 []byte, h key) (Result, State, error) {
	ctR, x3 := m3[:ctSize], m3[ctSize:]
	ssR, err := id.Decapsulate(ctR, infoR(s.t2))
	if err != nil {
		return Result{}, s, ErrForged
	}
	defer clear(ssR)
	k2 := deriveK2(ssR, s.chain, s.t2, id.Bundle(), ctR)
	defer clear(k2[:])
	peer, err := s.openClaim(k2, x3, 0)
	if err != nil {
		return Result{}, s, err
	}
	c := commit(peer.bundle, profile(peer.name), peer.nonce, s.ephemeral)
	if subtle.ConstantTimeCompare(c[:], s.commitment[:]) != 1 {
		return s.fail(ErrCommitment)
	}
	if err := s.refusePeer(id, peer.bundle); err != nil {
		return s.fail(err)
	}
	ctS, ssS, err := peer.bundle.Encapsulate(infoS(s.t2, m3))
	if err != nil {
		return Result{}, s, ErrForged
	}
	defer clear(ssS)
	out := transcript{
		t2: s.t2, bundleS: peer.bundle, bundleR: id.Bundle(), profileS: profile(peer.name),
		nonceS: peer.nonce, nonceR: s.nonce, ctR: ctR, ctS: ctS,
	}.finish(ssS, k2)

	next := s.kept(Confirming)
	next.m1, next.m2, next.heard = s.m1, s.m2, h
	next.peer, next.peerName = peer.bundle, peer.name
	next.confirm = out.tagS
	next.keep(out)
	next.secrets.Peer, next.secrets.RatchetKey = peer.bundle, s.seed[:]
	next.last = s.message(ctS, out.tagR[:])
	return Result{Reply: next.last, Changed: true}, next, nil
}

// Confirm is for R in Confirming, when S's first ratchet cell opened: it says what
// M5 says. Elsewhere it changes nothing.
func (s State) Confirm() State {
	if s.presenter && s.phase == Confirming {
		s.phase, s.last = Agreed, nil
	}
	return s
}
