package storage

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"tacit/app"
	"tacit/storage/vault"
)

// reopen opens and closes a profile and reports what it says of itself.
func reopen(t *testing.T, dir string) (rolledBack bool) {
	t.Helper()
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	err = s.View(context.Background(), func(tx app.ReadTx) error { _, err := tx.Contacts(); return err })
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	return s.RolledBack()
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRollback(t *testing.T) {
	whole, _ := profile(t)
	for name, tt := range map[string]struct {
		then func(t *testing.T, dir string)
		want bool
	}{
		"Normal": {func(t *testing.T, dir string) {}, false},
		"OlderStore": {func(t *testing.T, dir string) {
			old := files(t, dir)["store"]
			reopen(t, dir)
			reopen(t, dir)
			put(t, dir, "store", old)
		}, true},
		// The crash between the two steps of an unlock, which a copy of one unlock ago
		// cannot be told from.
		"StoreOneBehind": {func(t *testing.T, dir string) {
			old := files(t, dir)["store"]
			reopen(t, dir)
			put(t, dir, "store", old)
		}, false},
		"OlderCounter": {func(t *testing.T, dir string) {
			old := files(t, dir)["unlocks"]
			reopen(t, dir)
			put(t, dir, "unlocks", old)
		}, true},
		"NoCounter": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "unlocks")); err != nil {
				t.Fatal(err)
			}
		}, true},
		"AlteredCounter": {func(t *testing.T, dir string) {
			edit(t, dir, "unlocks", func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
		}, true},
		"CounterOfAnotherProfile": {func(t *testing.T, dir string) {
			other, _ := profile(t)
			put(t, dir, "unlocks", files(t, other)["unlocks"])
		}, true},
		"WholeFolder": {func(t *testing.T, dir string) {
			old := files(t, dir)
			reopen(t, dir)
			reopen(t, dir)
			for name, content := range old {
				put(t, dir, name, content)
			}
		}, false}, // shows itself to the peers, not here
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			tt.then(t, dir)
			for i := range 3 {
				if got := reopen(t, dir); got != tt.want {
					t.Fatalf("open %d: rolled back %v, want %v", i+1, got, tt.want)
				}
			}
		})
	}
}

// TestInterruptedUnlocks: unlocks that stop between their two steps, again and again,
// never look like a rollback.
func TestInterruptedUnlocks(t *testing.T) {
	dir, _ := profile(t)
	v, err := vault.Open(filepath.Join(dir, vaultFile), "p")
	if err != nil {
		t.Fatal(err)
	}
	u := unlocks{path: filepath.Join(dir, unlocksFile), key: v.Key("unlocks")}
	for range 3 {
		n, err := u.read()
		if err != nil {
			t.Fatal(err)
		}
		if err := u.write(n + 1); err != nil { // the first step of an unlock
			t.Fatal(err)
		}
		if reopen(t, dir) {
			t.Fatal("taken for a rollback")
		}
	}
}
