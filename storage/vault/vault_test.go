package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func saved(t *testing.T, passphrase string) (v *Vault, path string) {
	t.Helper()
	v, path = New(), filepath.Join(t.TempDir(), "vault")
	if err := v.Save(path, passphrase, LeastCost); err != nil {
		t.Fatal(err)
	}
	return v, path
}

func TestOpen(t *testing.T) {
	v, path := saved(t, "correct horse")
	got, err := Open(path, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if got.Key("store") != v.Key("store") || got.Key("store") == got.Key("unlocks") || New().Key("store") == v.Key("store") {
		t.Fatal("keys do not follow the data key and the purpose")
	}
	if _, err := Open(path, "correct horsf"); !errors.Is(err, ErrPassphrase) {
		t.Fatalf("wrong passphrase: %v", err)
	}
	if _, err := Open(path+"x", "correct horse"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no file: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() != fileSize || info.Mode().Perm() != 0o600 {
		t.Fatalf("file: %v, %v", info, err)
	}
}

// TestComposed: the same letters open the vault whichever way a keyboard composes them.
func TestComposed(t *testing.T) {
	_, path := saved(t, "caf\u00e9")
	if _, err := Open(path, "cafe\u0301"); err != nil {
		t.Fatal(err)
	}
}

func TestChangePassphrase(t *testing.T) {
	v, path := saved(t, "old")
	before, _ := os.ReadFile(path)
	if err := ChangePassphrase(path, "wrong", "new", LeastCost); !errors.Is(err, ErrPassphrase) {
		t.Fatalf("with a wrong passphrase: %v", err)
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(now, before) {
		t.Fatal("a refused change changed the file")
	}
	if err := ChangePassphrase(path, "old", "new", LeastCost); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, "old"); !errors.Is(err, ErrPassphrase) {
		t.Fatalf("the old passphrase: %v", err)
	}
	got, err := Open(path, "new")
	if err != nil || got.Key("x") != v.Key("x") {
		t.Fatalf("the new passphrase: %v", err)
	}
	names, _ := os.ReadDir(filepath.Dir(path))
	if len(names) != 1 {
		t.Fatalf("%d files were left", len(names))
	}
}

// TestAltered flips every bit of the file: none opens, and where only the checksum
// covers a bit, mending the checksum does not help.
func TestAltered(t *testing.T) {
	_, path := saved(t, "p")
	whole, _ := os.ReadFile(path)
	open := func(file []byte) error {
		t.Helper()
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path, "p")
		return err
	}
	for i := range whole {
		file := bytes.Clone(whole)
		file[i] ^= 1
		want := ErrDamaged
		if i < timeAt {
			want = ErrForeign
		}
		if err := open(file); !errors.Is(err, want) {
			t.Fatalf("byte %d altered: %v, want %v", i, err, want)
		}
	}
	for _, i := range []int{timeAt + 3, lanesAt + 3, saltAt, boxAt, checksumAt - 1} {
		file := bytes.Clone(whole)
		file[i] ^= 2
		if err := open(mend(file)); !errors.Is(err, ErrPassphrase) {
			t.Fatalf("byte %d altered, checksum mended: %v", i, err)
		}
	}
	for _, n := range []int{0, 7} {
		if err := open(whole[:n]); !errors.Is(err, ErrForeign) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	for _, file := range [][]byte{whole[:8], whole[:fileSize-1], append(bytes.Clone(whole), 0)} {
		if err := open(file); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%d bytes: %v", len(file), err)
		}
	}
}

func mend(file []byte) []byte {
	sum := sha256.Sum256(file[:checksumAt])
	copy(file[checksumAt:], sum[:])
	return file
}

// TestCost: what would cost too little or too much is refused before it is spent.
func TestCost(t *testing.T) {
	_, path := saved(t, "p")
	whole, _ := os.ReadFile(path)
	for _, c := range []struct {
		at    int
		value uint32
	}{
		{timeAt, 0}, {timeAt, maxTime + 1}, {timeAt, 1 << 31}, {memoryAt, minMemory - 1}, {memoryAt, maxMemory + 1},
		{memoryAt, 1<<32 - 1}, {lanesAt, 0}, {lanesAt, maxLanes + 1}, {lanesAt, 256 + 1},
	} {
		file := bytes.Clone(whole)
		binary.BigEndian.PutUint32(file[c.at:], c.value)
		if err := os.WriteFile(path, mend(file), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, "p"); !errors.Is(err, ErrCost) {
			t.Fatalf("%d at byte %d: %v", c.value, c.at, err)
		}
	}
	for _, c := range []Cost{{}, {Time: 1, Memory: minMemory - 1, Lanes: 1}, {Time: 11, Memory: minMemory, Lanes: 1}} {
		if err := New().Save(path, "p", c); !errors.Is(err, ErrCost) {
			t.Fatalf("save at %+v: %v", c, err)
		}
	}
	if err := DefaultCost.check(); err != nil {
		t.Fatal(err)
	}
}
