package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"tacit/app"
	"tacit/storage/vault"
)

var cheap = Options{Cost: vault.LeastCost}

// profile makes a profile with some messages and closes it.
func profile(t *testing.T) (dir string, c app.ContactID) {
	t.Helper()
	dir = t.TempDir()
	s, err := cheap.Create(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	c = addContact(t, s)
	for range 30 {
		if err := say(s, c, "something said"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, c
}

// files returns the content of every file of a profile.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}

// TestDamaged: a profile that is not what was written is refused by the right name and left as it is.
func TestDamaged(t *testing.T) {
	whole, _ := profile(t)
	flip := func(name string, at int) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			edit(t, dir, name, func(b []byte) []byte { b[at] ^= 1; return b })
		}
	}
	cut := func(name string, n int) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			edit(t, dir, name, func(b []byte) []byte { return b[:n] })
		}
	}
	for name, damage := range map[string]func(t *testing.T, dir string){
		"StoreCutHalf":   cut("store", 2<<20),
		"StoreCutShort":  cut("store", 100),
		"StoreEmpty":     cut("store", 0),
		"StoreCutByte":   cut("store", 4<<20-1),
		"StoreFirstPage": flip("store", 2*4096+100),
		"StoreLaterPage": flip("store", 9*4096+4000),
		"StoreHeaders": func(t *testing.T, dir string) {
			flip("store", 5)(t, dir)
			flip("store", 4096+5)(t, dir)
		},
		"StoreForeign": func(t *testing.T, dir string) {
			edit(t, dir, "store", func(b []byte) []byte { return append([]byte("SQLite format 3\x00"), b[16:]...) })
			edit(t, dir, "store", func(b []byte) []byte { b[4096] ^= 1; return b })
		},
		"StoreOfAnotherProfile": func(t *testing.T, dir string) {
			other, _ := profile(t)
			b, err := os.ReadFile(filepath.Join(other, "store"))
			if err != nil {
				t.Fatal(err)
			}
			edit(t, dir, "store", func([]byte) []byte { return b })
		},
		"StoreMissing": func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "store")); err != nil {
				t.Fatal(err)
			}
		},
		"VaultFlipped": flip("vault", 60),
		"VaultForeign": flip("vault", 0),
		"VaultCut":     cut("vault", 100),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			damage(t, dir)
			before := files(t, dir)
			s, err := cheap.Open(context.Background(), dir, "p")
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, app.ErrDamaged) {
				t.Errorf("open: %v, want ErrDamaged", err)
			}
			if after := files(t, dir); !maps.Equal(after, before) {
				t.Error("the files were changed")
			}
		})
	}
}

func edit(t *testing.T, dir, name string, f func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, f(bytes.Clone(b)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRefused: what else keeps a profile from being opened has its own name.
func TestRefused(t *testing.T) {
	dir, _ := profile(t)
	before := files(t, dir)
	if _, err := cheap.Open(context.Background(), dir, "q"); !errors.Is(err, app.ErrPassphrase) {
		t.Fatalf("wrong passphrase: %v", err)
	}
	if _, err := cheap.Open(context.Background(), t.TempDir(), "p"); !errors.Is(err, app.ErrNotFound) {
		t.Fatalf("no profile: %v", err)
	}
	if _, err := cheap.Create(context.Background(), dir, "p"); !errors.Is(err, os.ErrExist) {
		t.Fatalf("create over a profile: %v", err)
	}
	if !maps.Equal(files(t, dir), before) {
		t.Fatal("the files were changed")
	}
}

// TestDamageFoundLater: an altered page of a store that is too large to be checked at
// the start is refused when it is read, and the rest stays readable.
func TestDamageFoundLater(t *testing.T) {
	dir, c := profile(t)
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var page int64
	s.alone(func() {
		page, err = one(s, scanInt, "SELECT rootpage FROM sqlite_schema WHERE name = 'messages'")
		if err == nil {
			_, err = all(s, func(*sql.Rows) (int, error) { return 0, nil }, "PRAGMA wal_checkpoint(TRUNCATE)")
		}
		if err == nil {
			_, err = s.exec("PRAGMA shrink_memory")
		}
		if err == nil { // before the keeper reads the page again
			edit(t, dir, "store", func(b []byte) []byte { b[(page+1)*4096+2000] ^= 4; return b })
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(context.Background(), func(tx app.ReadTx) error {
		_, err := tx.Messages(c, 0, 10)
		return err
	})
	if !errors.Is(err, app.ErrDamaged) {
		t.Fatalf("read of an altered page: %v", err)
	}
	err = s.View(context.Background(), func(tx app.ReadTx) error { _, err := tx.Contacts(); return err })
	if err != nil {
		t.Fatalf("read of other pages: %v", err)
	}
}
