package storage

import (
	"database/sql"
	"encoding/binary"
	"time"

	"tacit/app"
)

// Delivery implements app.ReadTx.
func (t *tx) Delivery(c app.ContactID) (app.DeliveryRecord, error) {
	list, err := all(t.s, func(r *sql.Rows) (d app.DeliveryRecord, err error) {
		var next, received int64
		var beyond []byte
		err = r.Scan(&next, &received, &beyond)
		d.NextSeq, d.Received = uint64(next), uint64(received)
		for ; len(beyond) >= 8; beyond = beyond[8:] {
			d.Beyond = append(d.Beyond, binary.BigEndian.Uint64(beyond))
		}
		return d, err
	}, "SELECT next_seq, received, beyond FROM counters WHERE contact = ?", int64(c))
	if err != nil || len(list) == 0 {
		return app.DeliveryRecord{}, err
	}
	return list[0], nil
}

// SetDelivery implements app.Tx.
func (t *tx) SetDelivery(c app.ContactID, d app.DeliveryRecord) error {
	var beyond []byte
	for _, n := range d.Beyond {
		beyond = binary.BigEndian.AppendUint64(beyond, n)
	}
	return t.s.change("UPDATE counters SET next_seq = ?, received = ?, beyond = ? WHERE contact = ?",
		int64(d.NextSeq), int64(d.Received), beyond, int64(c))
}

// Seen implements app.ReadTx.
func (t *tx) Seen(c app.ContactID, d app.Digest) (bool, error) {
	found, err := all(t.s, scanInt, "SELECT 1 FROM seen WHERE contact = ? AND digest = ?", int64(c), d[:])
	return len(found) > 0, err
}

// AddSeen implements app.Tx. The first time counts.
func (t *tx) AddSeen(c app.ContactID, d app.Digest, at time.Time) error {
	_, err := t.s.exec("INSERT INTO seen (contact, digest, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(c), d[:], stamp(at))
	return err
}

// ForgetSeen implements app.Tx.
func (t *tx) ForgetSeen(before time.Time) error {
	_, err := t.s.exec("DELETE FROM seen WHERE at < ?", stamp(before))
	return err
}

const outboxColumns = "o.contact, o.seq, o.digest, o.message, o.saying, o.at, o.held_at, b.box FROM outbox o JOIN boxes b ON b.id = o.box"

func scanOutbox(r *sql.Rows) (o app.OutboxRecord, err error) {
	var seq, at, held int64
	var digest []byte
	err = r.Scan(&o.Contact, &seq, &digest, &o.Message, &o.Saying, &at, &held, &o.Box)
	copy(o.Digest[:], digest)
	o.Seq, o.At, o.HeldAt = uint64(seq), unstamp(at), unstamp(held)
	return o, err
}

// scanOutboxRow reads a row without its box.
func scanOutboxRow(r *sql.Rows) (o app.OutboxRecord, err error) {
	var seq, at, held int64
	var digest sql.RawBytes
	err = r.Scan(&o.Contact, &seq, &digest, &o.Message, &o.Saying, &at, &held)
	copy(o.Digest[:], digest)
	o.Seq, o.At, o.HeldAt = uint64(seq), unstamp(at), unstamp(held)
	return o, err
}

// Outbox implements app.ReadTx.
func (t *tx) Outbox(c app.ContactID, after uint64, limit int) ([]app.OutboxRecord, error) {
	return all(t.s, scanOutbox, "SELECT "+outboxColumns+" WHERE o.contact = ? AND o.seq > ? ORDER BY o.seq LIMIT ?",
		int64(c), int64(after), max(limit, 0))
}

// OutboxByDigest implements app.ReadTx. It looks through the contact's rows, which are
// small and few, and mostly at the oldest; an index of digests would cost every message a page.
func (t *tx) OutboxByDigest(c app.ContactID, d app.Digest) (app.OutboxRecord, error) {
	return one(t.s, scanOutboxRow, "SELECT contact, seq, digest, message, saying, at, held_at FROM outbox WHERE contact = ? AND digest = ? LIMIT 1",
		int64(c), d[:])
}

// OutboxCount implements app.ReadTx.
func (t *tx) OutboxCount(c app.ContactID) (int, error) {
	n, err := one(t.s, scanInt, "SELECT count(*) FROM outbox WHERE contact = ?", int64(c))
	return int(n), err
}

// AddOutbox implements app.Tx.
func (t *tx) AddOutbox(o app.OutboxRecord) error {
	box, err := one(t.s, scanInt, "INSERT INTO boxes (box) VALUES (?) RETURNING id", notNil(o.Box))
	if err != nil {
		return err
	}
	_, err = t.s.exec("INSERT INTO outbox (contact, seq, digest, message, saying, at, held_at, box) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		int64(o.Contact), int64(o.Seq), o.Digest[:], int64(o.Message), int64(o.Saying), stamp(o.At), stamp(o.HeldAt), box)
	return err
}

func scanMessageID(r *sql.Rows) (id app.MessageID, err error) { err = r.Scan(&id); return id, err }

// RemoveOutbox implements app.Tx.
func (t *tx) RemoveOutbox(c app.ContactID, seq uint64) error {
	_, err := t.s.exec("DELETE FROM outbox WHERE contact = ? AND seq = ?", int64(c), int64(seq))
	return err
}

// RemoveOutboxUpTo implements app.Tx.
func (t *tx) RemoveOutboxUpTo(c app.ContactID, seq uint64) ([]app.MessageID, error) {
	ids, err := all(t.s, scanMessageID,
		"SELECT message FROM outbox WHERE contact = ? AND seq <= ? AND message <> 0 ORDER BY seq", int64(c), int64(seq))
	if err != nil {
		return nil, err
	}
	_, err = t.s.exec("DELETE FROM outbox WHERE contact = ? AND seq <= ?", int64(c), int64(seq))
	return ids, err
}
