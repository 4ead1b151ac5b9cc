package storage

import (
	"context"
	"strings"
	"unicode"

	"tacit/app"
)

// Search implements app.ReadTx. It asks the index, and the messages that are not in it
// yet through an index of their own, made in memory for this one question: so both
// agree on what a word is.
func (t *tx) Search(query string, limit int) ([]app.Message, error) {
	match := expression(query)
	if match == "" || limit <= 0 {
		return nil, nil
	}
	tail, err := t.searchTail(match, limit)
	if err != nil || len(tail) == limit {
		return tail, err
	}
	indexed, err := all(t.s, scanMessage, "SELECT "+messageColumns+` FROM messages m WHERE id IN
		(SELECT rowid FROM main.message_index WHERE message_index MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY id DESC`,
		match, limit-len(tail))
	return append(tail, indexed...), err
}

const createTail = `CREATE VIRTUAL TABLE IF NOT EXISTS temp.tail USING fts5(
	text, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 2')`

// searchTail searches the messages above meta.indexed.
func (t *tx) searchTail(match string, limit int) ([]app.Message, error) {
	after, err := t.s.meta("indexed")
	if err != nil {
		return nil, err
	}
	last, err := t.s.lastMessage()
	if err != nil || last <= after {
		return nil, err
	}
	if _, err := t.s.exec(createTail); err != nil {
		return nil, err
	}
	if _, err := t.s.exec("INSERT INTO temp.tail (rowid, text) SELECT id, text FROM main.messages WHERE id > ?", after); err != nil {
		return nil, err
	}
	found, err := all(t.s, scanMessage, "SELECT "+messageColumns+` FROM main.messages m WHERE id IN
		(SELECT rowid FROM temp.tail WHERE tail MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY id DESC`, match, limit)
	if _, err2 := t.s.exec("INSERT INTO temp.tail (tail) VALUES ('delete-all')"); err == nil {
		err = err2
	}
	return found, err
}

// expression turns a query into one of FTS5: every word, quoted, as the beginning of a
// word. What is no letter, mark or number separates words, as it does in the index, so
// nothing of the query is left that could be an operator. "" where no word remains.
func expression(query string) string {
	words := strings.FieldsFunc(query, func(r rune) bool {
		return r == unicode.ReplacementChar || !unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Co)
	})
	var b strings.Builder
	for _, w := range words {
		if !strings.ContainsFunc(w, func(r rune) bool { return !unicode.Is(unicode.M, r) }) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + w + `"*`)
	}
	return b.String()
}

// Unindexed returns how far the search index lags behind, in messages at most. What is
// found does not depend on it; how fast does, which measurements take into account.
func (s *Store) Unindexed(ctx context.Context) (int64, error) {
	if err := s.take(ctx); err != nil {
		return 0, err
	}
	defer s.give()
	after, err := s.meta("indexed")
	if err != nil {
		return 0, convert(err, s.fault())
	}
	last, err := s.lastMessage()
	return max(last-after, 0), convert(err, s.fault())
}

// indexBatch adds the oldest messages that are not indexed to the index and returns
// how many. Its caller has the turn.
func (s *Store) indexBatch() (int, error) {
	after, err := s.meta("indexed")
	if err != nil {
		return 0, err
	}
	ids, err := all(s, scanInt, "SELECT id FROM messages WHERE id > ? ORDER BY id LIMIT ?", after, indexBatch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	upTo := ids[len(ids)-1]
	return len(ids), s.transact(func() error {
		if _, err := s.exec("INSERT INTO message_index (rowid, text) SELECT id, text FROM messages WHERE id > ? AND id <= ?", after, upTo); err != nil {
			return err
		}
		return s.setMeta("indexed", upTo)
	})
}
