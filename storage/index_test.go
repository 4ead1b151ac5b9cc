package storage

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/fold"
)

// still returns a plain store whose index is filled by the test alone.
func still(t *testing.T) *Store {
	t.Helper()
	s, err := plain.Create(context.Background(), t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.keeper.stop()
	return s
}

var vocabulary = []string{
	"harbour", "harbours", "harbourmaster", "quiet", "quite", "café", "CAFÉ", "مدرسة", "مُدَرِّسة", "الساعة", "東京都", "京都", "東", "🎉", "don't", "a", "été",
}

func someText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(vocabulary[r.IntN(len(vocabulary))] + " ")
	}
	return b.String()
}

// TestIndexFollows: whatever happens to messages, and however far the index is, a search
// finds what a look at every text finds, in the same order.
func TestIndexFollows(t *testing.T) {
	for seed := range uint64(4) {
		s, r := still(t), rand.New(rand.NewPCG(seed, 1))
		var chats []app.ContactID
		for range 3 {
			chats = append(chats, addContact(t, s))
		}
		for step := range 400 {
			change(t, s, func(tx app.Tx) error { return someChange(tx, r, &chats) })
			if step%7 == 0 {
				s.alone(func() {
					if err := errors.Join(second(s.indexBatch()), second(s.mergeIndex())); err != nil {
						t.Fatal(err)
					}
				})
			}
			if step%150 == 149 { // as after a contact with many messages went
				s.alone(func() {
					if err := s.transact(s.resetIndex); err != nil {
						t.Fatal(err)
					}
				})
			}
			if step%20 == 0 {
				compareSearch(t, s, r, chats)
			}
		}
		if err := s.IndexAll(); err != nil {
			t.Fatal(err)
		}
		compareSearch(t, s, r, chats)
		s.alone(func() {
			if _, err := s.exec("INSERT INTO message_index (message_index) VALUES ('integrity-check')"); err != nil {
				t.Error(err)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// someChange adds, edits, deletes or removes a message, or hides, shows or removes a chat.
func someChange(tx app.Tx, r *rand.Rand, chats *[]app.ContactID) error {
	c := (*chats)[r.IntN(len(*chats))]
	list, err := tx.Messages(c, 0, 1000)
	if err != nil {
		return err
	}
	now := time.UnixMilli(1763800000000)
	what := r.IntN(100)
	if what < 50 || len(list) == 0 {
		_, err := tx.AddMessage(app.Message{Contact: c, Text: someText(r), SentAt: now, At: now, State: app.StateReceived, StateAt: now})
		return err
	}
	id := list[r.IntN(len(list))].ID
	switch {
	case what < 70:
		return tx.SetMessageText(id, someText(r), 1, now)
	case what < 80:
		return tx.SetMessageDeleted(id)
	case what < 94:
		return tx.RemoveMessage(id)
	case what < 98:
		return tx.SetChat(app.ChatRecord{Contact: c, ChatMarks: app.ChatMarks{Hidden: r.IntN(2) == 0}})
	}
	*chats = slices.DeleteFunc(*chats, func(o app.ContactID) bool { return o == c })
	another, err := tx.AddContact(app.ContactRecord{})
	*chats = append(*chats, another)
	return errors.Join(err, tx.RemoveContact(c))
}

func compareSearch(t *testing.T, s *Store, r *rand.Rand, chats []app.ContactID) {
	t.Helper()
	q := app.SearchQuery{Text: someText(r), Hidden: r.IntN(2) == 0, Limit: 1 + r.IntN(30)}
	if word := []rune(strings.Fields(q.Text)[0]); r.IntN(2) == 0 {
		q.Text = string(word[:1+r.IntN(len(word))])
	}
	if r.IntN(3) == 0 {
		q.Contact = chats[r.IntN(len(chats))]
	}
	var got, want []string
	err := s.View(context.Background(), func(tx app.ReadTx) (err error) {
		hits, err := tx.SearchMessages(q)
		for _, h := range hits {
			got = append(got, fmt.Sprint(h.Message.ID, " ", h.Score, " ", h.Message.Text))
		}
		want = bySight(t, tx, q, chats)
		return err
	})
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%+v, %v:\n got %q\nwant %q", q, err, got, want)
	}
}

// bySight searches by looking at every text.
func bySight(t *testing.T, tx app.ReadTx, q app.SearchQuery, chats []app.ContactID) (found []string) {
	var all []app.Hit
	query := fold.Parse(q.Text)
	for _, c := range chats {
		chat, err := tx.Chat(c)
		list, err2 := tx.MessagesAfter(c, 0, 10_000)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			if match, ok := query.Match(m.Text); ok && (q.Contact == 0 || q.Contact == c) && (q.Hidden || !chat.Hidden) {
				all = append(all, app.Hit{Message: m, Score: float64(match.Score())})
			}
		}
	}
	slices.SortFunc(all, func(a, b app.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Message.ID, a.Message.ID))
	})
	for _, h := range all[:min(len(all), q.Limit)] {
		found = append(found, fmt.Sprint(h.Message.ID, " ", h.Score, " ", h.Message.Text))
	}
	return found
}

// TestIndexForgets: of a text that was edited, deleted or removed, no block of the index
// keeps a word.
func TestIndexForgets(t *testing.T) {
	s := still(t)
	c := addContact(t, s)
	var ids []app.MessageID
	change(t, s, func(tx app.Tx) error {
		for i := range 3 * indexBatch {
			m := app.Message{Contact: c, Text: fmt.Sprintf("word%d among the others", i%97), State: app.StateReceived}
			if i%300 == 10 {
				m.Text = "lighthouse keeper"
			}
			id, err := tx.AddMessage(m)
			if err != nil {
				return err
			}
			if i%300 == 10 {
				ids = append(ids, id)
			}
		}
		return nil
	})
	if err := s.IndexAll(); err != nil {
		t.Fatal(err)
	}
	if n := blocksWith(t, s, "lighthouse"); n == 0 {
		t.Fatal("the index never held the word")
	}
	change(t, s, func(tx app.Tx) error {
		errs := []error{tx.SetMessageText(ids[0], "nothing", 1, time.Now()), tx.SetMessageDeleted(ids[1])}
		for _, id := range ids[2:] {
			errs = append(errs, tx.RemoveMessage(id))
		}
		return errors.Join(errs...)
	})
	for _, word := range []string{"lighthouse", "ighthouse", "keeper"} {
		if n := blocksWith(t, s, word); n != 0 {
			t.Errorf("%d blocks of the index hold %q", n, word)
		}
	}
}

// blocksWith counts the blocks of the index that hold a word.
func blocksWith(t *testing.T, s *Store, word string) (n int) {
	t.Helper()
	s.alone(func() {
		blocks, err := all(s, scanBytes, "SELECT block FROM message_index_data")
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			if bytes.Contains(b, []byte(word)) {
				n++
			}
		}
	})
	return n
}

// TestIndexAnew: an index that another way of folding made is made anew, the newest first,
// and while it is, what is new is found.
func TestIndexAnew(t *testing.T) {
	s := still(t)
	c := addContact(t, s)
	for i := range 2*indexBatch + 5 {
		if err := say(s, c, fmt.Sprint("number n", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.IndexAll(); err != nil {
		t.Fatal(err)
	}
	s.alone(func() {
		if err := errors.Join(s.setMeta("folded", 0), s.renewIndex()); err != nil {
			t.Fatal(err)
		}
	})
	if n := blocksWith(t, s, "number"); n != 0 {
		t.Fatalf("%d blocks hold words of the index before", n)
	}
	last := 2*indexBatch + 4
	for batch := range 4 {
		for _, i := range []int{0, 3, last - indexBatch, last} {
			if got := found(t, s, fmt.Sprint("n", i, " number"), 1); len(got) != 1 || got[0] != fmt.Sprint("number n", i) {
				t.Fatalf("after %d batches n%d finds %q", batch, i, got)
			}
		}
		var lowest []int64
		s.alone(func() {
			var err error
			if lowest, err = all(s, scanInt, "SELECT rowid FROM message_index WHERE message_index MATCH 'number' ORDER BY rowid LIMIT 1"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.indexBatch(); err != nil {
				t.Fatal(err)
			}
		})
		if batch == 1 && (len(lowest) == 0 || lowest[0] < int64(last-indexBatch)) {
			t.Fatalf("the first batch holds %v, not the newest", lowest)
		}
	}
}

// TestWholeWordsFirst: what has the word itself is found although more messages than are
// ranked only begin with it, and are newer.
func TestWholeWordsFirst(t *testing.T) {
	s := still(t)
	c := addContact(t, s)
	change(t, s, func(tx app.Tx) error {
		texts := []string{"fine art here", "art and more", "the old art school"}
		for range maxCandidates + 10 {
			texts = append(texts, "artists")
		}
		for _, text := range texts {
			if _, err := tx.AddMessage(app.Message{Contact: c, Text: text, State: app.StateReceived}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := s.IndexAll(); err != nil {
		t.Fatal(err)
	}
	if got, want := found(t, s, "art", 4), []string{"the old art school", "art and more", "fine art here", "artists"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if got, want := found(t, s, "old art", 1), []string{"the old art school"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
