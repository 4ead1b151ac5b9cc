package storage

import (
	"database/sql"
	"time"

	"tacit/app"
)

const messageColumns = "m.id, m.contact, m.own, m.text, m.sent_at, m.at, m.state, m.reason, m.state_at, m.unknown IS NOT NULL, m.notice"

func scanMessage(r *sql.Rows) (m app.Message, err error) {
	var sent, at, stateAt int64
	err = r.Scan(&m.ID, &m.Contact, &m.Own, &m.Text, &sent, &at, &m.State, &m.Reason, &stateAt, &m.Unknown, &m.Notice)
	m.SentAt, m.At, m.StateAt = unstamp(sent), unstamp(at), unstamp(stateAt)
	return m, err
}

// Messages implements app.ReadTx.
func (t *tx) Messages(c app.ContactID, before app.MessageID, limit int) ([]app.Message, error) {
	if before == 0 {
		before = maxID
	}
	return all(t.s, scanMessage, "SELECT "+messageColumns+" FROM messages m WHERE contact = ? AND id < ? ORDER BY id DESC LIMIT ?",
		int64(c), int64(before), max(limit, 0))
}

// maxID is above every id.
const maxID = 1<<63 - 1

// MessagesAfter implements app.ReadTx.
func (t *tx) MessagesAfter(c app.ContactID, after app.MessageID, limit int) ([]app.Message, error) {
	return all(t.s, scanMessage, "SELECT "+messageColumns+" FROM messages m WHERE contact = ? AND id > ? ORDER BY id LIMIT ?",
		int64(c), int64(after), max(limit, 0))
}

// Message implements app.ReadTx.
func (t *tx) Message(id app.MessageID) (app.Message, error) {
	return one(t.s, scanMessage, "SELECT "+messageColumns+" FROM messages m WHERE id = ?", int64(id))
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
	return all(t.s, scanMessage, "SELECT "+messageColumns+` FROM messages m INDEXED BY messages_queued
		WHERE contact = ?1 AND state = 'queued' AND own = 1 AND id NOT IN (SELECT message FROM outbox WHERE contact = ?1)
		ORDER BY id LIMIT ?2`, int64(c), max(limit, 0))
}

// ChatHeads implements app.ReadTx.
func (t *tx) ChatHeads() ([]app.ChatHead, error) {
	return all(t.s, scanHead, headQuery+" ORDER BY k.contact")
}

// ChatHead implements app.ReadTx.
func (t *tx) ChatHead(c app.ContactID) (app.ChatHead, error) {
	heads, err := all(t.s, scanHead, headQuery+" WHERE k.contact = ?", int64(c))
	if err != nil || len(heads) == 0 {
		return app.ChatHead{Contact: c}, err
	}
	return heads[0], nil
}

// headQuery seeks the end of each contact's part of the index, where few notices lie.
const headQuery = `SELECT k.contact, k.unread, m.id, m.own, m.text, m.sent_at, m.at, m.state, m.reason, m.state_at, m.unknown IS NOT NULL, m.notice
	FROM counters k LEFT JOIN messages m ON m.id = coalesce(
		(SELECT id FROM messages WHERE contact = k.contact AND notice = '' ORDER BY id DESC LIMIT 1),
		(SELECT max(id) FROM messages WHERE contact = k.contact))`

func scanHead(r *sql.Rows) (h app.ChatHead, err error) {
	var id, sent, at, stateAt sql.NullInt64
	var own, unknown sql.NullBool
	var text, state, reason, notice sql.NullString
	err = r.Scan(&h.Contact, &h.Unread, &id, &own, &text, &sent, &at, &state, &reason, &stateAt, &unknown, &notice)
	if id.Valid {
		h.Last = &app.Message{
			ID: app.MessageID(id.Int64), Contact: h.Contact, Own: own.Bool, Text: text.String,
			SentAt: unstamp(sent.Int64), At: unstamp(at.Int64),
			State: app.State(state.String), Reason: app.Reason(reason.String), StateAt: unstamp(stateAt.Int64),
			Unknown: unknown.Bool, Notice: app.Notice(notice.String),
		}
	}
	return h, err
}

// AddMessage implements app.Tx.
func (t *tx) AddMessage(m app.Message) (app.MessageID, error) { return t.addMessage(m, nil) }

// AddUnknown implements app.Tx.
func (t *tx) AddUnknown(m app.Message, content []byte) (app.MessageID, error) {
	return t.addMessage(m, notNil(content))
}

func (t *tx) addMessage(m app.Message, unknown []byte) (app.MessageID, error) {
	last, err := t.s.lastMessage()
	if err != nil {
		return 0, err
	}
	id, unread := last+1, !m.Own && m.Notice == app.NoticeNone
	if _, err := t.s.exec(`INSERT INTO messages (id, contact, own, text, sent_at, at, state, reason, state_at, unread, unknown, notice)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, int64(m.Contact), m.Own, m.Text, stamp(m.SentAt), stamp(m.At), string(m.State), string(m.Reason), stamp(m.StateAt),
		unread, unknown, string(m.Notice)); err != nil {
		return 0, err
	}
	t.added++
	return app.MessageID(id), t.s.change("UPDATE counters SET messages = messages + 1, unread = unread + ? WHERE contact = ?",
		boolInt(unread), int64(m.Contact))
}

// lastMessage returns the greatest id that a message has or had.
func (s *Store) lastMessage() (int64, error) {
	return one(s, scanInt, `SELECT max(coalesce((SELECT max(id) FROM messages), 0),
		coalesce((SELECT value FROM meta WHERE key = 'last_message'), 0))`)
}

// SetMessageState implements app.Tx.
func (t *tx) SetMessageState(id app.MessageID, state app.State, reason app.Reason, at time.Time) error {
	return t.s.change("UPDATE messages SET state = ?, reason = ?, state_at = ? WHERE id = ?",
		string(state), string(reason), stamp(at), int64(id))
}

// MarkRead implements app.Tx.
func (t *tx) MarkRead(c app.ContactID, upTo app.MessageID) (int, error) {
	seen, err := t.s.exec("UPDATE messages SET unread = 0 WHERE contact = ? AND unread = 1 AND id <= ?", int64(c), int64(upTo))
	if err != nil {
		return 0, err
	}
	if seen > 0 {
		if _, err := t.s.exec("UPDATE counters SET unread = unread - ? WHERE contact = ?", seen, int64(c)); err != nil {
			return 0, err
		}
	}
	left, err := all(t.s, scanInt, "SELECT unread FROM counters WHERE contact = ?", int64(c))
	if err != nil || len(left) == 0 {
		return 0, err
	}
	return int(left[0]), nil
}
