package pairing

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/vectors"
)

// pairingVector is a whole pairing, in the order in which its values come to be.
type pairingVector struct {
	Name     string      `json:"name"`
	Card     string      `json:"card"`
	RootR    vectors.Hex `json:"root_r"`
	RootS    vectors.Hex `json:"root_s"`
	ProfileR vectors.Hex `json:"profile_r"`
	ProfileS vectors.Hex `json:"profile_s"`
	SeedE    vectors.Hex `json:"seed_e"`
	NonceS   vectors.Hex `json:"nonce_s"`
	M1       vectors.Hex `json:"m1"`
	EseedE   vectors.Hex `json:"eseed_e"`
	SeedRpk  vectors.Hex `json:"seed_rpk"`
	NonceR   vectors.Hex `json:"nonce_r"`
	K1       vectors.Hex `json:"k1"`
	M2       vectors.Hex `json:"m2"`
	T2       vectors.Hex `json:"t2"`
	EseedR   vectors.Hex `json:"eseed_r"`
	K2       vectors.Hex `json:"k2"`
	M3       vectors.Hex `json:"m3"`
	EseedS   vectors.Hex `json:"eseed_s"`
	Mk       vectors.Hex `json:"mk"`
	M4       vectors.Hex `json:"m4"`
	M5       vectors.Hex `json:"m5"`
	SK       vectors.Hex `json:"sk"`
	HKa      vectors.Hex `json:"hka"`
	NHKb     vectors.Hex `json:"nhkb"`
	RS       vectors.Hex `json:"rs"`
	AD       vectors.Hex `json:"ad"`
	Code     string      `json:"code"`
}

// course is a pairing of the vectors with what is needed to leave it at any message.
type vectorCourse struct {
	pairingVector
	idR, idS *identity.Identity
	card     identity.Card
}

// newVectorCourse runs a pairing under randomness that follows from seed.
func newVectorCourse(t *testing.T, name string, seed uint64, nameR, nameS string, shown bool) vectorCourse {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := vectorCourse{idR: identity.FromRoot([32]byte{1}), idS: identity.FromRoot([32]byte{2})}
	c.card = identity.Card{Shown: shown, Fingerprint: c.idR.Fingerprint(), Invite: [16]byte{byte(seed), 1, 2, 3}, Expiry: time.Unix(1_800_000_000, 0)}
	now := c.card.Expiry.Add(-time.Minute)
	r, err := Present(c.idR, nameR, c.card, nil)
	must(err)
	vectors.Reseed(t, seed)
	s, err := Scan(c.idS, nameS, c.card, false)
	must(err)
	rootR, rootS := c.idR.Root(), c.idS.Root()
	v := pairingVector{
		Name: name, Card: c.card.String(), RootR: rootR[:], RootS: rootS[:], ProfileR: profile(nameR), ProfileS: profile(nameS),
		SeedE: slices.Clone(s.seed[:]), NonceS: slices.Clone(s.nonce[:]), M1: s.Last(),
	}
	v.EseedE = vectors.NextEseed(vectors.Reseed(t, seed+1))
	result, r, err := r.Receive(c.idR, v.M1, now)
	must(err)
	v.SeedRpk, v.NonceR, v.K1 = slices.Clone(r.seed[:]), slices.Clone(r.nonce[:]), slices.Clone(r.chain[:])
	v.M2, v.T2 = result.Reply, slices.Clone(r.t2[:])
	v.EseedR = vectors.NextEseed(vectors.Reseed(t, seed+2))
	result, s, err = s.Receive(c.idS, v.M2, now)
	must(err)
	v.K2, v.M3 = slices.Clone(s.chain[:]), result.Reply
	v.EseedS = vectors.NextEseed(vectors.Reseed(t, seed+3))
	result, r, err = r.Receive(c.idR, v.M3, now)
	must(err)
	v.M4 = result.Reply
	vectors.Reseed(t, seed+4)
	result, s, err = s.Receive(c.idS, v.M4, now)
	must(err)
	v.M5 = result.Reply
	_, r, err = r.Receive(c.idR, v.M5, now)
	must(err)
	keys, ok := r.Secrets()
	if !ok || r.Phase() != Agreed || s.Phase() != Agreed {
		t.Fatal("the pairing did not end")
	}
	v.SK, v.HKa, v.NHKb, v.RS, v.AD = keys.SK[:], keys.HKa[:], keys.NHKb[:], keys.RS[:], keys.AD[:]
	v.Code = s.Show() + r.Show()
	c.pairingVector = v
	c.Mk = c.lastKey(t)
	return c
}

// lastKey derives mk as section 8 says, which the states never hold.
func (c vectorCourse) lastKey(t *testing.T) vectors.Hex {
	ss, err := c.idS.Decapsulate(c.M4[:ctSize], infoS(key(c.T2), c.M3))
	if err != nil {
		t.Fatal(err)
	}
	bundleS, bundleR := c.idS.Bundle(), c.idR.Bundle()
	h := identity.Hash(c.T2, bundleS[:], c.ProfileS, bundleR[:], c.NonceS, c.NonceR, c.M3[:ctSize], c.M4[:ctSize])
	return identity.Derive(ss, c.K2, "mk"+string(h[:]), 32)
}

func TestVectorsOfPairing(t *testing.T) {
	longest := strings.Repeat("ü", MaxName/2)
	base := newVectorCourse(t, "two names", 1000, "Rosa", "Søren", false)
	cases := []pairingVector{
		base.pairingVector,
		newVectorCourse(t, "empty names, a card on a screen", 1100, "", "", true).pairingVector,
		newVectorCourse(t, "names of 256 bytes", 1200, longest, longest, false).pairingVector,
	}
	vectors.Check(t, "pairing", "8", "whole pairings with every value that either side derives", cases)
	vectors.Check(t, "refused", "8", "what a receiver gets in the place of a message of the first case of pairing.json. "+
		"result dropped: nothing changes; failed: the pairing ends", base.refused(t))
}

type refusedVector struct {
	Name    string      `json:"name"`
	Message string      `json:"message"`
	Alter   [][2]int    `json:"alter,omitempty"`
	Cell    vectors.Hex `json:"cell,omitempty"`
	Result  string      `json:"result"`
}

// refused is what must not be taken for a message of the course.
func (c vectorCourse) refused(t *testing.T) []refusedVector {
	var cases []refusedVector
	for _, a := range []struct {
		name, message string
		at, by        int
	}{
		{"a number of pk_e not below q", "M1", 1, 0x0f}, // with byte 0 below
		{"the ML-KEM half of ct_e altered", "M2", 0, 1}, {"the X25519 half of ct_e altered", "M2", 1119, 1},
		{"the nonce of x2 altered", "M2", 1120, 1}, {"the commitment of x2 altered", "M2", 1144, 1},
		{"x2 altered", "M2", 2000, 1}, {"the tag of x2 altered", "M2", 4095, 0x80},
		{"ct_R altered", "M3", 500, 1}, {"x3 altered", "M3", 3000, 1}, {"the tag of x3 altered", "M3", 4095, 1},
		{"ct_S altered", "M4", 1119, 0x40}, {"the tag altered", "M4", 1120, 1}, {"the tag's last byte altered", "M4", 1151, 1},
		{"the tag altered", "M5", 0, 1}, {"the tag's last byte altered", "M5", 31, 1},
	} {
		alter := [][2]int{{a.at, a.by}}
		if a.message == "M1" {
			alter = [][2]int{{0, int(c.M1[0] ^ 0xff)}, {1, int(c.M1[1]&0x0f ^ 0x0f)}}
		}
		cases = append(cases, refusedVector{Name: a.message + ": " + a.name, Message: a.message, Alter: alter, Result: "dropped"})
	}
	cases = append(cases, c.refusedM2(t)...)
	cases = append(cases, c.refusedM3(t)...)
	tagR, tagS := c.M4[m4Tag:m4Tag+tagSize], c.M5[:tagSize]
	return append(cases,
		refusedVector{Name: "M4: the tag of S", Message: "M4", Cell: fullCell(c.M4[:ctSize], tagS), Result: "dropped"},
		refusedVector{Name: "M4: M2 again, altered", Message: "M4", Cell: fullCell(c.M2[:4000]), Result: "dropped"},
		refusedVector{Name: "M5: the tag of R", Message: "M5", Cell: fullCell(tagR), Result: "dropped"},
		refusedVector{Name: "M5: M4 sent back", Message: "M5", Cell: c.M4, Result: "dropped"},
	)
}

// fullCell joins the parts of a message and fills the rest with zeros: what random fill is makes no difference.
func fullCell(parts ...[]byte) vectors.Hex {
	cell := make([]byte, CellSize)
	copy(cell, slices.Concat(parts...))
	return cell
}

// claimed is the plaintext of x2 or x3 with a profile field of 258 bytes.
func claimed(bundle, profile, nonce, rest []byte) []byte {
	plain := make([]byte, 2904)
	copy(plain, bundle)
	copy(plain[1249:], profile)
	copy(plain[1507:], nonce)
	copy(plain[1539:], rest)
	return plain
}

// refusedM2 answers M1 with what R would not have sent.
func (c vectorCourse) refusedM2(t *testing.T) []refusedVector {
	bundleR, bundleS := c.idR.Bundle(), c.idS.Bundle()
	other := identity.FromRoot([32]byte{3}).Bundle()
	rpk := identity.NewPrivateKey([32]byte(c.SeedRpk)).Public()
	badKey := slices.Clone(rpk)
	badKey[0], badKey[1] = 0xff, badKey[1]|0x0f
	newer := slices.Clone(bundleR[:])
	newer[0] = 2
	put := func(at int, with byte) []byte {
		plain := claimed(bundleR[:], c.ProfileR, c.NonceR, rpk)
		plain[at] = with
		return plain
	}
	var cases []refusedVector
	for i, x := range []struct {
		name   string
		plain  []byte
		result string
	}{
		{"a fill that is not zeros", put(2903, 1), "dropped"},
		{"a fill of the profile that is not zeros", put(1506, 1), "dropped"},
		{"a profile of 257 bytes", put(1249, 1), "dropped"},
		{"a bundle of version 2", claimed(newer, c.ProfileR, c.NonceR, rpk), "dropped"},
		{"a ratchet key that is none", claimed(bundleR[:], c.ProfileR, c.NonceR, badKey), "dropped"},
		{"a bundle that is not the card's", claimed(other[:], c.ProfileR, c.NonceR, rpk), "failed"},
		{"S's own bundle", claimed(bundleS[:], c.ProfileR, c.NonceR, rpk), "failed"},
	} {
		vectors.Reseed(t, uint64(1300+i))
		ephemeral, err := identity.ParsePublicKey(c.M1[:m1Commitment])
		if err != nil {
			t.Fatal(err)
		}
		ct, ss, err := ephemeral.Encapsulate(infoE(c.M1))
		if err != nil {
			t.Fatal(err)
		}
		k1 := deriveK1(ss, c.card.Invite, c.M1, ct)
		cases = append(cases, refusedVector{Name: "M2: " + x.name, Message: "M2", Cell: fullCell(ct, identity.Seal(k1[:], x.plain, nil)), Result: x.result})
	}
	return cases
}

// refusedM3 answers M2 with what S would not have sent.
func (c vectorCourse) refusedM3(t *testing.T) []refusedVector {
	bundleR, bundleS := c.idR.Bundle(), c.idS.Bundle()
	good := func() []byte { return claimed(bundleS[:], c.ProfileS, c.NonceS, nil) }
	put := func(at int, with byte) []byte {
		plain := good()
		plain[at] = with
		return plain
	}
	var cases []refusedVector
	for i, x := range []struct {
		name   string
		plain  []byte
		result string
	}{
		{"a fill that is not zeros", put(1539, 1), "dropped"},
		{"a fill of the profile that is not zeros", put(1506, 1), "dropped"},
		{"a profile of 257 bytes", put(1249, 1), "dropped"},
		{"a bundle of version 2", put(0, 2), "dropped"},
		{"another nonce than was committed to", put(1507, c.NonceS[0]^1), "failed"},
		{"another name than was committed to", put(1251, 'X'), "failed"},
		{"another bundle than was committed to", claimed(bundleR[:], c.ProfileS, c.NonceS, nil), "failed"},
	} {
		vectors.Reseed(t, uint64(1400+i))
		ct, ss, err := bundleR.Encapsulate(infoR(key(c.T2)))
		if err != nil {
			t.Fatal(err)
		}
		k2 := deriveK2(ss, key(c.K1), key(c.T2), bundleR, ct)
		cases = append(cases, refusedVector{Name: "M3: " + x.name, Message: "M3", Cell: fullCell(ct, identity.Seal(k2[:], x.plain, nil)), Result: x.result})
	}
	return cases
}

type sasVector struct {
	Name     string      `json:"name"`
	NonceS   vectors.Hex `json:"nonce_s"`
	NonceR   vectors.Hex `json:"nonce_r"`
	T2       vectors.Hex `json:"t2"`
	RootS    vectors.Hex `json:"root_s"`
	RootR    vectors.Hex `json:"root_r"`
	ProfileS vectors.Hex `json:"profile_s"`
	Code     string      `json:"code"`
}

// TestVectorsOfCodes looks for codes with zeros in front, which are easily lost.
func TestVectorsOfCodes(t *testing.T) {
	rootS, rootR := [32]byte{2}, [32]byte{1}
	tr := transcript{
		t2: key{0: 7}, nonceS: key{0: 8}, profileS: profile("Søren"),
		bundleS: identity.FromRoot(rootS).Bundle(), bundleR: identity.FromRoot(rootR).Bundle(),
	}
	var cases []sasVector
	for _, c := range []struct{ name, first, last string }{
		{"any", "", ""}, {"zeros in front of the first half", "00", ""}, {"zeros in front of the second half", "", "00"}, {"both", "0", "0"},
	} {
		for n := uint64(len(cases)); ; n++ {
			binary.BigEndian.PutUint64(tr.nonceR[:], n)
			digits := tr.shortString()
			if code := string(digits[:]); strings.HasPrefix(code, c.first) && strings.HasPrefix(code[codeDigits:], c.last) {
				cases = append(cases, sasVector{
					c.name, slices.Clone(tr.nonceS[:]), slices.Clone(tr.nonceR[:]), slices.Clone(tr.t2[:]), rootS[:], rootR[:], tr.profileS, code,
				})
				break
			}
		}
	}
	tr.profileS = profile("")
	digits := tr.shortString()
	cases = append(cases, sasVector{
		fmt.Sprintf("a profile of %d bytes", len(tr.profileS)), tr.nonceS[:], tr.nonceR[:], tr.t2[:], rootS[:], rootR[:], tr.profileS, string(digits[:]),
	})
	vectors.Check(t, "sas", "8", "the twelve digits: S shows the first six, R the last six", cases)
}
