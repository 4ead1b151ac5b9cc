package storage

import (
	"database/sql"
	"encoding/json"
	"time"

	"tacit/app"
)

// messageColumns begin with what is yes or no about a message, in one number: a column costs
// as much as its value.
const messageColumns = `m.own + m.unread * 2 + (m.unknown IS NOT NULL) * 4 + (m.reply_to IS NOT NULL) * 8 +
	m.forwarded * 16 + m.deleted * 32 + m.reacted * 64 + m.filed * 128,
	m.id, m.contact, m.ref, m.text, m.sent_at, m.at, m.state, m.reason, m.state_at, m.notice, coalesce(m.reply_to, 0),
	m.edited_at, m.revision, m.path, m.timer, m.expires_at`

// Bits of the first column.
const (
	isOwn = 1 << iota
	isUnread
	isUnknown
	isReply
	isForwarded
	isDeleted
	isReacted // rows of reactions are its own
	isFiled   // and one of files
)

// row is a message as it was read, and what it takes from other tables yet.
type row struct {
	app.Message
	flags int
}

func scanMessage(r *sql.Rows) (m row, err error) {
	var sent, at, stateAt, edited, timer, expires, revision int64
	var ref sql.RawBytes
	err = r.Scan(&m.flags, &m.ID, &m.Contact, &ref, &m.Text, &sent, &at, &m.State, &m.Reason, &stateAt, &m.Notice, &m.ReplyTo,
		&edited, &revision, &m.Path, &timer, &expires)
	copy(m.Ref[:], ref)
	m.SentAt, m.At, m.StateAt = unstamp(sent), unstamp(at), unstamp(stateAt)
	m.EditedAt, m.ExpiresAt = unstamp(edited), unstamp(expires)
	m.Revision, m.Timer = uint64(revision), time.Duration(timer)*time.Second
	m.Own, m.Unread, m.Unknown, m.Replies = m.flags&isOwn != 0, m.flags&isUnread != 0, m.flags&isUnknown != 0, m.flags&isReply != 0
	m.Forwarded, m.Deleted = m.flags&isForwarded != 0, m.flags&isDeleted != 0
	return m, err
}

// messages returns the messages of a query for messageColumns, whole. It asks each further
// table once, and only where a message has something there.
func (t *tx) messages(query string, args ...any) ([]app.Message, error) {
	rows, err := all(t.s, scanMessage, query, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	list := make([]app.Message, len(rows))
	var reacted, filed []int64
	for i, r := range rows {
		list[i] = r.Message
		if r.flags&isReacted != 0 {
			reacted = append(reacted, int64(r.ID))
		}
		if r.flags&isFiled != 0 {
			filed = append(filed, int64(r.ID))
		}
	}
	if err := t.addReactions(list, reacted); err != nil {
		return nil, err
	}
	return list, t.addFiles(list, filed)
}

// places returns where in a list each message is.
func places(list []app.Message) map[app.MessageID]*app.Message {
	m := make(map[app.MessageID]*app.Message, len(list))
	for i := range list {
		m[list[i].ID] = &list[i]
	}
	return m
}

// message returns the only message of a query. ErrNotFound.
func (t *tx) message(query string, args ...any) (app.Message, error) {
	list, err := t.messages(query, args...)
	if err == nil && len(list) == 0 {
		err = app.ErrNotFound
	}
	if err != nil {
		return app.Message{}, err
	}
	return list[0], nil
}

// listed is a set of ids as one value of a query, for json_each.
func listed(ids []int64) string {
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // numbers
	}
	return string(b)
}

// Messages implements app.ReadTx.
func (t *tx) Messages(c app.ContactID, before app.MessageID, limit int) ([]app.Message, error) {
	if before == 0 {
		before = maxID
	}
	return t.messages("SELECT "+messageColumns+" FROM messages m WHERE contact = ? AND id < ? ORDER BY id DESC LIMIT ?",
		int64(c), int64(before), max(limit, 0))
}

// maxID is above every id.
const maxID = 1<<63 - 1

// MessagesAfter implements app.ReadTx.
func (t *tx) MessagesAfter(c app.ContactID, after app.MessageID, limit int) ([]app.Message, error) {
	return t.messages("SELECT "+messageColumns+" FROM messages m WHERE contact = ? AND id > ? ORDER BY id LIMIT ?",
		int64(c), int64(after), max(limit, 0))
}

// UnreadMessages implements app.ReadTx.
func (t *tx) UnreadMessages(c app.ContactID, after, upTo app.MessageID, limit int) ([]app.Message, error) {
	return t.messages("SELECT "+messageColumns+` FROM messages m INDEXED BY messages_unread
		WHERE contact = ? AND unread = 1 AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
		int64(c), int64(after), int64(upTo), max(limit, 0))
}

// Message implements app.ReadTx.
func (t *tx) Message(id app.MessageID) (app.Message, error) {
	return t.message("SELECT "+messageColumns+" FROM messages m WHERE id = ?", int64(id))
}

// MessageByRef implements app.ReadTx. The index holds equal names in the order of ids; to say
// so with a limit makes each query for a name that is not there ten times slower.
func (t *tx) MessageByRef(c app.ContactID, own bool, ref app.Ref) (app.Message, error) {
	return t.message("SELECT "+messageColumns+` FROM messages m INDEXED BY messages_by_ref
		WHERE contact = ? AND ref = ? AND own = ?`, int64(c), ref[:], own)
}

// MessageCount implements app.ReadTx.
func (t *tx) MessageCount(c app.ContactID) (int, error) {
	counts, err := all(t.s, scanInt, "SELECT messages FROM counters WHERE contact = ?", int64(c))
	if err != nil || len(counts) == 0 {
		return 0, err
	}
	return int(counts[0]), nil
}

// Unsealed implements app.ReadTx. The outbox says what is sealed.
func (t *tx) Unsealed(c app.ContactID, limit int) ([]app.Message, error) {
	return t.messages("SELECT "+messageColumns+` FROM messages m INDEXED BY messages_queued
		WHERE contact = ?1 AND state = 'queued' AND own = 1 AND id NOT IN (SELECT message FROM outbox WHERE contact = ?1)
		ORDER BY id LIMIT ?2`, int64(c), max(limit, 0))
}

// Boxed implements app.ReadTx. It looks through the contact's rows of the outbox, which are small and few.
func (t *tx) Boxed(id app.MessageID) (bool, error) {
	found, err := all(t.s, scanInt, `SELECT 1 FROM outbox
		WHERE contact = (SELECT contact FROM messages WHERE id = ?1) AND message = ?1 LIMIT 1`, int64(id))
	return len(found) > 0, err
}

// ChatHeads implements app.ReadTx.
func (t *tx) ChatHeads() ([]app.ChatHead, error) { return t.heads(headQuery + " ORDER BY k.contact") }

// ChatHead implements app.ReadTx.
func (t *tx) ChatHead(c app.ContactID) (app.ChatHead, error) {
	heads, err := t.heads(headQuery+" WHERE k.contact = ?", int64(c))
	if err != nil || len(heads) == 0 {
		return app.ChatHead{Contact: c}, err
	}
	return heads[0], nil
}

// headQuery seeks the end of each contact's part of the index, where few notices lie.
const headQuery = `SELECT k.contact, k.unread, coalesce(
		(SELECT id FROM messages WHERE contact = k.contact AND notice = '' ORDER BY id DESC LIMIT 1),
		(SELECT max(id) FROM messages WHERE contact = k.contact), 0)
	FROM counters k`

func (t *tx) heads(query string, args ...any) ([]app.ChatHead, error) {
	type head struct {
		app.ChatHead
		last int64
	}
	rows, err := all(t.s, func(r *sql.Rows) (h head, err error) {
		err = r.Scan(&h.Contact, &h.Unread, &h.last)
		return h, err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, h := range rows {
		if h.last != 0 {
			ids = append(ids, h.last)
		}
	}
	last, err := t.byID(ids)
	if err != nil {
		return nil, err
	}
	var heads []app.ChatHead
	for _, h := range rows {
		if m, ok := last[h.last]; ok {
			h.Last = &m
		}
		heads = append(heads, h.ChatHead)
	}
	return heads, nil
}

// byID returns the messages of these ids that are there.
func (t *tx) byID(ids []int64) (map[int64]app.Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := t.messages("SELECT "+messageColumns+" FROM json_each(?) j CROSS JOIN messages m ON m.id = j.value", listed(ids))
	found := make(map[int64]app.Message, len(list))
	for _, m := range list {
		found[int64(m.ID)] = m
	}
	return found, err
}
