package storage

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"

	"tacit/app"
	"tacit/app/fold"
)

// SearchMessages implements app.ReadTx. The index and a look at the messages that are not in it yet give
// candidates, newest first; their texts decide. What is read of them is bounded by
// maxCandidates and maxScan, and the work of the index is a few microseconds for each
// thousand of messages: so whoever waits for the store does not wait long.
func (t *tx) SearchMessages(q app.SearchQuery) ([]app.Hit, error) {
	query := fold.Parse(q.Text)
	if query.Empty() || q.Limit <= 0 {
		return nil, nil
	}
	k, err := t.candidates(q, query)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(k.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.id, a.id))
	})
	best := k.found[:min(len(k.found), q.Limit)]
	ids := make([]int64, len(best))
	for i, c := range best {
		ids[i] = c.id
	}
	messages, err := t.byID(ids)
	if err != nil {
		return nil, err
	}
	var hits []app.Hit
	for _, c := range best {
		hits = append(hits, app.Hit{Message: messages[c.id], Score: float64(c.score)})
	}
	return hits, nil
}

// candidate is a message that fits a query.
type candidate struct {
	id    int64
	score int
}

// candidates are those of one search.
type candidates struct {
	query fold.Query
	found []candidate
	seen  map[int64]bool
}

func (k *candidates) consider(id int64, text string) {
	if k.seen[id] {
		return
	}
	k.seen[id] = true
	if m, ok := k.query.Match(text); ok {
		k.found = append(k.found, candidate{id, m.Score()})
	}
}

func (t *tx) candidates(q app.SearchQuery, query fold.Query) (*candidates, error) {
	k := &candidates{query: query, seen: map[int64]bool{}}
	hidden, err := t.hidden(q)
	if err != nil {
		return nil, err
	}
	if q.Contact != 0 && slices.Contains(hidden, int64(q.Contact)) {
		return k, nil
	}
	n, err := t.s.indexed()
	if err != nil {
		return nil, err
	}
	last, err := t.s.lastMessage()
	if err != nil {
		return nil, err
	}
	newer := max(n.upTo, last-maxScan)
	if err := t.scan(k, q, hidden, newer, last); err != nil {
		return nil, err
	}
	if err := t.scan(k, q, hidden, max(n.from-maxScan+(last-newer), 0), n.from); err != nil {
		return nil, err
	}
	// What has the words whole is sought first, since it may be older than all that only begins with them.
	for _, whole := range []bool{true, false} {
		if err := t.ask(k, expression(query.Terms(whole), q.Contact, hidden), max(maxCandidates, q.Limit)); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// hidden returns the chats that a search leaves out.
func (t *tx) hidden(q app.SearchQuery) ([]int64, error) {
	if q.Hidden {
		return nil, nil
	}
	return all(t.s, scanInt, "SELECT contact FROM chats WHERE hidden = 1")
}

// scan considers the messages with after < id <= upTo.
func (t *tx) scan(k *candidates, q app.SearchQuery, hidden []int64, after, upTo int64) error {
	if after >= upTo {
		return nil
	}
	rows, err := all(t.s, scanCandidate, `SELECT id, text, contact FROM messages
		WHERE id > ?1 AND id <= ?2 AND (?3 = 0 OR contact = ?3) AND text <> ''`, after, upTo, int64(q.Contact))
	for _, r := range rows {
		if !slices.Contains(hidden, r.contact) {
			k.consider(r.id, r.text)
		}
	}
	return err
}

// ask considers the newest messages that the index has for an expression.
func (t *tx) ask(k *candidates, expression string, limit int) error {
	rows, err := all(t.s, scanCandidate, `SELECT m.id, m.text, m.contact FROM message_index i CROSS JOIN messages m ON m.id = i.rowid
		WHERE message_index MATCH ? ORDER BY i.rowid DESC LIMIT ?`, expression, limit)
	for _, r := range rows {
		k.consider(r.id, r.text)
	}
	return err
}

type sought struct {
	id, contact int64
	text        string
}

func scanCandidate(r *sql.Rows) (c sought, err error) {
	err = r.Scan(&c.id, &c.text, &c.contact)
	return c, err
}

// expression puts terms into an expression of FTS5. Quoted, none of them is an operator, and
// none has a quote.
func expression(terms []fold.Term, chat app.ContactID, hidden []int64) string {
	var b strings.Builder
	for i, t := range terms {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + t.Text + `"`)
		if t.Prefix {
			b.WriteString("*")
		}
	}
	if chat != 0 {
		b.WriteString(` AND "` + chatTerm(chat) + `"`)
		return b.String()
	}
	if len(hidden) == 0 {
		return b.String()
	}
	var not []string
	for _, c := range hidden {
		not = append(not, `"`+chatTerm(app.ContactID(c))+`"`)
	}
	return "(" + b.String() + ") NOT (" + strings.Join(not, " OR ") + ")"
}
