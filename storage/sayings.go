package storage

import (
	"database/sql"

	"tacit/app"
)

const sayingColumns = "id, contact, kind, topic, body, at FROM sayings"

func scanSaying(r *sql.Rows) (s app.Saying, err error) {
	var kind, at int64
	var topic sql.RawBytes
	err = r.Scan(&s.ID, &s.Contact, &kind, &topic, &s.Body, &at)
	copy(s.Topic[:], topic)
	s.Kind, s.At = uint64(kind), unstamp(at)
	return s, err
}

// UnsealedSayings implements app.ReadTx. The outbox says what is sealed.
func (t *tx) UnsealedSayings(c app.ContactID, limit int) ([]app.Saying, error) {
	return all(t.s, scanSaying, "SELECT "+sayingColumns+` INDEXED BY sayings_by_topic
		WHERE contact = ?1 AND id NOT IN (SELECT saying FROM outbox WHERE contact = ?1) ORDER BY id LIMIT ?2`, int64(c), max(limit, 0))
}

// Saying implements app.ReadTx.
func (t *tx) Saying(id app.SayingID) (app.Saying, error) {
	return one(t.s, scanSaying, "SELECT "+sayingColumns+" WHERE id = ?", int64(id))
}

// SayingCount implements app.ReadTx.
func (t *tx) SayingCount(c app.ContactID) (int, error) {
	n, err := one(t.s, scanInt, "SELECT count(*) FROM sayings WHERE contact = ?", int64(c))
	return int(n), err
}

// AddSaying implements app.Tx.
func (t *tx) AddSaying(s app.Saying) (app.SayingID, error) {
	if _, err := t.s.exec(`DELETE FROM sayings WHERE contact = ?1 AND kind = ?2 AND topic = ?3
		AND id NOT IN (SELECT saying FROM outbox WHERE contact = ?1)`, int64(s.Contact), int64(s.Kind), s.Topic[:]); err != nil {
		return 0, err
	}
	id, err := one(t.s, scanInt, "INSERT INTO sayings (contact, kind, topic, body, at) VALUES (?, ?, ?, ?, ?) RETURNING id",
		int64(s.Contact), int64(s.Kind), s.Topic[:], notNil(s.Body), stamp(s.At))
	return app.SayingID(id), err
}

// RemoveSaying implements app.Tx.
func (t *tx) RemoveSaying(id app.SayingID) error {
	if _, err := t.s.exec(`UPDATE outbox SET saying = 0
		WHERE contact = (SELECT contact FROM sayings WHERE id = ?1) AND saying = ?1`, int64(id)); err != nil {
		return err
	}
	_, err := t.s.exec("DELETE FROM sayings WHERE id = ?", int64(id))
	return err
}

// RemoveSaid implements app.Tx.
func (t *tx) RemoveSaid(c app.ContactID, seq uint64) error {
	removed, err := t.s.exec("DELETE FROM sayings WHERE id IN (SELECT saying FROM outbox WHERE contact = ? AND seq <= ? AND saying > 0)",
		int64(c), int64(seq))
	if err != nil || removed == 0 {
		return err
	}
	_, err = t.s.exec("UPDATE outbox SET saying = 0 WHERE contact = ? AND seq <= ? AND saying > 0", int64(c), int64(seq))
	return err
}
