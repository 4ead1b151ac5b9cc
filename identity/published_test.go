package identity

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

// publishedVectors reads a file of testdata/published and checks how many there are.
func publishedVectors[T any](t *testing.T, file string, want int) []T {
	t.Helper()
	text, err := os.ReadFile("testdata/published/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != want {
		t.Fatalf("%s has %d vectors, want %d", file, len(all), want)
	}
	return all
}

type hpkeVector struct {
	Mode               uint8
	KEM                uint16 `json:"kem_id"`
	KDF                uint16 `json:"kdf_id"`
	AEAD               uint16 `json:"aead_id"`
	Info, PkRm, SkRm   hexBytes
	Enc                hexBytes
	SharedSecret       hexBytes `json:"shared_secret"`
	ExporterSecret     hexBytes `json:"exporter_secret"`
	ExportsAccumulated hexBytes `json:"exports_accumulated"`
	Encryptions        []struct{ Aad, Ct, Pt hexBytes }
	Exports            []hpkeExport
}

type hpkeExport struct {
	Context hexBytes `json:"exporter_context"`
	L       int
	Value   hexBytes `json:"exported_value"`
}

// What the vectors have and Go does not.
var (
	absentKEMs = []uint16{0x0021, 0x0040}
	absentKDFs = []uint16{0x0012, 0x0013}
)

// recipient is who holds the vector's private key.
func (v hpkeVector) recipient(t *testing.T) *hpke.Recipient {
	t.Helper()
	kem, err := hpke.NewKEM(v.KEM)
	if err != nil {
		t.Fatal(err)
	}
	kdf, err := hpke.NewKDF(v.KDF)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := hpke.NewAEAD(v.AEAD)
	if err != nil {
		t.Fatal(err)
	}
	key, err := kem.NewPrivateKey(v.SkRm)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key.PublicKey().Bytes(), v.PkRm) {
		t.Fatal("another public key")
	}
	r, err := hpke.NewRecipient(v.Enc, key, kdf, aead, v.Info)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// RFC 9180, appendix A, base mode, with X25519, P-256 and P-521; export-only among the
// AEADs, which is what Encapsulate uses. The exports are compared as a hash over a thousand.
func TestRFC9180(t *testing.T) {
	for _, v := range publishedVectors[hpkeVector](t, "rfc9180.json", 24) {
		if v.Mode != 0 {
			t.Fatalf("mode %d", v.Mode)
		}
		r := v.recipient(t)
		contexts, sum := sha3.NewSHAKE128(), sha3.NewSHAKE128()
		for l := range 1000 {
			value, err := r.Export(string(draw(contexts)), l)
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(value)
		}
		got := make([]byte, 16)
		sum.Read(got)
		if !bytes.Equal(got, v.ExportsAccumulated) {
			t.Errorf("kem %04x kdf %04x aead %04x: %x", v.KEM, v.KDF, v.AEAD, got)
		}
	}
}

// draw returns the next string of the stream that the accumulated values were made with:
// a length of one byte, and so many bytes.
func draw(stream *sha3.SHAKE) []byte {
	length := make([]byte, 1)
	stream.Read(length)
	b := make([]byte, length[0])
	stream.Read(b)
	return b
}

// draft-ietf-hpke-pq, with X-Wing (0x647a) among the KEMs.
func TestPostQuantumHPKE(t *testing.T) {
	ran, xwing := 0, 0
	for _, v := range publishedVectors[hpkeVector](t, "hpke-pq.json", 13) {
		if slices.Contains(absentKEMs, v.KEM) || slices.Contains(absentKDFs, v.KDF) {
			continue
		}
		ran++
		r := v.recipient(t)
		for i, e := range v.Encryptions {
			if plain, err := r.Open(e.Aad, e.Ct); err != nil || !bytes.Equal(plain, e.Pt) {
				t.Errorf("kem %04x, message %d: %v", v.KEM, i, err)
			}
		}
		for i, e := range v.Exports {
			if value, err := r.Export(string(e.Context), e.L); err != nil || !bytes.Equal(value, e.Value) {
				t.Errorf("kem %04x, export %d: %x, %v", v.KEM, i, value, err)
			}
		}
		if len(v.Encryptions) != 10 || len(v.Exports) != 5 {
			t.Errorf("%d messages, %d exports", len(v.Encryptions), len(v.Exports))
		}
		if v.KEM == kemXWing {
			xwing++
			checkOurs(t, v)
		}
	}
	if ran != 9 || xwing != 2 {
		t.Errorf("%d vectors ran, %d of them X-Wing", ran, xwing)
	}
}

const (
	kemXWing       = 0x647a
	kdfHKDF        = 0x0001
	aeadExportOnly = 0xffff
)

// checkOurs runs the key and the ciphertext of a vector through PrivateKey, whose KDF
// and AEAD are others than the vector's: what must come of it follows from the
// published shared secret by the key schedule.
func checkOurs(t *testing.T, v hpkeVector) {
	t.Helper()
	own := NewPrivateKey([32]byte(v.SkRm))
	if !bytes.Equal(own.Public(), v.PkRm) {
		t.Error("another public key")
	}
	want := keySchedule{v.KEM, kdfHKDF, aeadExportOnly}.export(v.SharedSecret, v.Info, "ss", KEMSecretSize)
	if got, err := own.Decapsulate(v.Enc, v.Info); err != nil || !bytes.Equal(got, want) {
		t.Errorf("decapsulated %x, %v, want %x", got, err, want)
	}
	if v.KDF != kdfHKDF {
		return
	}
	for _, e := range v.Exports {
		if got := (keySchedule{v.KEM, v.KDF, v.AEAD}).export(v.SharedSecret, v.Info, string(e.Context), e.L); !bytes.Equal(got, e.Value) {
			t.Errorf("the key schedule of this test exports %x, want %x", got, e.Value)
		}
	}
}

// keySchedule is RFC 9180, section 5.1, in base mode with HKDF-SHA256, written out.
type keySchedule struct{ kem, kdf, aead uint16 }

func (s keySchedule) export(shared, info []byte, context string, n int) []byte {
	suite := "HPKE"
	for _, id := range []uint16{s.kem, s.kdf, s.aead} {
		suite += string(binary.BigEndian.AppendUint16(nil, id))
	}
	extract := func(salt []byte, label string, ikm []byte) []byte {
		prk, err := hkdf.Extract(sha256.New, append([]byte("HPKE-v1"+suite+label), ikm...), salt)
		if err != nil {
			panic(err)
		}
		return prk
	}
	expand := func(prk []byte, label, info string, n int) []byte {
		out, err := hkdf.Expand(sha256.New, prk, string(binary.BigEndian.AppendUint16(nil, uint16(n)))+"HPKE-v1"+suite+label+info, n)
		if err != nil {
			panic(err)
		}
		return out
	}
	hashes := "\x00" + string(extract(nil, "psk_id_hash", nil)) + string(extract(nil, "info_hash", info))
	secret := extract(shared, "secret", nil)
	return expand(expand(secret, "exp", hashes, sha256.Size), "sec", context, n)
}

// draft-connolly-cfrg-xwing-kem-10, appendix C: from the published randomness come the
// published secrets, and what PrivateKey makes of the ciphertext.
func TestXWing(t *testing.T) {
	type vector struct{ Sk, Eseed, Ss hexBytes }
	for i, v := range publishedVectors[vector](t, "xwing.json", 3) {
		own := NewPrivateKey([32]byte(v.Sk))
		public := own.Public()
		key, err := mlkem.NewEncapsulationKey768(public[:mlkem.EncapsulationKeySize768])
		if err != nil {
			t.Fatal(err)
		}
		secretM, ctM, err := mlkemtest.Encapsulate768(key, v.Eseed[:32])
		if err != nil {
			t.Fatal(err)
		}
		ephemeral, err := ecdh.X25519().NewPrivateKey(v.Eseed[32:])
		if err != nil {
			t.Fatal(err)
		}
		peer, err := ecdh.X25519().NewPublicKey(public[mlkem.EncapsulationKeySize768:])
		if err != nil {
			t.Fatal(err)
		}
		secretX, err := ephemeral.ECDH(peer)
		if err != nil {
			t.Fatal(err)
		}
		ctX := ephemeral.PublicKey().Bytes()
		combined := sha3.Sum256(slices.Concat(secretM, secretX, ctX, peer.Bytes(), []byte(`\.//^\`)))
		if !bytes.Equal(combined[:], v.Ss) {
			t.Errorf("%d: %x, want %x", i, combined, v.Ss)
		}
		want := keySchedule{kemXWing, kdfHKDF, aeadExportOnly}.export(v.Ss, []byte("info"), "ss", KEMSecretSize)
		if got, err := own.Decapsulate(append(ctM, ctX...), []byte("info")); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d: decapsulated %x, %v", i, got, err)
		}
	}
}

// unhex decodes hex.
func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run returns n bytes that count up.
func run(from, n byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = from + byte(i)
	}
	return b
}

// RFC 5869, appendices A.1 to A.3.
func TestRFC5869(t *testing.T) {
	for i, v := range []struct {
		secret, salt []byte
		info         string
		okm          string
	}{
		{bytes.Repeat([]byte{0x0b}, 22), run(0, 13), string(run(0xf0, 10)),
			"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
		{run(0, 80), run(0x60, 80), string(run(0xb0, 80)),
			"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
				"da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
		{bytes.Repeat([]byte{0x0b}, 22), nil, "",
			"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
	} {
		if got := Derive(v.secret, v.salt, v.info, len(v.okm)/2); !bytes.Equal(got, unhex(t, v.okm)) {
			t.Errorf("A.%d: %x", i+1, got)
		}
	}
}

// RFC 4231, sections 4.2 to 4.8.
func TestRFC4231(t *testing.T) {
	repeat := func(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
	for i, v := range []struct {
		key, data []byte
		mac       string
	}{
		{repeat(0x0b, 20), []byte("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{[]byte("Jefe"), []byte("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{repeat(0xaa, 20), repeat(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
		{run(1, 25), repeat(0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
		{repeat(0x0c, 20), []byte("Test With Truncation"), "a3b6167473100ee06e0c796c2955552b"},
		{repeat(0xaa, 131), []byte("Test Using Larger Than Block-Size Key - Hash Key First"),
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
		{repeat(0xaa, 131), []byte("This is a test using a larger than block-size key and a larger than block-size data. " +
			"The key needs to be hashed before being used by the HMAC algorithm."),
			"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
	} {
		want := unhex(t, v.mac)
		if got := MAC(v.key, v.data); !bytes.Equal(got[:len(want)], want) {
			t.Errorf("4.%d: %x", i+2, got)
		}
	}
}

// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
func TestXChaChaDraft(t *testing.T) {
	aead, err := chacha20poly1305.NewX(run(0x80, 32))
	if err != nil {
		t.Fatal(err)
	}
	plain := "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
	got := aead.Seal(nil, run(0x40, 24), []byte(plain), unhex(t, "50515253c0c1c2c3c4c5c6c7"))
	want := unhex(t, "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"+
		"ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"+
		"21f9664c97637da9768812f615c68b13b52e"+"c0875924c1c7987947deafd8780acf49")
	if !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

// TestPublishedFilesAreThere names every file, so that none is added and forgotten.
func TestPublishedFilesAreThere(t *testing.T) {
	source, err := os.ReadFile("published_test.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := os.ReadFile("wycheproof_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"testdata/published", "testdata/published/wycheproof"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.Name(), ".json") && !bytes.Contains(append(source, more...), []byte(`"`+f.Name()+`"`)) {
				t.Errorf("nothing runs %s", f.Name())
			}
		}
	}
}
