package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tacit/app"
)

const asideText = "a cell that somebody left here"

// fillAside makes a table aside and leaves something in it.
func fillAside(t *testing.T, db *sql.DB) {
	t.Helper()
	if _, err := db.Exec("CREATE TABLE cells (cell BLOB); INSERT INTO cells VALUES (?)", []byte(asideText)); err != nil {
		t.Fatal(err)
	}
}

// wantAside expects what fillAside left.
func wantAside(t *testing.T, db *sql.DB) {
	t.Helper()
	var got []byte
	if err := db.QueryRow("SELECT cell FROM cells").Scan(&got); err != nil || string(got) != asideText {
		t.Errorf("aside is %q, %v", got, err)
	}
}

func openAside(t *testing.T, s *Store) *sql.DB {
	t.Helper()
	db, err := s.Aside(context.Background(), MailboxAside)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// TestAside: what lies aside is there again at the next start, can be read by nobody else, and
// its length says nothing; the profile beside it is its own.
func TestAside(t *testing.T) {
	for name, o := range map[string]Options{"Encrypted": cheap, "Plain": plain} {
		t.Run(name, func(t *testing.T) {
			ctx, dir := context.Background(), t.TempDir()
			s, err := o.Create(ctx, dir, "p")
			if err != nil {
				t.Fatal(err)
			}
			first := openAside(t, s)
			fillAside(t, first)
			second := openAside(t, s) // closes the first
			wantAside(t, second)
			if err := first.Ping(); err == nil {
				t.Error("two hold it at one time")
			}
			change(t, s, func(tx app.Tx) error { return tx.SetSetting("k", []byte("v")) })
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if err := second.Ping(); err == nil {
				t.Error("it outlives the profile")
			}
			if _, err := s.Aside(ctx, MailboxAside); !errors.Is(err, app.ErrClosed) {
				t.Errorf("after the end: %v", err)
			}
			if s, err = o.Open(ctx, dir, "p"); err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			wantAside(t, openAside(t, s))
			if _, err := s.Aside(ctx, storeFile); !errors.Is(err, app.ErrNotFound) {
				t.Errorf("the profile itself: %v", err)
			}
		})
	}
}

// TestAsideIsSealed searches the folder for what lies aside, while it is open and afterwards.
func TestAsideIsSealed(t *testing.T) {
	dir := t.TempDir()
	s, err := cheap.Create(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db := openAside(t, s)
	fillAside(t, db)
	look := func() {
		t.Helper()
		found, _ := filepath.Glob(filepath.Join(dir, MailboxAside+"*"))
		if len(found) == 0 {
			t.Error("nothing lies aside")
		}
		for _, path := range found {
			b, err := os.ReadFile(path)
			if err != nil || bytes.Contains(b, []byte(asideText)) || bytes.Contains(b, []byte("SQLite format 3")) {
				t.Errorf("%s can be read, %v", filepath.Base(path), err)
			}
			if n := len(b); n < 4<<20 || bits.OnesCount(uint(n)) != 1 {
				t.Errorf("%s is %d bytes long", filepath.Base(path), n)
			}
		}
	}
	look()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	look()
}

// TestDamagedAside: it is refused, as it is, and the profile is none the worse.
func TestDamagedAside(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s, err := cheap.Create(ctx, dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	fillAside(t, openAside(t, s))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, MailboxAside)
	if err := os.WriteFile(path, []byte(strings.Repeat("noise", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = cheap.Open(ctx, dir, "p"); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Aside(ctx, MailboxAside); !errors.Is(err, app.ErrDamaged) {
		t.Errorf("a damaged one: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(b, []byte("noise")) {
		t.Errorf("what was there was touched, %v", err)
	}
}
