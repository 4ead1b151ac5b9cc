package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"testing"

	"tacit/identity"
	"tacit/identity/vectors"
)

// resetVector is a whole session reset, in the order in which its values come to be.
type resetVector struct {
	Name    string      `json:"name"`
	RootR   vectors.Hex `json:"root_r"`
	RootS   vectors.Hex `json:"root_s"`
	RS      vectors.Hex `json:"rs"`
	N       string      `json:"n"`
	Ask     vectors.Hex `json:"ask"`
	SeedE   vectors.Hex `json:"seed_e"`
	NonceS  vectors.Hex `json:"nonce_s"`
	M1      vectors.Hex `json:"m1"`
	Box1    vectors.Hex `json:"box1"`
	EseedE  vectors.Hex `json:"eseed_e"`
	SeedRpk vectors.Hex `json:"seed_rpk"`
	NonceR  vectors.Hex `json:"nonce_r"`
	K1      vectors.Hex `json:"k1"`
	M2      vectors.Hex `json:"m2"`
	Box2    vectors.Hex `json:"box2"`
	T2      vectors.Hex `json:"t2"`
	EseedR  vectors.Hex `json:"eseed_r"`
	K2      vectors.Hex `json:"k2"`
	M3      vectors.Hex `json:"m3"`
	Box3    vectors.Hex `json:"box3"`
	EseedS  vectors.Hex `json:"eseed_s"`
	Mk      vectors.Hex `json:"mk"`
	M4      vectors.Hex `json:"m4"`
	Box4    vectors.Hex `json:"box4"`
	M5      vectors.Hex `json:"m5"`
	Box5    vectors.Hex `json:"box5"`
	SK      vectors.Hex `json:"sk"`
	HKa     vectors.Hex `json:"hka"`
	NHKb    vectors.Hex `json:"nhkb"`
	AD      vectors.Hex `json:"ad"`
}

// resetRefusedVector is a box of the same RS that is no step of a reset.
type resetRefusedVector struct {
	Name   string      `json:"name"`
	To     string      `json:"to"`
	After  int         `json:"after,omitempty"`
	Alter  [][2]int    `json:"alter,omitempty"`
	Of     int         `json:"of,omitempty"`
	Box    vectors.Hex `json:"box,omitempty"`
	Result string      `json:"result"`
}

// resetPlay is the two of a reset at each place of it.
type resetPlay struct {
	v        resetVector
	idR, idS *identity.Identity
	r, s     [6]Reset // after message i; 0: as the reset begins, r having asked
	boxes    [6][]byte
}

func newResetPlay(t *testing.T, name string, seed, seen uint64) *resetPlay {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rs := [32]byte{byte(seed), 7}
	p := &resetPlay{idR: identity.FromRoot([32]byte{1}), idS: identity.FromRoot([32]byte{2})}
	rootR, rootS := p.idR.Root(), p.idS.Root()
	p.v = resetVector{Name: name, RootR: rootR[:], RootS: rootS[:], RS: rs[:], N: strconv.FormatUint(seen+1, 10)}
	bundleR, bundleS := p.idR.Bundle(), p.idS.Bundle()
	r, s := NewReset(rs, seen), NewReset(rs, 0)
	vectors.Reseed(t, seed)
	step, r, err := r.Start(p.idR, bundleS, start)
	must(err)
	p.boxes[0], p.r[0], p.s[0] = step.Reply, r, s
	var drawn [6]vectors.Hex
	for n := 1; n <= 5; n++ {
		stream := vectors.Reseed(t, seed+uint64(n))
		drawn[n] = make(vectors.Hex, 128)
		stream.Read(drawn[n])
		if n%2 == 1 {
			step, s, err = s.Receive(p.idS, bundleR, p.boxes[n-1], start)
		} else {
			step, r, err = r.Receive(p.idR, bundleS, p.boxes[n-1], start)
		}
		must(err)
		p.boxes[n], p.r[n], p.s[n] = step.Reply, r, s
	}
	v := &p.v
	eseed := func(b vectors.Hex) vectors.Hex { return slices.Concat(b[32:64], b[:32]) }
	v.SeedE, v.NonceS = drawn[1][:32], drawn[1][32:64]
	v.EseedE, v.SeedRpk, v.NonceR = eseed(drawn[2]), drawn[2][64:96], drawn[2][96:]
	v.EseedR, v.EseedS = eseed(drawn[3]), eseed(drawn[4])
	v.Ask, v.Box1, v.Box2, v.Box3, v.Box4, v.Box5 = p.boxes[0], p.boxes[1], p.boxes[2], p.boxes[3], p.boxes[4], p.boxes[5]
	v.derive(t)
	step, _, err = r.Receive(p.idR, bundleS, p.boxes[5], start)
	must(err)
	if k := step.Renewed; k == nil || !bytes.Equal(slices.Concat(k.SK[:], k.HKa[:], k.NHKb[:], k.AD[:], k.T2[:], k.RatchetKey),
		slices.Concat(v.SK, v.HKa, v.NHKb, v.AD, v.T2, v.SeedRpk)) {
		t.Fatal("the formulas give other keys than the states")
	}
	return p
}

// derive finds what follows from the boxes and the seeds, by the formulas of sections 8 and 19.
func (v *resetVector) derive(t *testing.T) {
	t.Helper()
	must := func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	h := func(values ...[]byte) []byte { sum := identity.Hash(values...); return sum[:] }
	idR, idS := identity.FromRoot([32]byte(v.RootR)), identity.FromRoot([32]byte(v.RootS))
	bundleR, bundleS, fpR, fpS := idR.Bundle(), idS.Bundle(), idR.Fingerprint(), idS.Fingerprint()
	profile := []byte{0, 0}
	box := identity.Derive(v.RS, nil, "tacit/1/reset", 32)
	n, err := strconv.ParseUint(v.N, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	message := func(kind byte, sealed []byte) vectors.Hex {
		plain := must(identity.Open(box, sealed, nil))
		if len(plain) != 4008 || !bytes.Equal(plain[:9], append(binary.BigEndian.AppendUint64(nil, n), kind)) {
			t.Fatalf("box %d is not of number %d", kind, n)
		}
		return plain[9:]
	}
	if ask := message(0, v.Ask); !bytes.Equal(ask, make([]byte, 3999)) {
		t.Error("the ask is not zeros")
	}
	v.M1, v.M2, v.M3, v.M4, v.M5 = message(1, v.Box1), message(2, v.Box2), message(3, v.Box3), message(4, v.Box4), message(5, v.Box5)

	pkE := identity.NewPrivateKey([32]byte(v.SeedE)).Public()
	if !bytes.Equal(v.M1[:1248], slices.Concat(pkE, h([]byte("tacit/1/com"), bundleS[:], profile, v.NonceS, pkE))) {
		t.Error("M1 is another one")
	}
	inv := sha256.Sum256(identity.Derive(v.RS, nil, string(binary.BigEndian.AppendUint64([]byte("r"), n)), 16))
	ctE, x2 := v.M2[:1120], v.M2[1120:]
	ss := must(identity.NewPrivateKey([32]byte(v.SeedE)).Decapsulate(ctE, slices.Concat([]byte("tacit/1/pair/e"), h(v.M1))))
	v.K1 = identity.Derive(ss, inv[:], "k1"+string(h(v.M1, ctE)), 32)
	rpk := identity.NewPrivateKey([32]byte(v.SeedRpk)).Public()
	if !bytes.Equal(must(identity.Open(v.K1, x2, nil)), slices.Concat(bundleR[:], make([]byte, 258), v.NonceR, rpk, make([]byte, 52))) {
		t.Error("x2 is another one")
	}
	v.T2 = h(v.M1, ctE, x2)
	ctR, x3 := v.M3[:1120], v.M3[1120:]
	ss = must(idR.Decapsulate(ctR, slices.Concat([]byte("tacit/1/pair/R"), v.T2)))
	v.K2 = identity.Derive(ss, v.K1, string(identity.Join([]byte("k2"), v.T2, bundleR[:], ctR)), 32)
	if !bytes.Equal(must(identity.Open(v.K2, x3, nil)), slices.Concat(bundleS[:], make([]byte, 258), v.NonceS, make([]byte, 1268))) {
		t.Error("x3 is another one")
	}
	ctS := v.M4[:1120]
	ss = must(idS.Decapsulate(ctS, slices.Concat([]byte("tacit/1/pair/S"), h(v.T2, ctR, x3))))
	v.Mk = identity.Derive(ss, v.K2, "mk"+string(h(v.T2, bundleS[:], profile, bundleR[:], v.NonceS, v.NonceR, ctR, ctS)), 32)
	tagR, tagS := identity.MAC(v.Mk, []byte("R")), identity.MAC(v.Mk, []byte("S"))
	if !bytes.Equal(v.M4[1120:1152], tagR[:]) || !bytes.Equal(v.M5[:32], tagS[:]) {
		t.Error("a tag is another one")
	}
	keys := identity.Derive(v.Mk, nil, "tacit/1/session", 128)
	v.SK, v.HKa, v.NHKb, v.AD = keys[:32], keys[32:64], keys[64:96], h(fpS[:], fpR[:], []byte{1})
}

func TestVectorsOfResets(t *testing.T) {
	first := newResetPlay(t, "the first", 6000, 0)
	later := newResetPlay(t, "after others, one side having seen more", 6100, 1<<40)
	vectors.Check(t, "reset", "19", "whole session resets for which R asked: as pairing.json, the name empty, each message also in its box", []resetVector{first.v, later.v})
	vectors.Check(t, "reset_refused", "19", "what a side (to) gets when the boxes of the first case of reset.json were made and handled up to box `after`, which waits (0: R has asked). "+
		"It is box `of` of that case with alter, or box. result unknown: no box of a reset; dropped: one that changes nothing; asks: nor does this, but R asks for n + 1; begins: S begins with n + 1", first.refused(t))
}

func (p *resetPlay) refused(t *testing.T) []resetRefusedVector {
	seal := func(seed uint64, n uint64, kind byte, body []byte) vectors.Hex {
		vectors.Reseed(t, seed)
		key := identity.Derive(p.v.RS, nil, "tacit/1/reset", 32)
		return identity.Seal(key, slices.Concat(binary.BigEndian.AppendUint64(nil, n), []byte{kind}, body), nil)
	}
	fill := make([]byte, 3999)
	ones := bytes.Repeat([]byte{1}, 3999)
	broken := slices.Clone(p.v.M4)
	broken[1120] ^= 1
	cases := []resetRefusedVector{
		{Name: "an altered nonce", To: "R", Of: 1, Alter: [][2]int{{0, 1}}, Result: "unknown"},
		{Name: "an altered commitment", To: "R", Of: 1, Alter: [][2]int{{24, 1}}, Result: "unknown"},
		{Name: "an altered tag", To: "R", Of: 1, Alter: [][2]int{{4079, 1}}, Result: "unknown"},
		{Name: "number 0", To: "S", Box: seal(6201, 0, 0, fill), Result: "dropped"},
		{Name: "a number above 2^62", To: "S", Box: seal(6202, 1<<62+1, 0, fill), Result: "dropped"},
		{Name: "type 6", To: "R", Box: seal(6203, 1, 6, fill), Result: "dropped"},
		{Name: "an ask that is not zeros", To: "S", Box: seal(6204, 1, 0, ones), Result: "dropped"},
		{Name: "its own ask", To: "R", Box: p.v.Ask, Result: "dropped"},
		{Name: "its own M1", To: "S", After: 1, Of: 1, Result: "dropped"},
		{Name: "its own M2", To: "R", After: 2, Of: 2, Result: "dropped"},
		{Name: "M3 before M1", To: "R", Of: 3, Result: "asks"},
		{Name: "M5 in the place of M3", To: "R", After: 2, Of: 5, Result: "dropped"},
		{Name: "M1 whose key is none", To: "R", Box: seal(6205, 1, 1, bytes.Repeat([]byte{0xff}, 3999)), Result: "dropped"},
		{Name: "M4 with another tag", To: "S", After: 3, Box: seal(6206, 1, 4, broken), Result: "begins"},
	}
	for _, c := range cases {
		p.check(t, c)
	}
	return cases
}

// check gives the case to the state that the play has at its place.
func (p *resetPlay) check(t *testing.T, c resetRefusedVector) {
	t.Helper()
	if c.To == "S" {
		c.check(t, p.v, p.s[c.After], p.idS, p.idR.Bundle())
	} else {
		c.check(t, p.v, p.r[c.After], p.idR, p.idS.Bundle())
	}
}

// check gives the case, of the reset v, to a state at its place.
func (c resetRefusedVector) check(t *testing.T, v resetVector, at Reset, id *identity.Identity, peer identity.Bundle) {
	t.Helper()
	box := slices.Clone(c.Box)
	if c.Of > 0 {
		box = slices.Clone([]vectors.Hex{v.Box1, v.Box2, v.Box3, v.Box4, v.Box5}[c.Of-1])
	}
	for _, a := range c.Alter {
		box[a[0]] ^= byte(a[1])
	}
	step, next, err := at.Receive(id, peer, box, start)
	result := "dropped"
	switch {
	case errors.Is(err, ErrUnknown):
		result = "unknown"
	case step.Changed && next.Number() == at.Number()+1:
		result = "begins"
	case step.Reply != nil:
		result = "asks"
	}
	if result != c.Result || step.Changed == bytes.Equal(next.Marshal(), at.Marshal()) {
		t.Errorf("%s: %s (%v), not %s", c.Name, result, err, c.Result)
	}
}
