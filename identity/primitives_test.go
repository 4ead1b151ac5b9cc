package identity

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
	"pgregory.net/rapid"
)

func TestSealOpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		ad := rapid.SliceOf(rapid.Byte()).Draw(t, "ad")
		box := Seal(key, plain, ad)
		if len(box) != len(plain)+Overhead {
			t.Fatalf("overhead of %d", len(box)-len(plain))
		}
		got, err := Open(key, box, ad)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("open: %v", err)
		}

		changed := bytes.Clone(box)
		changed[rapid.IntRange(0, len(box)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := Open(key, changed, ad); err != ErrOpen {
			t.Fatal("a changed box opens")
		}
		if _, err := Open(key, box[:rapid.IntRange(0, len(box)-1).Draw(t, "length")], ad); err != ErrOpen {
			t.Fatal("a cut box opens")
		}
		if _, err := Open(key, box, append(ad, 0)); err != ErrOpen {
			t.Fatal("a box opens with other data")
		}
		key[0] ^= 1
		if _, err := Open(key, box, ad); err != ErrOpen {
			t.Fatal("a box opens with another key")
		}
	})
}

// The formula of the package comment, computed here step by step.
func TestSealIsAsWritten(t *testing.T) {
	key, plain, ad := bytes.Repeat([]byte{7}, 32), []byte("plain"), []byte("data")
	box := Seal(key, plain, ad)
	h := sha256.Sum256(ad)
	k, err := hkdf.Key(sha256.New, key, box[:24], "tacit/1/aead"+string(h[:]), 64)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := chacha20poly1305.NewX(k[:32])
	if err != nil {
		t.Fatal(err)
	}
	want := append(append(bytes.Clone(box[:24]), k[32:]...), aead.Seal(nil, box[:24], plain, ad)...)
	if !bytes.Equal(box, want) {
		t.Error("not n || com || XChaCha20-Poly1305")
	}
	if bytes.Equal(Seal(key, plain, ad), box) {
		t.Error("a nonce repeats")
	}
}

// A box whose commitment is of another key must not open, though the cipher would open it.
func TestCommitmentIsChecked(t *testing.T) {
	key := make([]byte, 32)
	box := Seal(key, []byte("x"), nil)
	copy(box[sealNonce:], bytes.Repeat([]byte{1}, sealCommit))
	if _, err := Open(key, box, nil); err != ErrOpen {
		t.Errorf("got %v", err)
	}
}

func TestJoinIsUnambiguous(t *testing.T) {
	if got := Join([]byte("ab"), nil, []byte("c")); string(got) != "\x00\x00\x00\x02ab\x00\x00\x00\x00\x00\x00\x00\x01c" {
		t.Errorf("%q", got)
	}
	if Hash([]byte("ab"), []byte("c")) == Hash([]byte("a"), []byte("bc")) {
		t.Error("two lists have one hash")
	}
}

func TestKEM(t *testing.T) {
	seed := [32]byte{1, 2, 3}
	private := NewPrivateKey(seed)
	if b, err := private.key.Bytes(); err != nil || !bytes.Equal(b, seed[:]) {
		t.Errorf("the seed is not the key itself: %v", err)
	}
	public, err := ParsePublicKey(private.Public())
	if err != nil || len(private.Public()) != KEMPublicSize {
		t.Fatalf("public key of %d bytes: %v", len(private.Public()), err)
	}
	ct, ss, err := public.Encapsulate([]byte("info"))
	if err != nil || len(ct) != KEMCiphertextSize || len(ss) != KEMSecretSize {
		t.Fatalf("encapsulate: %d, %d bytes, %v", len(ct), len(ss), err)
	}
	got, err := private.Decapsulate(ct, []byte("info"))
	if err != nil || !bytes.Equal(got, ss) {
		t.Errorf("decapsulate: %v", err)
	}
	if got, err := private.Decapsulate(ct, []byte("other")); err != nil || bytes.Equal(got, ss) {
		t.Errorf("the secret is not bound to info: %v", err)
	}
	ct[0] ^= 1
	if got, err := private.Decapsulate(ct, []byte("info")); err != nil || bytes.Equal(got, ss) {
		t.Errorf("a changed ciphertext gives the same secret: %v", err)
	}
	if _, err := private.Decapsulate(ct[1:], nil); err == nil {
		t.Error("a cut ciphertext is taken")
	}
	if _, err := private.Decapsulate(make([]byte, KEMCiphertextSize), nil); err == nil {
		t.Error("a point of low order is taken")
	}
	for _, b := range [][]byte{nil, private.Public()[1:], append(private.Public(), 0), bytes.Repeat([]byte{255}, KEMPublicSize), make([]byte, KEMPublicSize)} {
		if _, err := ParsePublicKey(b); err == nil {
			t.Errorf("a bad public key of %d bytes is taken", len(b))
		}
	}
}
