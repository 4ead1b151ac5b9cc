package storage

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tacit/app"
	"tacit/identity"
)

//go:embed schema.sql
var schema string

var layout = strings.NewReplacer(" )", ")", " ,", ",")

// objects returns the statements of a schema by name, without comments and layout.
func objects(t *testing.T, query func(string) (*sql.Rows, error)) map[string]string {
	t.Helper()
	rows, err := query("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	comment, space := regexp.MustCompile(`--[^\n]*`), regexp.MustCompile(`\s+`)
	all := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		all[name] = layout.Replace(space.ReplaceAllString(comment.ReplaceAllString(text, ""), " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSchema: schema.sql is what the migrations make.
func TestSchema(t *testing.T) {
	s, err := Options{Plain: true}.Create(context.Background(), t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var migrated map[string]string
	s.alone(func() {
		migrated = objects(t, func(q string) (*sql.Rows, error) { return s.conn.QueryContext(context.Background(), q) })
	})

	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	written := objects(t, func(q string) (*sql.Rows, error) { return db.Query(q) })
	for name := range maps.Keys(written) {
		if migrated[name] != written[name] {
			t.Errorf("%s:\n migrations: %s\n schema.sql: %s", name, migrated[name], written[name])
		}
	}
	for name := range maps.Keys(migrated) {
		if _, ok := written[name]; !ok {
			t.Errorf("%s is missing in schema.sql", name)
		}
	}
}

// TestNewerSchema: a profile of a newer version is refused.
func TestNewerSchema(t *testing.T) {
	dir, _ := profile(t)
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	s.alone(func() { _, err = s.exec("PRAGMA user_version = 1000") })
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := cheap.Open(context.Background(), dir, "p"); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Fatalf("open: %v", err)
	}
}

// TestOlderSchema: what a profile of the first schema held is there after the migrations.
func TestOlderSchema(t *testing.T) {
	dir := t.TempDir()
	first, err := migrations.ReadFile("migrations/0001_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(string(first) + `
		PRAGMA user_version = 1;
		INSERT INTO contacts VALUES (1, x'01', 'Ann', '', 3, 0, 'codes', 5, 1, 0, zeroblob(32), 0);
		INSERT INTO counters (contact, messages, unread) VALUES (1, 1, 1);
		INSERT INTO boxes VALUES (1, x'05');
		INSERT INTO outbox VALUES (1, 1, zeroblob(16), 0, 5, 1);
		INSERT INTO cards VALUES (x'000102030405060708090a0b0c0d0e0f', 0, 5, 1, x'', 6);
		INSERT INTO messages VALUES (1, 1, 0, 'hello', 6, 7, 'received', '', 7, 1, NULL);
		INSERT INTO message_index (rowid, text) VALUES (1, 'hello');
		INSERT INTO meta VALUES ('indexed', 1);`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := Options{Plain: true}.Open(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(context.Background(), func(tx app.ReadTx) error {
		head, err := tx.ChatHead(1)
		if err == nil && (head.Last == nil || head.Last.Text != "hello" || head.Last.Notice != app.NoticeNone || head.Unread != 1) {
			t.Errorf("the chat after the migrations: %+v", head)
		}
		cards, err2 := tx.Cards() // its row had the invitation itself
		old := identity.Card{Invite: [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}
		if err2 == nil && (len(cards) != 1 || cards[0].InviteHash != old.InviteHash() || !cards[0].Used) {
			t.Errorf("the cards after the migrations: %d", len(cards))
		}
		hits, err3 := tx.SearchMessages(app.SearchQuery{Text: "HÉLLO", Limit: 1})
		if err3 == nil && (len(hits) != 1 || hits[0].Message.ID != 1) {
			t.Errorf("%d messages were found after the migrations", len(hits))
		}
		c, err4 := tx.Contact(1)
		boxes, err5 := tx.Outbox(1, 0, 2)
		if c.Hide || len(boxes) != 1 || !boxes[0].HeldAt.IsZero() {
			t.Errorf("nodes have something to do with it: %d boxes", len(boxes))
		}
		return errors.Join(err, err2, err3, err4, err5)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.IndexAll(); err != nil {
		t.Fatal(err)
	}
	s.alone(func() {
		old, err := all(s, scanInt, "SELECT rowid FROM message_index WHERE message_index MATCH 'hello'")
		if n, err2 := s.indexed(); len(old) != 1 || err != nil || err2 != nil || n != (span{0, 1}) {
			t.Errorf("the index has %v, %+v, %v, %v", old, n, err, err2)
		}
	})
}
