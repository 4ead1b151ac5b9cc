package identity

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"
)

// twoKeyForger knows two keys of XChaCha20-Poly1305 and makes one ciphertext that opens
// under both. It is two lines of algebra: the tag is a polynomial over the blocks of the
// ciphertext, so one block is free to make the two tags equal.
type twoKeyForger struct {
	nonce  []byte // 24
	keys   [2][]byte
	stream [2][]byte   // key streams of the text
	r, s   [2]*big.Int // one-time keys of Poly1305
}

var poly1305Prime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 130), big.NewInt(5))

func newTwoKeyForger(t *testing.T, nonce, key0, key1 []byte) *twoKeyForger {
	t.Helper()
	f := &twoKeyForger{nonce: nonce, keys: [2][]byte{key0, key1}}
	for i, key := range f.keys {
		c, err := chacha20.NewUnauthenticatedCipher(key, nonce)
		if err != nil {
			t.Fatal(err)
		}
		// RFC 8439, sections 2.5 and 2.6: the first block gives r, clamped, and s; the next ones the text.
		first := make([]byte, 64)
		c.XORKeyStream(first, first)
		for _, at := range []int{3, 7, 11, 15} {
			first[at] &= 15
		}
		for _, at := range []int{4, 8, 12} {
			first[at] &= 252
		}
		f.r[i], f.s[i] = littleEndian(first[:16]), littleEndian(first[16:32])
		f.stream[i] = make([]byte, 64)
		c.XORKeyStream(f.stream[i], f.stream[i])
	}
	return f
}

// forge returns a ciphertext with tag. Under the first key its first 16 bytes are text0,
// under the second the next 16 are text1.
func (f *twoKeyForger) forge(t *testing.T, text0, text1 string) []byte {
	t.Helper()
	for range 1000 {
		ct := make([]byte, 64) // text0, text1, the free block, one that is random
		rand.Read(ct)
		for i := range 16 {
			ct[i] = text0[i] ^ f.stream[0][i]
			ct[16+i] = text1[i] ^ f.stream[1][16+i]
		}
		clear(ct[32:48])
		// With the free block x: tag_i = base_i + x*r_i^3 + s_i. Equal for
		// x = (base_1 + s_1 - base_0 - s_0) / (r_0^3 - r_1^3).
		var cube, base [2]*big.Int
		for i := range 2 {
			cube[i] = new(big.Int).Exp(f.r[i], big.NewInt(3), poly1305Prime)
			base[i] = new(big.Int).Add(f.polynomial(i, ct), f.s[i])
		}
		x := new(big.Int).Sub(base[1], base[0])
		x.Mul(x, new(big.Int).ModInverse(new(big.Int).Mod(new(big.Int).Sub(cube[0], cube[1]), poly1305Prime), poly1305Prime))
		x.Mod(x, poly1305Prime)
		if x.BitLen() > 128 {
			continue // no block: try another random one
		}
		for i, b := range x.FillBytes(make([]byte, 16)) {
			ct[47-i] = b
		}
		tag := new(big.Int).Add(f.polynomial(0, ct), f.s[0]).FillBytes(make([]byte, 17))[1:]
		for i := 15; i >= 0; i-- {
			ct = append(ct, tag[i])
		}
		if f.opens(t, 0, ct) != nil && f.opens(t, 1, ct) != nil {
			return ct
		}
	}
	t.Fatal("no ciphertext opens under two keys")
	return nil
}

// polynomial is Poly1305 without s of four blocks and their lengths, no associated data.
func (f *twoKeyForger) polynomial(i int, ct []byte) *big.Int {
	lengths := binary.LittleEndian.AppendUint64(make([]byte, 8), uint64(len(ct)))
	sum := new(big.Int)
	for _, block := range [][]byte{ct[:16], ct[16:32], ct[32:48], ct[48:64], lengths} {
		n := littleEndian(block)
		n.SetBit(n, 128, 1)
		sum.Mul(sum.Add(sum, n), f.r[i]).Mod(sum, poly1305Prime)
	}
	return sum
}

// opens is plain XChaCha20-Poly1305 under one of the keys, nil where it refuses.
func (f *twoKeyForger) opens(t *testing.T, i int, ct []byte) []byte {
	t.Helper()
	aead, err := chacha20poly1305.NewX(f.keys[i])
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, f.nonce, ct, nil)
	if err != nil {
		return nil
	}
	return plain
}

func littleEndian(b []byte) *big.Int {
	reversed := make([]byte, len(b))
	for i, c := range b {
		reversed[len(b)-1-i] = c
	}
	return new(big.Int).SetBytes(reversed)
}

// TestTwoKeyCiphertext: who knows two keys wants one box that opens under both, to two
// texts, so that a box that opens says nothing about the key. Plain XChaCha20-Poly1305
// gives it; cAEAD does not.
func TestTwoKeyCiphertext(t *testing.T) {
	const text0, text1 = "come alone, nine", "bring the police"
	keys := linkKeys(2)
	nonce := make([]byte, sealNonce)
	rand.Read(nonce)

	plain := newTwoKeyForger(t, nonce, keys[0][:], keys[1][:])
	ct := plain.forge(t, text0, text1)
	if a, b := plain.opens(t, 0, ct), plain.opens(t, 1, ct); !bytes.HasPrefix(a, []byte(text0)) || !bytes.HasPrefix(b[16:], []byte(text1)) {
		t.Fatalf("the attack gives %q and %q", a, b)
	}

	// The same against a box: under the keys that cAEAD derives, with either commitment.
	derived := [2][]byte{sealKeys(keys[0][:], nonce, nil), sealKeys(keys[1][:], nonce, nil)}
	ct = newTwoKeyForger(t, nonce, derived[0][:32], derived[1][:32]).forge(t, text0, text1)
	for i := range derived {
		box := bytes.Join([][]byte{nonce, derived[i][32:], ct}, nil)
		for j := range keys {
			if _, err := Open(keys[j][:], box, nil); (err == nil) != (i == j) {
				t.Errorf("a box that commits to key %d under key %d: %v", i, j, err)
			}
		}
	}
}

// TestDowngrade: whoever can change a card or a bundle on its way wants an older or a
// looser version to be taken for it. There is one version, and every other one is refused.
func TestDowngrade(t *testing.T) {
	card := NewCard(FromRoot([32]byte{1}).Fingerprint(), time.Hour, true, time.Unix(1_800_000_000, 0))
	text := card.String()
	for _, version := range []string{"0", "", "01", "00", "2", "10", "1.", "-1", "1 ", "１"} {
		if c, err := ParseCard("TACIT" + version + text[len("TACIT1"):]); err == nil {
			t.Errorf("version %q in the text is taken for %+v", version, c)
		}
	}
	for b := range 256 {
		for _, at := range []int{0, cardFlags} { // version, flags
			changed := card.Marshal()
			changed[at] = byte(b)
			c, err := UnmarshalCard(changed)
			if want := at == 0 && b == cardVersion || at == cardFlags && b&^flagShown == 0; (err == nil) != want {
				t.Errorf("byte %d is %d: %+v, %v", at, b, c, err)
			}
			if _, inText := ParseCard(cardPrefix + cardEncoding.EncodeToString(changed)); inText != err {
				t.Errorf("byte %d is %d: as text %v, as bytes %v", at, b, inText, err)
			}
		}
		bundle := FromRoot([32]byte{1}).Bundle()
		bundle[0] = byte(b)
		if _, err := ParseBundle(bundle[:]); (err == nil) != (b == bundleVersion) {
			t.Errorf("a bundle of version %d: %v", b, err)
		}
	}
	if _, err := ParseCard(strings.ToLower(text)); err == nil {
		t.Error("another spelling is accepted")
	}
}

// TestReflection: somebody whom both sides dial, or who is dialled, hands a side its own
// hello and its own answers back. They prove nothing.
func TestReflection(t *testing.T) {
	keys := linkKeys(3)
	victim, mirror := []byte("victim"), []byte("mirror")
	// The two of a card show and accept the same key, so the victim looks for its own tags.
	hello := NewHello(keys, victim, mirror)
	if i, _, ok := MatchHello(hello, keys, mirror, victim); ok {
		t.Errorf("the victim's hello, sent back to it, shows key %d", i)
	}
	// What the victim answers as a listener is all that the mirror can get from it.
	_, proof, ok := MatchHello(NewHello(keys, mirror, victim), keys, mirror, victim)
	if !ok {
		t.Fatal("the victim does not know its own key")
	}
	answers := [][AnswerSize]byte{proof}
	for at := 0; at+AnswerSize <= HelloSize; at += tagSize {
		answers = append(answers, [AnswerSize]byte(hello[at:]))
	}
	for n, answer := range answers {
		if i, ok := CheckAnswer(answer, keys, victim, mirror); ok {
			t.Errorf("answer %d, of the victim's own bytes, proves key %d", n, i)
		}
	}
}
