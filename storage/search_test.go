package storage

import (
	"context"
	"fmt"
	"testing"

	"tacit/app"
	"tacit/app/fold"
)

func found(t *testing.T, s *Store, query string, limit int) (texts []string) {
	t.Helper()
	err := s.View(context.Background(), func(tx app.ReadTx) error {
		hits, err := tx.SearchMessages(app.SearchQuery{Text: query, Limit: limit})
		for _, h := range hits {
			texts = append(texts, h.Message.Text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestIndexBehind: what is in the index, what is not yet, and both together are found
// alike, in one order.
func TestIndexBehind(t *testing.T) {
	s, err := Options{Plain: true}.Create(context.Background(), t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.keeper.stop() // the test decides when the index is filled
	c := addContact(t, s)
	for i := range indexBatch + 20 {
		if err := say(s, c, fmt.Sprintf("number n%d of many", i)); err != nil {
			t.Fatal(err)
		}
	}
	last := indexBatch + 19
	want := func(when string) {
		t.Helper()
		if got := found(t, s, "many", 10000); len(got) != last+1 || got[0] != fmt.Sprintf("number n%d of many", last) || got[last] != "number n0 of many" {
			t.Fatalf("%s: %d found, want %d from newest to oldest", when, len(got), last+1)
		}
		if got := found(t, s, "n3 number", 1); len(got) != 1 {
			t.Fatalf("%s: found %q", when, got)
		}
		if got := found(t, s, fmt.Sprint("n", last), 5); len(got) != 1 {
			t.Fatalf("%s: newest: found %q", when, got)
		}
	}
	want("before")
	for _, n := range []int{indexBatch, 20, 0} {
		if got, err := s.indexBatch(); err != nil || got != n {
			t.Fatalf("indexed %d, %v; want %d", got, err, n)
		}
		want("after a batch")
	}
	if err := s.Update(context.Background(), func(tx app.Tx) error { return tx.RemoveContact(c) }); err != nil {
		t.Fatal(err)
	}
	if n, err := all(s, scanInt, "SELECT rowid FROM message_index WHERE message_index MATCH 'many'"); err != nil || len(n) != 0 {
		t.Fatalf("%d messages stayed in the index, %v", len(n), err)
	}
}

func TestExpression(t *testing.T) {
	for _, tt := range []struct {
		query  string
		whole  bool
		chat   app.ContactID
		hidden []int64
		want   string
	}{
		{"one  two\tthree", false, 0, nil, `"one"* AND "two"* AND "three"*`},
		{"one two", true, 0, nil, `"one" AND "two"`},
		{`"a" OR (b) NOT*`, false, 0, nil, `"a"* AND "or"* AND "b"* AND "not"*`},
		{"café", false, 36, []int64{1}, `"cafe"* AND "` + "\ue00010" + `"`},
		{"a b", true, 0, []int64{1, 35}, `("a" AND "b") NOT ("` + "\ue0001" + `" OR "` + "\ue000z" + `")`},
		{"東京都", false, 0, nil, `"東京" AND "京都"`},
	} {
		if got := expression(fold.Parse(tt.query).Terms(tt.whole), tt.chat, tt.hidden); got != tt.want {
			t.Errorf("expression(%q) = %s, want %s", tt.query, got, tt.want)
		}
	}
}
