// Package vectors keeps the test vectors of docs/protocol.md, section 18, beside the
// packages that make them. Only tests import it.
package vectors

import (
	"bytes"
	"crypto/ecdh"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/cryptotest"
)

var (
	write = flag.Bool("write-vectors", false, "write testdata/vectors anew instead of comparing with it")
	root  = flag.String("vectors-root", "", "replay the vectors of the tree below this directory instead of the own ones")
)

// file is testdata/vectors/name.json.
type file[C any] struct {
	Description string `json:"description"`
	Section     string `json:"section"`
	Cases       []C    `json:"cases"`
}

// Hex is bytes that JSON holds as lower-case hex.
type Hex []byte

// MarshalText returns lower-case hex.
func (h Hex) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }

// UnmarshalText reads hex. What was empty is not nil.
func (h *Hex) UnmarshalText(b []byte) (err error) {
	*h, err = hex.AppendDecode([]byte{}, b)
	return err
}

// Check compares what the code makes now with testdata/vectors/name.json, or writes that.
func Check[C any](t *testing.T, name, section, description string, cases []C) {
	t.Helper()
	made, err := json.MarshalIndent(file[C]{description, section, cases}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	made = append(made, '\n')
	path := filepath.Join("testdata", "vectors", name+".json")
	if *write {
		if err := os.WriteFile(path, made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if kept, err := os.ReadFile(path); err != nil || !bytes.Equal(kept, made) {
		t.Errorf("%s is not what the code makes (make vectors writes it): %v", path, err)
	}
}

// Load reads the cases of testdata/vectors/name.json, here or in the package at dir
// below -vectors-root.
func Load[C any](t *testing.T, dir, name string) []C {
	t.Helper()
	path := filepath.Join("testdata", "vectors", name+".json")
	if *root != "" {
		path = filepath.Join(*root, dir, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f file[C]
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(f.Cases) == 0 {
		t.Fatalf("%s has no cases", name)
	}
	return f.Cases
}

// Reseed makes randomness a known stream until it is called again, and returns a copy of
// that stream.
func Reseed(t *testing.T, n uint64) *mathrand.ChaCha8 {
	cryptotest.SetGlobalRandom(t, n)
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], n)
	return mathrand.NewChaCha8(seed)
}

// NextEseed reads from a copied stream what an encapsulation draws from it: the X25519
// key and then the 32 bytes of ML-KEM. X-Wing's eseed has them the other way round.
func NextEseed(stream *mathrand.ChaCha8) Hex {
	var b [64]byte
	stream.Read(b[:])
	return slices.Concat(b[32:], b[:32])
}

// EncapsulateDerand returns the ciphertext of the procedure of that name in X-Wing.
func EncapsulateDerand(t *testing.T, public, eseed []byte) []byte {
	t.Helper()
	pq, err := mlkem.NewEncapsulationKey768(public[:mlkem.EncapsulationKeySize768])
	if err != nil {
		t.Fatal(err)
	}
	_, ct, err := mlkemtest.Encapsulate768(pq, eseed[:32])
	if err != nil {
		t.Fatal(err)
	}
	ephemeral, err := ecdh.X25519().NewPrivateKey(eseed[32:])
	if err != nil {
		t.Fatal(err)
	}
	return append(ct, ephemeral.PublicKey().Bytes()...)
}
