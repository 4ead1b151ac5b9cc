package storage

import (
	"database/sql"
	"time"

	"tacit/app"
)

var _ app.MailTx = (*tx)(nil)

func scanEarly(r *sql.Rows) (e app.EarlyRecord, err error) {
	var digest sql.RawBytes
	var stream, seq, at int64
	err = r.Scan(&e.Contact, &digest, &stream, &seq, &e.Box, &at)
	copy(e.Digest[:], digest)
	e.Stream, e.Seq, e.At = uint64(stream), uint64(seq), unstamp(at)
	return e, err
}

// Early implements app.MailReadTx.
func (t *tx) Early(c app.ContactID, stream, seq uint64, limit int) ([]app.EarlyRecord, error) {
	return all(t.s, scanEarly, `SELECT contact, digest, stream, seq, box, at FROM early
		WHERE contact = ? AND stream = ? AND seq = ? ORDER BY id LIMIT ?`, int64(c), int64(stream), int64(seq), max(limit, 0))
}

// EarlyCount implements app.MailReadTx.
func (t *tx) EarlyCount(c app.ContactID) (int, error) {
	n, err := one(t.s, scanInt, "SELECT count(*) FROM early WHERE contact = ?", int64(c))
	return int(n), err
}

// AddEarly implements app.MailTx.
func (t *tx) AddEarly(e app.EarlyRecord) error {
	_, err := t.s.exec("INSERT INTO early (contact, digest, stream, seq, box, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		int64(e.Contact), e.Digest[:], int64(e.Stream), int64(e.Seq), notNil(e.Box), stamp(e.At))
	return err
}

// RemoveEarly implements app.MailTx.
func (t *tx) RemoveEarly(c app.ContactID, d app.Digest) error {
	_, err := t.s.exec("DELETE FROM early WHERE contact = ? AND digest = ?", int64(c), d[:])
	return err
}

// RemoveEarlyUpTo implements app.MailTx.
func (t *tx) RemoveEarlyUpTo(c app.ContactID, stream, seq uint64) error {
	_, err := t.s.exec("DELETE FROM early WHERE contact = ? AND stream = ? AND seq > 0 AND seq <= ?", int64(c), int64(stream), int64(seq))
	return err
}

// ForgetEarly implements app.MailTx.
func (t *tx) ForgetEarly(before time.Time) error {
	_, err := t.s.exec("DELETE FROM early WHERE at < ?", stamp(before))
	return err
}

// Owed implements app.MailReadTx.
func (t *tx) Owed(c app.ContactID, seq uint64, limit int) ([]app.Digest, error) {
	return all(t.s, func(r *sql.Rows) (d app.Digest, err error) {
		var b sql.RawBytes
		err = r.Scan(&b)
		copy(d[:], b)
		return d, err
	}, "SELECT digest FROM owed WHERE contact = ? AND seq = ? ORDER BY id LIMIT ?", int64(c), int64(seq), max(limit, 0))
}

// AddOwed implements app.MailTx.
func (t *tx) AddOwed(c app.ContactID, d app.Digest) error {
	_, err := t.s.exec("INSERT INTO owed (contact, digest, seq) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", int64(c), d[:])
	return err
}

// SetOwed implements app.MailTx.
func (t *tx) SetOwed(c app.ContactID, seq uint64, ds ...app.Digest) error {
	for _, d := range ds {
		if _, err := t.s.exec("UPDATE owed SET seq = ? WHERE contact = ? AND digest = ?", int64(seq), int64(c), d[:]); err != nil {
			return err
		}
	}
	return nil
}

// OweAgain implements app.MailTx.
func (t *tx) OweAgain(c app.ContactID) error {
	_, err := t.s.exec("UPDATE owed SET seq = 0 WHERE contact = ? AND seq <> 0", int64(c))
	return err
}

// RemoveOwed implements app.MailTx.
func (t *tx) RemoveOwed(c app.ContactID, ds ...app.Digest) error {
	for _, d := range ds {
		if _, err := t.s.exec("DELETE FROM owed WHERE contact = ? AND digest = ?", int64(c), d[:]); err != nil {
			return err
		}
	}
	return nil
}

// RemoveOwedUpTo implements app.MailTx.
func (t *tx) RemoveOwedUpTo(c app.ContactID, seq uint64) error {
	_, err := t.s.exec("DELETE FROM owed WHERE contact = ? AND seq > 0 AND seq <= ?", int64(c), int64(seq))
	return err
}

// ToDeposit implements app.MailReadTx. The rows of a contact are few and small.
func (t *tx) ToDeposit(c app.ContactID, before time.Time, after uint64, limit int) ([]app.OutboxRecord, error) {
	return all(t.s, scanOutbox, "SELECT "+outboxColumns+` WHERE o.contact = ? AND o.seq > ? AND (o.held_at = 0 OR o.held_at < ?)
		ORDER BY o.seq LIMIT ?`, int64(c), int64(after), stamp(before), max(limit, 0))
}

// SetOutboxHeld implements app.MailTx.
func (t *tx) SetOutboxHeld(c app.ContactID, seq uint64, at time.Time) error {
	_, err := t.s.exec("UPDATE outbox SET held_at = ? WHERE contact = ? AND seq = ?", stamp(at), int64(c), int64(seq))
	return err
}

// UnholdOutbox implements app.MailTx.
func (t *tx) UnholdOutbox(c app.ContactID) error {
	_, err := t.s.exec("UPDATE outbox SET held_at = 0 WHERE contact = ? AND held_at <> 0", int64(c))
	return err
}

// RemoveOutboxBare implements app.MailTx.
func (t *tx) RemoveOutboxBare(c app.ContactID, seq, except uint64) (int, error) {
	n, err := t.s.exec("DELETE FROM outbox WHERE contact = ? AND seq <= ? AND seq <> ? AND message = 0 AND saying = 0",
		int64(c), int64(seq), int64(except))
	return int(n), err
}
