package storage

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"maps"
	"regexp"
	"strings"
	"testing"
)

//go:embed schema.sql
var schema string

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
		all[name] = strings.ReplaceAll(space.ReplaceAllString(comment.ReplaceAllString(text, ""), " "), " )", ")")
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
