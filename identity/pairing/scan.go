package pairing

import (
	"crypto/rand"
	"crypto/subtle"

	"tacit/identity"
)

// Scan begins as S, who has somebody's card; scanned says that a camera read it
// from their screen. Last is then M1. ErrOwn, ErrNameTooLong.
func Scan(id *identity.Identity, name string, card identity.Card, scanned bool) (State, error) {
	if len(name) > MaxName {
		return State{}, ErrNameTooLong
	}
	if card.Fingerprint == id.Fingerprint() {
		return State{}, ErrOwn
	}
	return State{scanned: scanned, card: card, name: name}.search(id), nil
}

// search makes M1.
func (s State) search(id *identity.Identity) State {
	s.phase = Searching
	rand.Read(s.seed[:])
	rand.Read(s.nonce[:])
	ephemeral := identity.NewPrivateKey(s.seed).Public()
	c := commit(id.Bundle(), profile(s.name), s.nonce, ephemeral)
	s.last = s.message(ephemeral, c[:])
	return s
}

func (s State) receiveS(id *identity.Identity, cell []byte) (Result, State, error) {
	if identity.Hash(cell) == s.heard {
		return Result{Reply: s.last}, s, nil
	}
	switch s.phase {
	case Searching:
		return s.receiveM2(id, cell)
	case Replied:
		return s.receiveM4(id, cell)
	}
	return Result{}, s, ErrForged
}

// receiveM2 learns who presents the card, and answers with M3.
func (s State) receiveM2(id *identity.Identity, m2 []byte) (Result, State, error) {
	m1, ctE, x2 := s.last, m2[:ctSize], m2[ctSize:]
	ssE, err := identity.NewPrivateKey(s.seed).Decapsulate(ctE, infoE(m1))
	if err != nil {
		return Result{}, s, ErrForged
	}
	defer clear(ssE)
	k1 := deriveK1(ssE, s.secret(), m1, ctE)
	defer clear(k1[:])
	peer, err := s.openClaim(k1, x2, identity.KEMPublicSize)
	if err != nil {
		return Result{}, s, err
	}
	if _, err := identity.ParsePublicKey(peer.rest); err != nil {
		return Result{}, s, ErrForged
	}
	if err := s.refusePeer(id, peer.bundle); err != nil {
		return s.fail(err)
	}

	next := s.kept(Replied)
	next.heard = identity.Hash(m2)
	next.nonce, next.peerNonce = s.nonce, peer.nonce
	next.t2 = identity.Hash(m1, ctE, x2)
	next.peer, next.peerName = peer.bundle, peer.name
	next.secrets.RatchetKey = peer.rest
	ctR, ssR, err := peer.bundle.Encapsulate(infoR(next.t2))
	if err != nil {
		return Result{}, s, ErrForged
	}
	defer clear(ssR)
	next.chain = deriveK2(ssR, k1, next.t2, peer.bundle, ctR)
	own := claim{bundle: id.Bundle(), name: s.name, nonce: s.nonce}
	next.last = s.message(ctR, s.sealClaim(next.chain, own))
	return Result{Reply: next.last, Changed: true}, next, nil
}

// receiveM4 learns that R holds the keys it claimed, and answers with M5.
func (s State) receiveM4(id *identity.Identity, m4 []byte) (Result, State, error) {
	ctS := m4[:ctSize]
	ss, err := id.Decapsulate(ctS, infoS(s.t2, s.last))
	if err != nil {
		return Result{}, s, ErrForged
	}
	defer clear(ss)
	out := transcript{
		t2: s.t2, bundleS: id.Bundle(), bundleR: s.peer, profileS: profile(s.name),
		nonceS: s.nonce, nonceR: s.peerNonce, ctR: s.last[:ctSize], ctS: ctS,
	}.finish(ss, s.chain)
	if subtle.ConstantTimeCompare(m4[m4Tag:m4Tag+tagSize], out.tagR[:]) != 1 {
		return Result{}, s, ErrForged
	}

	next := s.kept(Agreed)
	next.heard = identity.Hash(m4)
	next.peer, next.peerName = s.peer, s.peerName
	next.keep(out)
	next.secrets.Sender, next.secrets.Peer = true, s.peer
	next.secrets.RatchetKey = s.secrets.RatchetKey
	next.last = s.message(out.tagS[:])
	return Result{Reply: next.last, Changed: true}, next, nil
}
