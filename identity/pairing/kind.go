package pairing

import (
	"slices"
	"time"

	"tacit/identity"
)

// kind is why two people run the handshake. Everything in which the kinds differ
// stands in this file.
type kind byte

const (
	byCard  kind = 0 // R has a card, and S has got it
	byReset kind = 1 // they know one another, and one may have lost the ratchet
)

// BeginReset begins the handshake of a session reset as S. Last is then M1. peer is
// whom it has to be with; invite is what both derive from their common secret, fresh
// for each reset. ErrOwn.
func BeginReset(id *identity.Identity, peer identity.Bundle, invite [16]byte) (State, error) {
	s, err := reset(id, peer, invite)
	if err != nil {
		return State{}, err
	}
	return s.search(id), nil
}

// AwaitReset is BeginReset for R, who answers one M1.
func AwaitReset(id *identity.Identity, peer identity.Bundle, invite [16]byte) (State, error) {
	s, err := reset(id, peer, invite)
	if err != nil {
		return State{}, err
	}
	s.phase, s.presenter = Offered, true
	return s, nil
}

func reset(id *identity.Identity, peer identity.Bundle, invite [16]byte) (State, error) {
	fp := peer.Fingerprint()
	if fp == id.Fingerprint() {
		return State{}, ErrOwn
	}
	return State{kind: byReset, known: fp, invite: invite}, nil
}

// size is that of every message.
func (s *State) size() int {
	if s.kind == byReset {
		return ResetSize
	}
	return CellSize
}

// secret is inv: what both sides hold before they begin.
func (s *State) secret() [16]byte {
	if s.kind == byReset {
		return s.invite
	}
	return s.card.Invite
}

// refuseFirst says why an M1 with hash h is not answered.
func (s *State) refuseFirst(h key, now time.Time) error {
	most := MaxFirstMessages
	if s.kind == byReset {
		most = maxResetMessages
	}
	switch {
	case s.kind == byCard && now.After(s.card.GoodUntil()):
		return ErrExpired
	case slices.Contains(s.seen, h):
		return ErrBusy // its answer is gone, and another one must not be made
	case len(s.seen) >= most:
		return ErrTooMany
	}
	return nil
}

// refuseName reports whether the peer may not have a name: a reset changes none.
func (s *State) refuseName(name string) bool { return s.kind == byReset && name != "" }

// refusePeer says why a bundle that was proven cannot be the peer of this pairing.
func (s *State) refusePeer(id *identity.Identity, peer identity.Bundle) error {
	fp := peer.Fingerprint()
	switch {
	case s.kind == byReset && fp != s.known:
		return ErrWrongPeer
	case fp == id.Fingerprint():
		return ErrOwn
	case s.kind == byCard && !s.presenter && fp != s.card.Fingerprint:
		return ErrWrongPeer
	}
	return nil
}
