package identity

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

// hexBytes is a byte string as the vectors write it.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// results counts what the vectors of a file said of themselves.
type results struct{ valid, acceptable, invalid int }

func (r *results) count(t *testing.T, result string) {
	t.Helper()
	switch result {
	case "valid":
		r.valid++
	case "acceptable":
		r.acceptable++
	case "invalid":
		r.invalid++
	default:
		t.Fatalf("a result %q", result)
	}
}

// wycheproof runs check for each test of a file and counts them; want is how many
// there are of each result, so that none is passed over.
func wycheproof[G, T any](t *testing.T, file string, want results, check func(t *testing.T, group G, test T) (result string)) {
	t.Helper()
	text, err := os.ReadFile("testdata/published/wycheproof/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		NumberOfTests int
		TestGroups    []json.RawMessage
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	var got results
	for _, raw := range all.TestGroups {
		var group G
		var tests struct{ Tests []T }
		if err := json.Unmarshal(raw, &group); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &tests); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests.Tests {
			got.count(t, check(t, group, test))
		}
	}
	if got != want || got.valid+got.acceptable+got.invalid != all.NumberOfTests {
		t.Errorf("%s: ran %+v of %d, want %+v", file, got, all.NumberOfTests, want)
	}
}

type none struct{}

type xdhTest struct {
	TcID                    int
	Flags                   []string
	Public, Private, Shared hexBytes
	Result                  string
}

// "Acceptable" are keys that RFC 7748 takes and other rules refuse: the library takes
// all but those that make the secret zero, which RFC 7748, section 6.1, lets it refuse.
func TestWycheproofX25519(t *testing.T) {
	wycheproof(t, "x25519_test.json", results{valid: 264, acceptable: 254}, func(t *testing.T, _ none, v xdhTest) string {
		private, err := ecdh.X25519().NewPrivateKey(v.Private)
		if err != nil {
			t.Fatalf("%d: %v", v.TcID, err)
		}
		public, err := ecdh.X25519().NewPublicKey(v.Public)
		if err != nil {
			t.Fatalf("%d: %v", v.TcID, err)
		}
		shared, err := private.ECDH(public)
		zero := slices.Contains(v.Flags, "ZeroSharedSecret")
		if zero != (err != nil) || zero && v.Result != "acceptable" || !zero && !bytes.Equal(shared, v.Shared) {
			t.Errorf("%d: %x, %v", v.TcID, shared, err)
		}
		return v.Result
	})
}

// The same points, as the X25519 half of our keys and ciphertexts. A key with which no
// secret can be made is refused when it is parsed.
func TestWycheproofX25519InTheKEM(t *testing.T) {
	const half = KEMPublicSize - 32
	own := NewPrivateKey([32]byte{1})
	goodCT, _, err := publicKeyOf(t, own).Encapsulate(nil)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	wycheproof(t, "x25519_test.json", results{valid: 264, acceptable: 254}, func(t *testing.T, _ none, v xdhTest) string {
		zero := slices.Contains(v.Flags, "ZeroSharedSecret")
		if zero {
			refused++
		}
		public, err := ParsePublicKey(append(bytes.Clone(own.Public()[:half]), v.Public...))
		if zero != (err != nil) {
			t.Errorf("%d: parsed: %v", v.TcID, err)
		}
		if !zero {
			if _, _, err := public.Encapsulate(nil); err != nil {
				t.Errorf("%d: encapsulated: %v", v.TcID, err)
			}
		}
		ct := append(bytes.Clone(goodCT[:KEMCiphertextSize-32]), v.Public...)
		if _, err := own.Decapsulate(ct, nil); zero != (err != nil) {
			t.Errorf("%d: decapsulated: %v", v.TcID, err)
		}
		return v.Result
	})
	if refused != 31 {
		t.Errorf("%d points of low order were tried", refused)
	}
}

// publicKeyOf parses the public key of a private one.
func publicKeyOf(t *testing.T, k PrivateKey) PublicKey {
	t.Helper()
	p, err := ParsePublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWycheproofEd25519(t *testing.T) {
	type group struct{ PublicKey struct{ Pk hexBytes } }
	type test struct {
		TcID     int
		Msg, Sig hexBytes
		Result   string
	}
	wycheproof(t, "ed25519_test.json", results{valid: 88, invalid: 63}, func(t *testing.T, g group, v test) string {
		if ok := ed25519.Verify(ed25519.PublicKey(g.PublicKey.Pk), v.Msg, v.Sig); ok != (v.Result == "valid") {
			t.Errorf("%d: %t", v.TcID, ok)
		}
		return v.Result
	})
}

type kemTest struct {
	TcID               int
	Seed, M, Ek, Dk, C hexBytes
	K                  hexBytes
	Result             string
}

func TestWycheproofMLKEM768KeyGen(t *testing.T) {
	wycheproof(t, "mlkem_768_keygen_seed_test.json", results{valid: 100}, func(t *testing.T, _ none, v kemTest) string {
		key, err := mlkem.NewDecapsulationKey768(v.Seed)
		if err != nil || !bytes.Equal(key.EncapsulationKey().Bytes(), v.Ek) || !bytes.Equal(key.Bytes(), v.Seed) {
			t.Errorf("%d: %v", v.TcID, err)
		}
		return v.Result
	})
}

func TestWycheproofMLKEM768Decapsulate(t *testing.T) {
	wycheproof(t, "mlkem_768_test.json", results{valid: 161, invalid: 40}, func(t *testing.T, _ none, v kemTest) string {
		var secret []byte
		key, err := mlkem.NewDecapsulationKey768(v.Seed)
		if err == nil {
			secret, err = key.Decapsulate(v.C)
		}
		good := err == nil && bytes.Equal(secret, v.K) && bytes.Equal(key.EncapsulationKey().Bytes(), v.Ek)
		if good != (v.Result == "valid") {
			t.Errorf("%d is %s: %v", v.TcID, v.Result, err)
		}
		return v.Result
	})
}

// A key that ML-KEM refuses is refused as the half of ours, before anything is made of it.
func TestWycheproofMLKEM768Encapsulate(t *testing.T) {
	x := NewPrivateKey([32]byte{1}).Public()[mlkem.EncapsulationKeySize768:]
	wycheproof(t, "mlkem_768_encaps_test.json", results{valid: 133, invalid: 132}, func(t *testing.T, _ none, v kemTest) string {
		valid := v.Result == "valid"
		key, err := mlkem.NewEncapsulationKey768(v.Ek)
		if _, ours := ParsePublicKey(append(bytes.Clone(v.Ek), x...)); valid != (ours == nil) {
			t.Errorf("%d is %s, as a half: %v", v.TcID, v.Result, ours)
		}
		if valid != (err == nil) {
			t.Errorf("%d is %s: %v", v.TcID, v.Result, err)
		}
		if err != nil {
			return v.Result
		}
		secret, ct, err := mlkemtest.Encapsulate768(key, v.M)
		if err != nil || !bytes.Equal(secret, v.K) || !bytes.Equal(ct, v.C) {
			t.Errorf("%d: %v", v.TcID, err)
		}
		return v.Result
	})
}

func TestWycheproofXChaCha20Poly1305(t *testing.T) {
	type test struct {
		TcID                       int
		Key, IV, Aad, Msg, Ct, Tag hexBytes
		Result                     string
	}
	wycheproof(t, "xchacha20_poly1305_test.json", results{valid: 246, invalid: 69}, func(t *testing.T, _ none, v test) string {
		aead, err := chacha20poly1305.NewX(v.Key)
		if err != nil {
			t.Fatalf("%d: %v", v.TcID, err)
		}
		if len(v.IV) != aead.NonceSize() {
			if v.Result != "invalid" || sealNonce != aead.NonceSize() {
				t.Errorf("%d is %s with a nonce of %d bytes", v.TcID, v.Result, len(v.IV))
			}
			return v.Result // Seal and Open take none but of theirs
		}
		sealed := append(bytes.Clone(v.Ct), v.Tag...)
		if got := aead.Seal(nil, v.IV, v.Msg, v.Aad); bytes.Equal(got, sealed) != (v.Result == "valid") {
			t.Errorf("%d is %s, sealed as %x", v.TcID, v.Result, got)
		}
		plain, err := aead.Open(nil, v.IV, sealed, v.Aad)
		if good := err == nil && bytes.Equal(plain, v.Msg); good != (v.Result == "valid") {
			t.Errorf("%d is %s: %v", v.TcID, v.Result, err)
		}
		return v.Result
	})
}

func TestWycheproofHKDF(t *testing.T) {
	type test struct {
		TcID                 int
		Ikm, Salt, Info, Okm hexBytes
		Size                 int
		Result               string
	}
	wycheproof(t, "hkdf_sha256_test.json", results{valid: 83, invalid: 3}, func(t *testing.T, _ none, v test) string {
		okm, panicked := derived(v.Ikm, v.Salt, string(v.Info), v.Size)
		if v.Result == "valid" {
			if panicked || !bytes.Equal(okm, v.Okm) {
				t.Errorf("%d: %x", v.TcID, okm)
			}
		} else if !panicked {
			t.Errorf("%d: %d bytes", v.TcID, v.Size)
		}
		return v.Result
	})
}

// derived calls Derive, which panics for what no caller asks for.
func derived(secret, salt []byte, info string, n int) (okm []byte, panicked bool) {
	defer func() { panicked = recover() != nil }()
	return Derive(secret, salt, info, n), false
}

func TestWycheproofHMAC(t *testing.T) {
	type group struct{ TagSize int }
	type test struct {
		TcID          int
		Key, Msg, Tag hexBytes
		Result        string
	}
	wycheproof(t, "hmac_sha256_test.json", results{valid: 66, invalid: 108}, func(t *testing.T, g group, v test) string {
		sum := MAC(v.Key, v.Msg)
		if same := bytes.Equal(sum[:g.TagSize/8], v.Tag); same != (v.Result == "valid") {
			t.Errorf("%d is %s: %x", v.TcID, v.Result, sum)
		}
		return v.Result
	})
}
