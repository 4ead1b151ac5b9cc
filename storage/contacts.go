package storage

import (
	"database/sql"

	"tacit/app"
)

// firstContactColumns are those that a backup keeps together.
const firstContactColumns = `id, bundle, their_name, alias, trust, introduced_by, meeting, met_at,
	writable, blocked, reset_secret, reset_number`

const contactColumns = firstContactColumns + ", hide"

func scanContact(r *sql.Rows) (c app.ContactRecord, err error) {
	var met, number int64
	var secret []byte
	err = r.Scan(&c.ID, &c.Bundle, &c.TheirName, &c.Alias, &c.Trust, &c.IntroducedBy, &c.Meeting, &met,
		&c.Writable, &c.Blocked, &secret, &number, &c.Hide)
	copy(c.ResetSecret[:], secret)
	c.MetAt, c.ResetNumber = unstamp(met), uint64(number)
	return c, err
}

// Contacts implements app.ReadTx.
func (t *tx) Contacts() ([]app.ContactRecord, error) {
	return all(t.s, scanContact, "SELECT "+contactColumns+" FROM contacts ORDER BY id")
}

// Contact implements app.ReadTx.
func (t *tx) Contact(id app.ContactID) (app.ContactRecord, error) {
	return one(t.s, scanContact, "SELECT "+contactColumns+" FROM contacts WHERE id = ?", int64(id))
}

// AddContact implements app.Tx.
func (t *tx) AddContact(c app.ContactRecord) (app.ContactID, error) {
	id, err := one(t.s, scanInt, `INSERT INTO contacts (bundle, their_name, alias, trust, introduced_by, meeting,
		met_at, writable, blocked, reset_secret, reset_number, hide) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		contactValues(c)...)
	if err != nil {
		return 0, err
	}
	_, err = t.s.exec("INSERT INTO counters (contact) VALUES (?)", id)
	return app.ContactID(id), err
}

// SetContact implements app.Tx.
func (t *tx) SetContact(c app.ContactRecord) error {
	return t.s.change(`UPDATE contacts SET bundle = ?, their_name = ?, alias = ?, trust = ?, introduced_by = ?,
		meeting = ?, met_at = ?, writable = ?, blocked = ?, reset_secret = ?, reset_number = ?, hide = ? WHERE id = ?`,
		append(contactValues(c), int64(c.ID))...)
}

func contactValues(c app.ContactRecord) []any {
	return []any{notNil(c.Bundle), c.TheirName, c.Alias, int(c.Trust), int64(c.IntroducedBy), string(c.Meeting),
		stamp(c.MetAt), c.Writable, c.Blocked, c.ResetSecret[:], int64(c.ResetNumber), c.Hide}
}

// RemoveContact implements app.Tx.
func (t *tx) RemoveContact(c app.ContactID) error {
	if err := t.unindexChat(c); err != nil {
		return err
	}
	if err := t.keepLast(); err != nil {
		return err
	}
	return t.s.change("DELETE FROM contacts WHERE id = ?", int64(c))
}

// Session implements app.ReadTx.
func (t *tx) Session(c app.ContactID) ([]byte, error) {
	return one(t.s, scanBytes, "SELECT session FROM sessions WHERE contact = ?", int64(c))
}

// SetSession implements app.Tx.
func (t *tx) SetSession(c app.ContactID, session []byte) error {
	_, err := t.s.exec(`INSERT INTO sessions (contact, session) VALUES (?, ?)
		ON CONFLICT DO UPDATE SET session = excluded.session`, int64(c), notNil(session))
	return err
}

// Grants implements app.ReadTx.
func (t *tx) Grants(c app.ContactID) ([]byte, error) {
	return one(t.s, scanBytes, "SELECT grants FROM grants WHERE contact = ?", int64(c))
}

// SetGrants implements app.Tx.
func (t *tx) SetGrants(c app.ContactID, grants []byte) error {
	_, err := t.s.exec(`INSERT INTO grants (contact, grants) VALUES (?, ?)
		ON CONFLICT DO UPDATE SET grants = excluded.grants`, int64(c), notNil(grants))
	return err
}

// notNil is b, which SQLite would take for NULL where it is nil.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
