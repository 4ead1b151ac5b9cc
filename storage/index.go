package storage

import (
	"context"
	"database/sql"
	"strconv"

	"tacit/app"
	"tacit/app/fold"
)

// The search index holds the messages with indexed_from < id <= indexed, two numbers of
// meta: it grows at its upper end, by what is new, and at its lower one where it is made
// anew, so that the newest messages are found first. Nothing of a text is in it but its
// terms, and these are needed again to take a message out, so an entry must always be that
// of the text in messages.

// indexEntry returns what the index holds of a message: the terms of its text, and one that names
// its chat, of a kind that no text has. "" for what no search can find.
func indexEntry(contact app.ContactID, text string) string {
	terms := fold.Terms(text)
	if terms == "" {
		return ""
	}
	return terms + " " + chatTerm(contact)
}

// chatTerm begins with a rune for private use, which folding takes out of texts.
func chatTerm(c app.ContactID) string { return "\ue000" + strconv.FormatInt(int64(c), 36) }

// span is which messages are in the index: from < id <= upTo.
type span struct{ from, upTo int64 }

func (s *Store) indexed() (n span, err error) {
	if n.upTo, err = s.meta("indexed"); err == nil {
		n.from, err = s.meta("indexed_from")
	}
	return n, err
}

// reindex changes the text of a message in the index, where the message is in it.
func (t *tx) reindex(m app.Message, text string) error {
	n, err := t.s.indexed()
	if err != nil || int64(m.ID) <= n.from || int64(m.ID) > n.upTo {
		return err
	}
	before, after := indexEntry(m.Contact, m.Text), indexEntry(m.Contact, text)
	if before == after {
		return nil
	}
	if before != "" {
		if _, err := t.s.exec("INSERT INTO message_index (message_index, rowid, terms) VALUES ('delete', ?, ?)", int64(m.ID), before); err != nil {
			return err
		}
	}
	if after == "" {
		return nil
	}
	return t.s.index(int64(m.ID), after)
}

func (s *Store) index(id int64, terms string) error {
	_, err := s.exec("INSERT INTO message_index (rowid, terms) VALUES (?, ?)", id, terms)
	return err
}

// resetIndex empties the index, which is then made anew in batches.
func (s *Store) resetIndex() error {
	if _, err := s.exec("INSERT INTO message_index (message_index) VALUES ('delete-all')"); err != nil {
		return err
	}
	last, err := s.lastMessage()
	if err != nil {
		return err
	}
	if err := s.setMeta("indexed", last); err != nil {
		return err
	}
	return s.setMeta("indexed_from", last)
}

// unindexChat takes the messages of a chat out of the index.
func (t *tx) unindexChat(c app.ContactID) error {
	n, err := t.MessageCount(c)
	if err != nil {
		return err
	}
	if n > maxUnindexed {
		return t.s.resetIndex()
	}
	list, err := t.MessagesAfter(c, 0, n)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := t.reindex(m, ""); err != nil {
			return err
		}
	}
	return nil
}

// renewIndex empties an index that another way of folding made.
func (s *Store) renewIndex() error {
	version, err := s.meta("folded")
	if err != nil || version == fold.Version {
		return err
	}
	return s.transact(func() error {
		if err := s.resetIndex(); err != nil {
			return err
		}
		return s.setMeta("folded", fold.Version)
	})
}

// Unindexed returns how far the search index lags behind, in messages at most. What is
// found depends on it only where it is more than maxScan; how fast does always, which
// measurements take into account.
func (s *Store) Unindexed(ctx context.Context) (int64, error) {
	if err := s.take(ctx); err != nil {
		return 0, err
	}
	defer s.give()
	n, err := s.indexed()
	if err != nil {
		return 0, convert(err, s.fault())
	}
	last, err := s.lastMessage()
	return max(last-n.upTo, 0) + n.from, convert(err, s.fault())
}

// indexBatch adds the oldest of the new messages to the index, or else the newest of the
// old ones, and returns how many. Its caller has the turn.
func (s *Store) indexBatch() (int, error) {
	n, err := s.indexed()
	if err != nil {
		return 0, err
	}
	rows, err := s.toIndex("SELECT id, contact, text FROM messages WHERE id > ? ORDER BY id LIMIT ?", n.upTo)
	if err != nil {
		return 0, err
	}
	if len(rows) > 0 {
		n.upTo = rows[len(rows)-1].id
	} else if n.from > 0 {
		rows, err = s.toIndex(`SELECT * FROM (SELECT id, contact, text FROM messages WHERE id <= ? ORDER BY id DESC LIMIT ?) ORDER BY id`, n.from)
		if err != nil {
			return 0, err
		}
		n.from = 0
		if len(rows) == indexBatch {
			n.from = rows[0].id - 1
		}
	} else {
		return 0, nil
	}
	return len(rows), s.transact(func() error {
		for _, r := range rows {
			if e := indexEntry(r.contact, r.text); e != "" {
				if err := s.index(r.id, e); err != nil {
					return err
				}
			}
		}
		if err := s.setMeta("indexed", n.upTo); err != nil {
			return err
		}
		return s.setMeta("indexed_from", n.from)
	})
}

type unindexed struct {
	id      int64
	contact app.ContactID
	text    string
}

func (s *Store) toIndex(query string, bound int64) ([]unindexed, error) {
	return all(s, func(r *sql.Rows) (u unindexed, err error) {
		err = r.Scan(&u.id, &u.contact, &u.text)
		return u, err
	}, query, bound, indexBatch)
}

// mergeIndex joins some of the pieces that batches leave in the index, and reports whether
// there may be more to do. Its caller has the turn.
func (s *Store) mergeIndex() (more bool, err error) {
	before, err := one(s, scanInt, "SELECT total_changes()")
	if err != nil {
		return false, err
	}
	err = s.transact(func() error {
		_, err := s.exec("INSERT INTO message_index (message_index, rank) VALUES ('merge', ?)", mergePages)
		return err
	})
	if err != nil {
		return false, err
	}
	after, err := one(s, scanInt, "SELECT total_changes()")
	return after-before >= 2, err // FTS5 says so of a merge that did nothing
}
