package pairing

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/vectors"
)

// The replays take the vectors as they are, from this program or from another one.

// sides are the two of a vector, at any place in it.
type sides struct {
	pairingVector
	card     identity.Card
	idR, idS *identity.Identity
	now      time.Time
}

func newSides(t *testing.T, v pairingVector) sides {
	t.Helper()
	card, err := identity.ParseCard(v.Card)
	if err != nil {
		t.Fatal(err)
	}
	return sides{
		v, card, identity.FromRoot([32]byte(v.RootR)), identity.FromRoot([32]byte(v.RootS)), card.Expiry.Add(-time.Second),
	}
}

// at returns the receiver of message n as it waits for it.
func (v sides) at(n int) (*identity.Identity, State) {
	nameR, nameS := string(v.ProfileR[2:]), string(v.ProfileS[2:])
	r := State{presenter: true, card: v.card, name: nameR, seen: []key{identity.Hash(v.M1)}, m1: identity.Hash(v.M1), m2: v.M2, at: v.now.Unix()}
	s := State{card: v.card, name: nameS}
	switch n {
	case 1:
		return v.idR, State{phase: Offered, presenter: true, card: v.card, name: nameR}
	case 2:
		s.phase, s.seed, s.nonce, s.last = Searching, key(v.SeedE), key(v.NonceS), v.M1
		return v.idS, s
	case 3:
		r.phase, r.last, r.seed, r.nonce, r.chain, r.t2 = Answered, v.M2, key(v.SeedRpk), key(v.NonceR), key(v.K1), key(v.T2)
		r.commitment, r.ephemeral = key(v.M1[m1Commitment:m1Size]), v.M1[:m1Commitment]
		return v.idR, r
	case 4:
		s.phase, s.last, s.heard, s.nonce, s.peerNonce, s.chain, s.t2 = Replied, v.M3, identity.Hash(v.M2), key(v.NonceS), key(v.NonceR), key(v.K2), key(v.T2)
		s.peer, s.peerName = v.idR.Bundle(), nameR
		s.secrets.RatchetKey = identity.NewPrivateKey(key(v.SeedRpk)).Public()
		return v.idS, s
	default:
		r.phase, r.last, r.heard, r.confirm = Confirming, v.M4, identity.Hash(v.M3), identity.MAC(v.Mk, []byte("S"))
		r.peer, r.peerName = v.idS.Bundle(), nameS
		return v.idR, r
	}
}

func TestReplayPairings(t *testing.T) {
	for _, c := range vectors.Load[pairingVector](t, "identity/pairing", "pairing") {
		t.Run(c.Name, func(t *testing.T) {
			v := newSides(t, c)
			v.derive(t)
			for n, m := range [][]byte{1: c.M1, 2: c.M2, 3: c.M3, 4: c.M4, 5: c.M5} {
				if n == 0 {
					continue
				}
				id, state := v.at(n)
				_, next, err := state.Receive(id, m, v.now)
				if err != nil {
					t.Fatalf("M%d: %v", n, err)
				}
				v.check(t, n, next)
			}
		})
	}
}

// check compares what the state knows after message n. What it drew by itself is not that of the vector.
func (v sides) check(t *testing.T, n int, s State) {
	t.Helper()
	secrets, _ := s.Secrets()
	peer, name, known := s.Peer()
	ok := false
	switch n {
	case 1:
		ok = s.phase == Answered && bytes.Equal(s.commitment[:], v.M1[m1Commitment:m1Size])
	case 2:
		ok = s.phase == Replied && bytes.Equal(s.t2[:], v.T2) && bytes.Equal(s.peerNonce[:], v.NonceR) &&
			known && peer == v.idR.Bundle() && name == string(v.ProfileR[2:])
	case 3:
		ok = s.phase == Confirming && string(s.digits[:]) == v.Code && known && peer == v.idS.Bundle() && name == string(v.ProfileS[2:])
	case 4:
		ok = s.phase == Agreed && s.Show() == v.Code[:codeDigits] && bytes.Equal(secrets.SK[:], v.SK) && bytes.Equal(secrets.HKa[:], v.HKa) &&
			bytes.Equal(secrets.NHKb[:], v.NHKb) && bytes.Equal(secrets.RS[:], v.RS) && bytes.Equal(secrets.AD[:], v.AD) &&
			bytes.Equal(secrets.T2[:], v.T2) && bytes.Equal(s.last[:tagSize], v.M5[:tagSize])
	case 5:
		ok = s.phase == Agreed
	}
	if !ok {
		t.Errorf("after M%d a value is another one", n)
	}
}

// derive follows the formulas of section 8, with nothing of this package.
func (v sides) derive(t *testing.T) {
	t.Helper()
	equal := func(name string, got, want []byte) {
		if !bytes.Equal(got, want) {
			t.Errorf("%s is another one", name)
		}
	}
	opened := func(id func(ct, info []byte) ([]byte, error), ct []byte, info string, hash []byte) []byte {
		ss, err := id(ct, slices.Concat([]byte(info), hash))
		if err != nil {
			t.Fatal(err)
		}
		return ss
	}
	h := func(values ...[]byte) []byte { sum := identity.Hash(values...); return sum[:] }
	bundleR, bundleS := v.idR.Bundle(), v.idS.Bundle()
	fpR, fpS := v.idR.Fingerprint(), v.idS.Fingerprint()
	pkE := identity.NewPrivateKey(key(v.SeedE)).Public()
	equal("pk_e", v.M1[:1216], pkE)
	equal("c", v.M1[1216:1248], h([]byte("tacit/1/com"), bundleS[:], v.ProfileS, v.NonceS, pkE))

	ctE, x2 := v.M2[:1120], v.M2[1120:]
	invite := sha256.Sum256(v.card.Invite[:])
	ss := opened(identity.NewPrivateKey(key(v.SeedE)).Decapsulate, ctE, "tacit/1/pair/e", h(v.M1))
	equal("k1", v.K1, identity.Derive(ss, invite[:], "k1"+string(h(v.M1, ctE)), 32))
	equal("T2", v.T2, h(v.M1, ctE, x2))
	plain, err := identity.Open(v.K1, x2, nil)
	if err != nil {
		t.Fatal(err)
	}
	rpk := identity.NewPrivateKey(key(v.SeedRpk)).Public()
	equal("x2", plain, slices.Concat(bundleR[:], fill(v.ProfileR, 258), v.NonceR, rpk, make([]byte, 149)))

	ctR, x3 := v.M3[:1120], v.M3[1120:]
	ss = opened(v.idR.Decapsulate, ctR, "tacit/1/pair/R", v.T2)
	equal("k2", v.K2, identity.Derive(ss, v.K1, string(identity.Join([]byte("k2"), v.T2, bundleR[:], ctR)), 32))
	if plain, err = identity.Open(v.K2, x3, nil); err != nil {
		t.Fatal(err)
	}
	equal("x3", plain, slices.Concat(bundleS[:], fill(v.ProfileS, 258), v.NonceS, make([]byte, 1365)))

	ctS := v.M4[:1120]
	ss = opened(v.idS.Decapsulate, ctS, "tacit/1/pair/S", h(v.T2, ctR, x3))
	mk := identity.Derive(ss, v.K2, "mk"+string(h(v.T2, bundleS[:], v.ProfileS, bundleR[:], v.NonceS, v.NonceR, ctR, ctS)), 32)
	equal("mk", v.Mk, mk)
	tagR, tagS := identity.MAC(mk, []byte("R")), identity.MAC(mk, []byte("S"))
	equal("tag of R", v.M4[1120:1152], tagR[:])
	equal("tag of S", v.M5[:32], tagS[:])
	equal("keys", identity.Derive(mk, nil, "tacit/1/session", 128), slices.Concat(v.SK, v.HKa, v.NHKb, v.RS))
	equal("AD", v.AD, h(fpS[:], fpR[:], []byte{1}))
	if got := codeOf(v.NonceS, v.NonceR, v.T2, bundleS, bundleR, v.ProfileS); got != v.Code {
		t.Errorf("code %s, not %s", got, v.Code)
	}
}

func fill(b []byte, n int) []byte { return append(slices.Clone(b), make([]byte, n-len(b))...) }

// codeOf is the twelve digits by the schoolbook.
func codeOf(nonceS, nonceR, t2 []byte, bundleS, bundleR identity.Bundle, profileS []byte) string {
	b := identity.Derive(slices.Concat(nonceS, nonceR), t2, string(identity.Join([]byte("sas"), bundleS[:], profileS, bundleR[:])), 16)
	n := new(big.Int).SetBytes(b)
	return fmt.Sprintf("%012d", n.Mod(n, big.NewInt(1_000_000_000_000)))
}

func TestReplayCodes(t *testing.T) {
	for _, c := range vectors.Load[sasVector](t, "identity/pairing", "sas") {
		bundleS, bundleR := identity.FromRoot([32]byte(c.RootS)).Bundle(), identity.FromRoot([32]byte(c.RootR)).Bundle()
		if got := codeOf(c.NonceS, c.NonceR, c.T2, bundleS, bundleR, c.ProfileS); got != c.Code {
			t.Errorf("%s: by the formula %s, not %s", c.Name, got, c.Code)
		}
		digits := transcript{
			t2: key(c.T2), bundleS: bundleS, bundleR: bundleR, profileS: c.ProfileS, nonceS: key(c.NonceS), nonceR: key(c.NonceR),
		}.shortString()
		if string(digits[:]) != c.Code {
			t.Errorf("%s: %s, not %s", c.Name, digits, c.Code)
		}
	}
}

func TestReplayRefusedMessages(t *testing.T) {
	v := newSides(t, vectors.Load[pairingVector](t, "identity/pairing", "pairing")[0])
	for _, c := range vectors.Load[refusedVector](t, "identity/pairing", "refused") {
		n := int(c.Message[1] - '0')
		id, state := v.at(n)
		cell := slices.Clone(c.Cell)
		if cell == nil {
			cell = slices.Clone([]vectors.Hex{v.M1, v.M2, v.M3, v.M4, v.M5}[n-1])
		}
		for _, a := range c.Alter {
			cell[a[0]] ^= byte(a[1])
		}
		before := state.Marshal()
		result, next, err := state.Receive(id, cell, v.now)
		if err == nil || result.Reply != nil {
			t.Errorf("%s: it is answered", c.Name)
		}
		if failed := next.Phase() == Failed; failed != (c.Result == "failed") || !failed && !bytes.Equal(next.Marshal(), before) {
			t.Errorf("%s: %v, phase %d", c.Name, err, next.Phase())
		}
	}
}
