package pairing

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"tacit/identity"
)

// A cell that is not what it should be changes nothing, at whatever place it is changed.
func TestForgedMessages(t *testing.T) {
	for n := 2; n <= 5; n++ {
		m := newMeeting(t).upTo(n - 1)
		id, end := m.idR, m.r
		if n%2 == 0 {
			id, end = m.idS, m.s
		}
		meant := CellSize // M2 and M3 are authenticated to their last byte
		switch n {
		case 4:
			meant = m4Tag + tagSize
		case 5:
			meant = tagSize
		}
		before := end.Marshal()
		places := []int{0, meant / 2, meant - 1, ctSize - 1, ctSize, ctSize + 30, rand.IntN(meant)}
		for _, at := range places {
			if at >= meant {
				continue
			}
			forged := bytes.Clone(m.m[n])
			forged[at] ^= 1 << rand.IntN(8)
			result, next, err := end.Receive(id, forged, m.now)
			if err != ErrForged || result.Reply != nil || result.Changed || !bytes.Equal(next.Marshal(), before) {
				t.Errorf("M%d changed at %d: %v", n, at, err)
			}
		}
		for _, cell := range [][]byte{nil, {}, m.m[n][:CellSize-1], append(bytes.Clone(m.m[n]), 0), make([]byte, CellSize), bytes.Repeat([]byte{255}, CellSize)} {
			// A cell of zeros is a well-formed M1, of another session.
			if _, next, err := end.Receive(id, cell, m.now); err != ErrForged && err != ErrBusy || !bytes.Equal(next.Marshal(), before) {
				t.Errorf("M%d replaced by %d other bytes: %v", n, len(cell), err)
			}
		}
		m.step(n) // the real one is still taken
	}
}

func TestWrongPeers(t *testing.T) {
	t.Run("card of somebody else", func(t *testing.T) {
		m := newMeeting(t)
		card := m.card
		card.Fingerprint = identity.New().Fingerprint()
		s, err := Scan(m.idS, "S", card, true)
		if err != nil {
			t.Fatal(err)
		}
		result, _, err := m.r.Receive(m.idR, s.Last(), m.now)
		if err != nil {
			t.Fatal(err)
		}
		_, next, err := s.Receive(m.idS, result.Reply, m.now)
		if err != ErrWrongPeer || next.Phase() != Failed {
			t.Errorf("S: %v, phase %d", err, next.Phase())
		}
		if _, _, ok := next.Peer(); ok {
			t.Error("a refused peer is told")
		}
	})
	t.Run("own card", func(t *testing.T) {
		m := newMeeting(t)
		if _, err := Scan(m.idR, "R", m.card, false); err != ErrOwn {
			t.Errorf("own card: %v", err)
		}
	})
	t.Run("own keys answer the own card", func(t *testing.T) {
		m := newMeeting(t)
		card := m.card
		card.Fingerprint = identity.New().Fingerprint() // gets past Scan's own check
		s, err := Scan(m.idR, "R", card, false)
		if err != nil {
			t.Fatal(err)
		}
		s.card = m.card // the answer is then accepted as the card's
		result, r, err := m.r.Receive(m.idR, s.Last(), m.now)
		if err != nil {
			t.Fatal(err)
		}
		if _, next, err := s.Receive(m.idR, result.Reply, m.now); err != ErrOwn || next.Phase() != Failed {
			t.Errorf("S meets itself: %v", err)
		}
		// R's own check, against an S that makes none.
		m3 := forgeM3(t, s, m.idR, result.Reply, s.nonce, m.idR.Bundle())
		if _, next, err := r.Receive(m.idR, m3, m.now); err != ErrOwn || next.Phase() != Failed {
			t.Errorf("R meets itself: %v", err)
		}
	})
}

// forgeM3 answers M2 as S would, but with a nonce and a bundle of choice.
func forgeM3(t testing.TB, s State, id *identity.Identity, m2 []byte, nonce key, bundle identity.Bundle) []byte {
	t.Helper()
	ss, err := identity.NewPrivateKey(s.seed).Decapsulate(m2[:ctSize], infoE(s.last))
	if err != nil {
		t.Fatal(err)
	}
	k1 := deriveK1(ss, s.secret(), s.last, m2[:ctSize])
	plain, err := identity.Open(k1[:], m2[ctSize:], nil)
	if err != nil {
		t.Fatal(err)
	}
	peer, err := parseClaim(plain, identity.KEMPublicSize)
	if err != nil {
		t.Fatal(err)
	}
	t2 := identity.Hash(s.last, m2[:ctSize], m2[ctSize:])
	ctR, ss, err := peer.bundle.Encapsulate(infoR(t2))
	if err != nil {
		t.Fatal(err)
	}
	k2 := deriveK2(ss, k1, t2, peer.bundle, ctR)
	own := claim{bundle: bundle, name: s.name, nonce: nonce}
	return s.message(ctR, s.sealClaim(k2, own))
}

// Whoever sees R's nonce cannot choose their own one, or their keys, any more.
func TestCommitmentBinds(t *testing.T) {
	m := newMeeting(t).upTo(1)
	for name, m3 := range map[string][]byte{
		"nonce": forgeM3(t, m.s, m.idS, m.m[2], key{1}, m.idS.Bundle()),
		"keys":  forgeM3(t, m.s, m.idS, m.m[2], m.s.nonce, identity.New().Bundle()),
	} {
		if _, next, err := m.r.Receive(m.idR, m3, m.now); err != ErrCommitment || next.Phase() != Failed {
			t.Errorf("other %s than committed to: %v", name, err)
		}
	}
	m3 := forgeM3(t, m.s, m.idS, m.m[2], m.s.nonce, m.idS.Bundle())
	if _, _, err := m.r.Receive(m.idR, m3, m.now); err != nil {
		t.Errorf("what was committed to: %v", err)
	}
}

// Somebody between the two who answers each in the other's place gets the
// messages through, but not equal codes.
func TestManInTheMiddleGetsOtherCodes(t *testing.T) {
	idR, idS, idM := identity.New(), identity.New(), identity.New()
	cardR := identity.NewCard(idR.Fingerprint(), time.Hour, false, start)
	swapped := cardR // the link, changed on its way
	swapped.Fingerprint = idM.Fingerprint()

	toR := &meeting{t: t, idR: idR, idS: idM, now: start, card: cardR}
	toS := &meeting{t: t, idR: idM, idS: idS, now: start, card: swapped}
	for _, m := range []*meeting{toR, toS} {
		var err error
		if m.r, err = Present(m.idR, "Rosa", m.card, nil); err != nil {
			t.Fatal(err)
		}
		if m.s, err = Scan(m.idS, "Søren", m.card, false); err != nil {
			t.Fatal(err)
		}
		m.m[1] = m.s.Last()
		m.upTo(5)
	}
	if _, err := toS.s.Check(toR.r.Show()); err != ErrCodeWrong {
		t.Errorf("S accepts R's code: %v", err)
	}
	if _, err := toR.r.Check(toS.s.Show()); err != ErrCodeWrong {
		t.Errorf("R accepts S's code: %v", err)
	}
}

func TestClaimIsStrict(t *testing.T) {
	c := claim{bundle: identity.New().Bundle(), name: "Ana", nonce: key{1}}
	good := c.marshal(claimSize)
	if _, err := parseClaim(good, 0); err != nil {
		t.Fatal(err)
	}
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	for name, plain := range map[string][]byte{
		"empty":          nil,
		"short":          good[:claimSize-1],
		"bundle version": change(0, 2),
		"long name":      change(identity.BundleSize, 2),
		"name fill":      change(identity.BundleSize+2+3, 1),
		"end":            append(bytes.Clone(good), 0, 0, 1),
	} {
		if _, err := parseClaim(plain, 0); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
