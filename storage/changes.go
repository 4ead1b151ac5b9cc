package storage

import (
	"slices"
	"time"

	"tacit/app"
)

// AddMessage implements app.Tx.
func (t *tx) AddMessage(m app.Message) (app.MessageID, error) { return t.addMessage(m, nil) }

// AddUnknown implements app.Tx.
func (t *tx) AddUnknown(m app.Message, content []byte) (app.MessageID, error) {
	return t.addMessage(m, notNil(content))
}

const insertMessage = `INSERT INTO messages (id, contact, own, text, sent_at, at, state, reason, state_at, unread, unknown, notice,
	ref, reply_to, forwarded, deleted, revision, edited_at, path, timer, expires_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (t *tx) addMessage(m app.Message, unknown []byte) (app.MessageID, error) {
	if t.last == 0 {
		var err error
		if t.last, err = t.s.lastMessage(); err != nil {
			return 0, err
		}
	}
	id, unread := t.last+1, !m.Own && m.Notice == app.NoticeNone
	var reply any
	if m.Replies {
		reply = int64(m.ReplyTo)
	}
	if _, err := t.s.exec(insertMessage, id, int64(m.Contact), m.Own, m.Text, stamp(m.SentAt), stamp(m.At), string(m.State),
		string(m.Reason), stamp(m.StateAt), unread, unknown, string(m.Notice), reference(m.Ref), reply, m.Forwarded, m.Deleted,
		int64(m.Revision), stamp(m.EditedAt), string(m.Path), int64(m.Timer/time.Second), stamp(m.ExpiresAt)); err != nil {
		return 0, err
	}
	t.last = id
	t.added++
	return app.MessageID(id), t.s.change("UPDATE counters SET messages = messages + 1, unread = unread + ? WHERE contact = ?",
		boolInt(unread), int64(m.Contact))
}

// reference is how a ref is stored: none as NULL, which no index holds.
func reference(r app.Ref) any {
	if r.IsZero() {
		return nil
	}
	return r[:]
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

// SetMessageDelivered implements app.Tx.
func (t *tx) SetMessageDelivered(id app.MessageID, at time.Time, p app.Path, expires time.Time) error {
	return t.s.change("UPDATE messages SET state = 'delivered', reason = '', state_at = ?, path = ?, expires_at = ? WHERE id = ?",
		stamp(at), string(p), stamp(expires), int64(id))
}

// QueueAgain implements app.Tx.
func (t *tx) QueueAgain(c app.ContactID) error {
	if _, err := t.s.exec("UPDATE messages INDEXED BY messages_queued SET reason = ? WHERE contact = ? AND state = 'queued' AND own = 1",
		string(app.ReasonAgain), int64(c)); err != nil {
		return err
	}
	_, err := t.s.exec("UPDATE messages INDEXED BY messages_held SET state = ?, reason = ? WHERE contact = ? AND state = 'held' AND own = 1",
		string(app.StateQueued), string(app.ReasonAgain), int64(c))
	return err
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

// SetMessageText implements app.Tx.
func (t *tx) SetMessageText(id app.MessageID, text string, revision uint64, at time.Time) error {
	m, err := t.Message(id)
	if err != nil {
		return err
	}
	written := m.EditedAt
	if written.IsZero() {
		written = m.SentAt
	}
	if _, err := t.s.exec("INSERT INTO edits (message, text, at) VALUES (?, ?, ?)", int64(id), m.Text, stamp(written)); err != nil {
		return err
	}
	if _, err := t.s.exec(`DELETE FROM edits WHERE id = (SELECT id FROM edits WHERE message = ?1 ORDER BY id LIMIT 1 OFFSET 1)
		AND (SELECT count(*) FROM edits WHERE message = ?1) > ?2`, int64(id), app.MaxEdits); err != nil {
		return err
	}
	if err := t.reindex(m, text); err != nil {
		return err
	}
	return t.s.change("UPDATE messages SET text = ?, revision = ?, edited_at = ? WHERE id = ?", text, int64(revision), stamp(at), int64(id))
}

// SetMessageDeleted implements app.Tx.
func (t *tx) SetMessageDeleted(id app.MessageID) error {
	m, err := t.Message(id)
	if err != nil {
		return err
	}
	if err := t.reindex(m, ""); err != nil {
		return err
	}
	for _, query := range []string{
		"DELETE FROM edits WHERE message = ?", "DELETE FROM reactions WHERE message = ?", "DELETE FROM files WHERE message = ?",
		"UPDATE messages SET deleted = 1, text = '', unknown = iif(unknown IS NULL, NULL, x''), reacted = 0, filed = 0 WHERE id = ?",
	} {
		if _, err := t.s.exec(query, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// RemoveMessage implements app.Tx.
func (t *tx) RemoveMessage(id app.MessageID) error {
	m, err := t.Message(id)
	if err != nil {
		return err
	}
	if err := t.reindex(m, ""); err != nil {
		return err
	}
	if err := t.keepLast(); err != nil {
		return err
	}
	if _, err := t.s.exec("UPDATE messages SET reply_to = 0 WHERE reply_to = ?", int64(id)); err != nil {
		return err
	}
	if _, err := t.s.exec("UPDATE outbox SET message = 0 WHERE contact = ? AND message = ?", int64(m.Contact), int64(id)); err != nil {
		return err
	}
	if err := t.s.change("DELETE FROM messages WHERE id = ?", int64(id)); err != nil {
		return err
	}
	return t.s.change("UPDATE counters SET messages = messages - 1, unread = unread - ? WHERE contact = ?",
		boolInt(m.Unread), int64(m.Contact))
}

// keepLast remembers the greatest id that was given, before a message that may have it goes.
func (t *tx) keepLast() error {
	last, err := t.s.lastMessage()
	if err != nil {
		return err
	}
	return t.s.setMeta("last_message", last)
}

// Expired implements app.ReadTx.
func (t *tx) Expired(now time.Time, limit int) ([]app.Message, error) {
	return t.messages("SELECT "+messageColumns+` FROM messages m INDEXED BY messages_expiring
		WHERE expires_at > 0 AND expires_at <= ? ORDER BY expires_at, id LIMIT ?`, stamp(now), max(limit, 0))
}

// NextExpiry implements app.ReadTx.
func (t *tx) NextExpiry() (time.Time, error) {
	at, err := one(t.s, scanInt, "SELECT coalesce((SELECT min(expires_at) FROM messages INDEXED BY messages_expiring WHERE expires_at > 0), 0)")
	return unstamp(at), err
}

// StartTimers implements app.Tx.
func (t *tx) StartTimers(c app.ContactID, upTo app.MessageID, now time.Time) ([]app.MessageID, error) {
	ids, err := all(t.s, scanMessageID, `UPDATE messages INDEXED BY messages_timed SET expires_at = ?3 + timer * 1000000
		WHERE contact = ?1 AND timer > 0 AND expires_at = 0 AND own = 0 AND notice = '' AND id <= ?2 RETURNING id`,
		int64(c), int64(upTo), stamp(now))
	slices.Sort(ids)
	return ids, err
}

// ShiftExpiries implements app.Tx.
func (t *tx) ShiftExpiries(by time.Duration) error {
	_, err := t.s.exec("UPDATE messages SET expires_at = max(expires_at + ?, 1) WHERE expires_at > 0", by.Microseconds())
	return err
}

// CapExpiries implements app.Tx.
func (t *tx) CapExpiries(now time.Time) error {
	_, err := t.s.exec("UPDATE messages SET expires_at = ?1 + timer * 1000000 WHERE expires_at > 0 AND expires_at > ?1 + timer * 1000000", stamp(now))
	return err
}
