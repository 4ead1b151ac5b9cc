package storage

import (
	"context"
	"errors"
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
		"StoreOneBehind": {func(t *testing.T, dir string) {
			old := files(t, dir)["store"]
			reopen(t, dir)
			put(t, dir, "store", old)
		}, true},
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

// TestSettledRollback: a rollback is told at every opening until what follows from it is
// durable, and again when an older copy is put back after that.
func TestSettledRollback(t *testing.T) {
	dir, c := profile(t)
	ctx := context.Background()
	old := files(t, dir)["store"]
	reopen(t, dir)
	reopen(t, dir)
	put(t, dir, "store", old)
	settle := func(fail error) {
		t.Helper()
		s, err := cheap.Open(ctx, dir, "p")
		if err != nil {
			t.Fatal(err)
		}
		err = s.Update(ctx, func(tx app.Tx) error {
			if err := tx.SetSession(c, []byte("anew")); err != nil {
				return err
			}
			if err := tx.SettleRollback(); err != nil {
				return err
			}
			return fail
		})
		if !errors.Is(err, fail) {
			t.Fatalf("update: %v, want %v", err, fail)
		}
		if !s.RolledBack() {
			t.Error("the run in which it was settled does not say that it was rolled back")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	settle(errors.New("undone"))
	if !reopen(t, dir) {
		t.Fatal("settled by an update that was undone")
	}
	settle(nil)
	if reopen(t, dir) {
		t.Fatal("rolled back after it was settled")
	}
	put(t, dir, "store", old)
	if !reopen(t, dir) {
		t.Fatal("the older copy was not noticed a second time")
	}
}

// TestInterruptedUnlocks: unlocks that stop between two of their three steps, again and
// again, never look like a rollback, nor hide one.
func TestInterruptedUnlocks(t *testing.T) {
	dir, _ := profile(t)
	v, err := vault.Open(filepath.Join(dir, vaultFile), "p")
	if err != nil {
		t.Fatal(err)
	}
	u := unlocks{path: filepath.Join(dir, unlocksFile), key: v.Key("unlocks")}
	step := func(n int) {
		t.Helper()
		at, err := u.read()
		if err != nil {
			t.Fatal(err)
		}
		if err := u.write(at + uint64(n)); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		step(1) // only the file's first step was durable
		if reopen(t, dir) {
			t.Fatal("the first step alone is taken for a rollback")
		}
		step(-1) // all but the file's last one
		if reopen(t, dir) {
			t.Fatal("the first two steps are taken for a rollback")
		}
	}
	old := files(t, dir)["store"]
	reopen(t, dir)
	step(-1)
	reopen(t, dir)
	put(t, dir, "store", old)
	step(1)
	if !reopen(t, dir) {
		t.Fatal("interrupted steps hide a rollback")
	}
}
