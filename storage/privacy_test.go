package storage

import (
	"bytes"
	"context"
	"errors"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity/envelope"
)

// secrets are byte strings that no file of a profile may hold.
func secrets(c app.ContactRecord, p app.ProfileRecord) map[string][]byte {
	return map[string][]byte{
		"own name":           []byte(p.Name),
		"root":               p.Root[:],
		"their name":         []byte(c.TheirName),
		"alias":              []byte(c.Alias),
		"bundle":             c.Bundle[600:632],
		"reset secret":       c.ResetSecret[:],
		"text":               []byte("Meet me at the old lighthouse"),
		"word of the index":  []byte("lighthouse"),
		"session":            []byte("the ratchet's state"),
		"setting":            []byte("window-width"),
		"earlier text":       []byte("Meet me nowhere at all"),
		"emoji":              []byte("🎉"),
		"file's name":        []byte("holiday in Wengen.png"),
		"file's key":         bytes.Repeat([]byte{0x6E}, 32),
		"draft":              []byte("not said yet"),
		"saying":             []byte("a remark under way"),
		"box":                bytes.Repeat([]byte{0xA7}, 32),
		"SQLite's own words": []byte("CREATE TABLE"),
		"SQLite's magic":     []byte("SQLite format 3"),
	}
}

// TestNothingReadable searches every file of a profile, open and closed, for what was
// stored, and expects lengths that say nothing.
func TestNothingReadable(t *testing.T) {
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "profile")
	s, err := cheap.Create(ctx, dir, "the passphrase")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	p := app.ProfileRecord{Root: [32]byte(bytes.Repeat([]byte{0xC3}, 32)), Name: "Alma Schindler", CreatedAt: now}
	c := app.ContactRecord{
		Bundle: bytes.Repeat([]byte{0x5B}, 1249), TheirName: "Gustav Klimt", Alias: "the painter",
		ResetSecret: [32]byte(bytes.Repeat([]byte{0xD1}, 32)), MetAt: now,
	}
	err = s.Update(ctx, func(tx app.Tx) error {
		id, err := tx.AddContact(c)
		if err != nil {
			return err
		}
		var errs []error
		for range 500 {
			m := app.Message{Contact: id, Text: "Meet me at the old lighthouse", At: now, State: app.StateReceived}
			_, err := tx.AddMessage(m)
			errs = append(errs, err)
		}
		m, err := tx.AddMessage(app.Message{Contact: id, Own: true, Text: "Meet me nowhere at all", At: now, State: app.StateQueued})
		_, err2 := tx.AddSaying(app.Saying{Contact: id, Kind: 4, Body: []byte("a remark under way"), At: now})
		errs = append(errs, err, err2, tx.SetMessageText(m, "Meet me at the old lighthouse", 1, now),
			tx.SetReaction(m, app.Reaction{Emoji: "🎉", At: now}, true),
			tx.AddFile(app.FileRecord{Message: m, File: envelope.File{Key: [32]byte(bytes.Repeat([]byte{0x6E}, 32))}, Name: "holiday in Wengen.png"}),
			tx.SetChat(app.ChatRecord{Contact: id, Draft: "not said yet"}))
		return errors.Join(append(errs, tx.SetProfile(p), tx.SetSession(id, []byte("the ratchet's state")),
			tx.SetSetting("window-width", []byte("900")),
			tx.AddOutbox(app.OutboxRecord{Contact: id, Seq: 1, Box: bytes.Repeat([]byte{0xA7}, 4080), At: now}))...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.IndexAll(); err != nil {
		t.Fatal(err)
	}
	search := func(when string) {
		t.Helper()
		for name, content := range files(t, dir) {
			for what, secret := range secrets(c, p) {
				if strings.Contains(content, string(secret)) {
					t.Errorf("%s: %s holds the %s in plain", when, name, what)
				}
			}
			if n := uint(len(content)); strings.HasPrefix(name, "store") && (n < 4<<20 || bits.OnesCount(n) != 1) {
				t.Errorf("%s: %s has %d bytes", when, name, n)
			}
		}
		private(t, dir)
	}
	search("open")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	search("closed")
}

// private expects that nobody but the owner can look into the profile.
func private(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", d.Name(), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLengthsSayNothing: profiles with one contact and with fifty look alike.
func TestLengthsSayNothing(t *testing.T) {
	lengths := func(contacts int) map[string]int {
		dir := t.TempDir()
		s, err := cheap.Create(context.Background(), dir, "p")
		if err != nil {
			t.Fatal(err)
		}
		for range contacts {
			addContact(t, s)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for name, content := range files(t, dir) {
			n[name] = len(content)
		}
		return n
	}
	one, fifty := lengths(1), lengths(50)
	if len(one) != len(fifty) {
		t.Fatalf("files %v and %v", one, fifty)
	}
	for name, n := range one {
		if fifty[name] != n {
			t.Errorf("%s has %d bytes with one contact and %d with fifty", name, n, fifty[name])
		}
	}
}
