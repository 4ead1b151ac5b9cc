package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"tacit/identity/vectors"
)

// The replays take the vectors as they are, from this program or from another one.

func TestReplayHashes(t *testing.T) {
	for _, c := range vectors.Load[hashVector](t, "identity", "hash") {
		var joined []byte
		var values [][]byte
		for _, v := range c.Values {
			joined = append(append(joined, 0, 0, byte(len(v)>>8), byte(len(v))), v...)
			values = append(values, v)
		}
		sum := sha256.Sum256(joined)
		if !bytes.Equal(c.Join, joined) || !bytes.Equal(c.Hash, sum[:]) || !bytes.Equal(Join(values...), joined) || Hash(values...) != sum {
			t.Errorf("%s: another Join or H", c.Name)
		}
	}
	for _, c := range vectors.Load[hkdfVector](t, "identity", "hkdf") {
		if !bytes.Equal(Derive(c.Secret, c.Salt, string(c.Info), len(c.Out)), c.Out) {
			t.Errorf("%s: another HKDF", c.Name)
		}
	}
}

func TestReplayKEM(t *testing.T) {
	for _, c := range vectors.Load[kemVector](t, "identity", "kem") {
		private := NewPrivateKey([32]byte(c.Seed))
		if !bytes.Equal(private.Public(), c.Public) {
			t.Errorf("%s: another public key", c.Name)
		}
		ss, err := private.Decapsulate(c.Ct, c.Info)
		if (err == nil) != (c.Result != "refused") || !bytes.Equal(ss, c.Ss) {
			t.Errorf("%s: %v, or another secret", c.Name, err)
		}
		if c.Eseed != nil && !bytes.Equal(vectors.EncapsulateDerand(t, c.Public, c.Eseed), c.Ct) {
			t.Errorf("%s: another ciphertext", c.Name)
		}
	}
}

func TestReplayCAEAD(t *testing.T) {
	for _, c := range vectors.Load[caeadVector](t, "identity", "caead") {
		plain, err := Open(c.Key, c.Box, c.Ad)
		if (err == nil) != (c.Result == "ok") || !bytes.Equal(plain, c.Plain) {
			t.Errorf("%s: %v, or another plaintext", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		nonce, ad := c.Box[:24], sha256.Sum256(c.Ad)
		keys := Derive(c.Key, nonce, "tacit/1/aead"+string(ad[:]), 64)
		aead, err := chacha20poly1305.NewX(keys[:32])
		if err != nil {
			t.Fatal(err)
		}
		if box := slices.Concat(nonce, keys[32:], aead.Seal(nil, nonce, c.Plain, c.Ad)); !bytes.Equal(box, c.Box) {
			t.Errorf("%s: another box", c.Name)
		}
	}
}

func TestReplayIdentities(t *testing.T) {
	for _, c := range vectors.Load[identityVector](t, "identity", "identity") {
		bundle, err := ParseBundle(c.Bundle)
		if (err == nil) != (c.Result == "ok") {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		id := FromRoot([32]byte(c.Root))
		fp := id.Fingerprint()
		ed := ed25519.NewKeyFromSeed(c.EdSeed).Public().(ed25519.PublicKey)
		if id.Bundle() != bundle || !bytes.Equal(fp[:], c.Fingerprint) || !bytes.Equal(ed, c.Bundle[bundleEd:bundleKEM]) ||
			!bytes.Equal(NewPrivateKey([32]byte(c.XWingSeed)).Public(), c.Bundle[bundleKEM:]) {
			t.Errorf("%s: another bundle or fingerprint", c.Name)
		}
	}
	for _, c := range vectors.Load[safetyVector](t, "identity", "safety") {
		if got := SafetyNumber(Fingerprint(c.A), Fingerprint(c.B)); got != c.Number {
			t.Errorf("%s: %s", c.Name, got)
		}
	}
}

func TestReplayCards(t *testing.T) {
	for _, c := range vectors.Load[cardVector](t, "identity", "card") {
		card, err := ParseCard(c.Text)
		if cardResults[err] != c.Result {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		kb := card.LinkKey()
		if !bytes.Equal(card.Marshal(), c.Bytes) || card.Shown != c.Shown || !bytes.Equal(card.Fingerprint[:], c.Fingerprint) ||
			!bytes.Equal(card.Invite[:], c.Invite) || card.Expiry.Unix() != c.Expiry || !bytes.Equal(card.Hint, c.Hint) || !bytes.Equal(kb[:], c.LinkKey) {
			t.Errorf("%s: another card", c.Name)
		}
	}
	for _, c := range vectors.Load[hintVector](t, "identity", "hint") {
		h, err := ParseHint(c.Bytes)
		if cardResults[err] != c.Result {
			t.Errorf("hint %s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		if !bytes.Equal(h.Node[:], c.Node) || h.Port != c.Port || h.Name != c.Host || h.Addr.IsValid() != (c.Addr != "") ||
			h.Addr.IsValid() && h.Addr.String() != c.Addr {
			t.Errorf("hint %s: %+v", c.Name, h)
		}
	}
}

func TestReplayHello(t *testing.T) {
	for _, c := range vectors.Load[helloVector](t, "identity", "hello") {
		var keys []LinkKey
		for _, k := range c.Keys {
			keys = append(keys, LinkKey(k))
		}
		i, answer, ok := MatchHello([HelloSize]byte(c.Hello), keys, c.Dialler, c.Listener)
		if i != c.Found || ok != (c.Found >= 0) {
			t.Errorf("%s: found %d", c.Name, i)
		}
		if c.Found < 0 {
			continue
		}
		if !bytes.Equal(answer[:], c.Answer) || !bytes.Contains(c.Hello[:HelloTags*tagSize], c.Tag) {
			t.Errorf("%s: another answer or tag", c.Name)
		}
		if n, ok := CheckAnswer([AnswerSize]byte(c.Answer), keys, c.Dialler, c.Listener); !ok || n != i {
			t.Errorf("%s: the answer does not prove key %d", c.Name, i)
		}
	}
}
