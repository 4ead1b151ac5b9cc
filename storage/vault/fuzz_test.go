package vault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/cryptotest"
)

var wholeVault []byte // made by the first execution from the randomness that each begins with

// FuzzOpen is a vault's file that somebody edited, with its checksum mended or not.
// Everything that is refused before the passphrase counts is refused before
// memory is spent on it.
func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "vault")
	f.Add(uint16(0), []byte{}, uint16(fileSize), true, false)
	f.Fuzz(func(t *testing.T, at uint16, patch []byte, size uint16, mended, derive bool) {
		cryptotest.SetGlobalRandom(t, 1)
		if wholeVault == nil {
			if err := New().Save(path, "p", LeastCost); err != nil {
				t.Fatal(err)
			}
			wholeVault, _ = os.ReadFile(path)
		}
		file := bytes.Clone(wholeVault)
		copy(file[int(at)%len(file):], patch)
		if mended {
			file = mend(file)
		}
		file = append(file, make([]byte, 64)...)[:int(size)%(fileSize+64)]
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}

		want := refusal(file, mended)
		if want == nil {
			if !derive || !bytes.Equal(file[timeAt:saltAt], wholeVault[timeAt:saltAt]) {
				return // Argon2id would run, at its least cost or above
			}
			if !bytes.Equal(file, wholeVault) {
				want = ErrPassphrase
			}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		v, err := Open(path, "p")
		runtime.ReadMemStats(&after)
		if !errors.Is(err, want) || (v == nil) != (err != nil) {
			t.Fatalf("%v, want %v", err, want)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; err != nil && err != ErrPassphrase && spent > 1<<20 {
			t.Fatalf("%v after %d bytes were allocated", err, spent)
		}
	})
}

// refusal says why a file is refused without a passphrase, by the page of the format.
func refusal(file []byte, mended bool) error {
	number := func(at int) uint32 { return binary.BigEndian.Uint32(file[at:]) }
	switch {
	case !bytes.HasPrefix(file, []byte("TACITV1\n")):
		return ErrForeign
	case len(file) != 188 || !mended && !bytes.Equal(file, wholeVault):
		return ErrDamaged
	case number(8) < 1 || number(8) > 10, number(12) < 64<<10 || number(12) > 1<<20, number(16) < 1 || number(16) > 16:
		return ErrCost
	}
	return nil
}
