package storage

import (
	"database/sql"
	"time"

	"tacit/app"
	"tacit/identity"
)

// oldInvite is the length of what older programs kept of a card: the invitation itself.
const oldInvite = 16

// Cards implements app.ReadTx.
func (t *tx) Cards() ([]app.CardRecord, error) {
	return all(t.s, func(r *sql.Rows) (c app.CardRecord, err error) {
		var invite, m1 []byte
		var expires, forget int64
		err = r.Scan(&invite, &c.Shown, &expires, &c.Used, &m1, &forget)
		if copy(c.InviteHash[:], invite) == oldInvite {
			c.InviteHash = identity.Card{Invite: [oldInvite]byte(invite)}.InviteHash()
		}
		c.ExpiresAt, c.Forget = unstamp(expires), unstamp(forget)
		for ; len(m1) >= 32; m1 = m1[32:] {
			c.M1 = append(c.M1, [32]byte(m1))
		}
		return c, err
	}, "SELECT invite, shown, expires_at, used, m1, forget FROM cards")
}

// SetCard implements app.Tx.
func (t *tx) SetCard(c app.CardRecord) error {
	m1 := []byte{}
	for _, h := range c.M1 {
		m1 = append(m1, h[:]...)
	}
	_, err := t.s.exec("INSERT OR REPLACE INTO cards (invite, shown, expires_at, used, m1, forget) VALUES (?, ?, ?, ?, ?, ?)",
		c.InviteHash[:], c.Shown, stamp(c.ExpiresAt), c.Used, m1, stamp(c.Forget))
	return err
}

// ForgetCards implements app.Tx.
func (t *tx) ForgetCards(before time.Time) error {
	if _, err := t.s.exec("DELETE FROM cards WHERE forget < ?", stamp(before)); err != nil {
		return err
	}
	_, err := t.s.exec("DELETE FROM accepted WHERE forget < ?", stamp(before))
	return err
}

// CardAccepted implements app.ReadTx.
func (t *tx) CardAccepted(inviteHash [32]byte) (bool, error) {
	found, err := all(t.s, scanInt, "SELECT 1 FROM accepted WHERE invite_hash = ?", inviteHash[:])
	return len(found) > 0, err
}

// AddAcceptedCard implements app.Tx.
func (t *tx) AddAcceptedCard(inviteHash [32]byte, forget time.Time) error {
	_, err := t.s.exec("INSERT OR REPLACE INTO accepted (invite_hash, forget) VALUES (?, ?)", inviteHash[:], stamp(forget))
	return err
}

// Pairings implements app.ReadTx.
func (t *tx) Pairings() ([]app.PairingRecord, error) {
	return all(t.s, func(r *sql.Rows) (p app.PairingRecord, err error) {
		err = r.Scan(&p.ID, &p.State)
		return p, err
	}, "SELECT id, state FROM pairings ORDER BY id")
}

// SetPairing implements app.Tx.
func (t *tx) SetPairing(p app.PairingRecord) error {
	_, err := t.s.exec("INSERT OR REPLACE INTO pairings (id, state) VALUES (?, ?)", string(p.ID), notNil(p.State))
	return err
}

// RemovePairing implements app.Tx.
func (t *tx) RemovePairing(id app.PairingID) error {
	_, err := t.s.exec("DELETE FROM pairings WHERE id = ?", string(id))
	return err
}
