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

// maxName bounds a name. A reset changes none, so it carries none.
func (s *State) maxName() int {
	if s.kind == byReset {
		return 0
	}
	return MaxName
}

// maxFirst is how many distinct M1 are answered.
func (s *State) maxFirst() int {
	if s.kind == byReset {
		return maxResetMessages
	}
	return MaxFirstMessages
}

// secret is inv: what both sides hold before they begin.
func (s *State) secret() [16]byte {
	if s.kind == byReset {
		return s.invite
	}
	return s.card.Invite
}

// keep takes what the last message gave. A reset has no code, and RS stays that of the
// pairing before it.
func (s *State) keep(out outcome) {
	if s.kind == byReset {
		s.secrets = out.secrets
		s.secrets.RS = key{}
		return
	}
	s.secrets, s.digits = out.secrets, out.digits
}

// refuseFirst says why an M1 with hash h is not answered.
func (s *State) refuseFirst(h key, now time.Time) error {
	switch {
	case s.kind == byCard && now.After(s.card.GoodUntil()):
		return ErrExpired
	case slices.Contains(s.seen, h):
		return ErrBusy // its answer is gone, and another one must not be made
	case len(s.seen) >= s.maxFirst():
		return ErrTooMany
	}
	return nil
}

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
