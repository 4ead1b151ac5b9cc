package storage

import (
	"database/sql"
	"slices"

	"tacit/app"
)

var _ app.HomeTx = (*tx)(nil)

const nodeColumns = "id, address, account, chosen, state, added_at, seen_at, leaving_at, coalesce(offered_by, 0) FROM nodes"

func scanNode(r *sql.Rows) (n app.NodeRecord, err error) {
	var account sql.RawBytes
	var added, seen, leaving int64
	err = r.Scan(&n.ID, &n.Address, &account, &n.Default, &n.State, &added, &seen, &leaving, &n.OfferedBy)
	copy(n.Account[:], account)
	n.AddedAt, n.SeenAt, n.LeavingAt = unstamp(added), unstamp(seen), unstamp(leaving)
	return n, err
}

func nodeValues(n app.NodeRecord) []any {
	var offeredBy any
	if n.OfferedBy != 0 {
		offeredBy = int64(n.OfferedBy)
	}
	return []any{n.Address, n.Account[:], n.Default, string(n.State), stamp(n.AddedAt), stamp(n.SeenAt), stamp(n.LeavingAt), offeredBy}
}

// Nodes implements app.HomeReadTx.
func (t *tx) Nodes() ([]app.NodeRecord, error) {
	return all(t.s, scanNode, "SELECT "+nodeColumns+" ORDER BY id")
}

// AddNode implements app.HomeTx.
func (t *tx) AddNode(n app.NodeRecord) (app.NodeID, error) {
	id, err := one(t.s, scanInt, `INSERT INTO nodes (address, account, chosen, state, added_at, seen_at, leaving_at, offered_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, nodeValues(n)...)
	return app.NodeID(id), err
}

// SetNode implements app.HomeTx.
func (t *tx) SetNode(n app.NodeRecord) error {
	return t.s.change(`UPDATE nodes SET address = ?, account = ?, chosen = ?, state = ?, added_at = ?, seen_at = ?,
		leaving_at = ?, offered_by = ? WHERE id = ?`, append(nodeValues(n), int64(n.ID))...)
}

// RemoveNode implements app.HomeTx.
func (t *tx) RemoveNode(id app.NodeID) error {
	_, err := t.s.exec("DELETE FROM nodes WHERE id = ?", int64(id))
	return err
}

const lotColumns = "node, lot, until, due, uploaded, spares, issued_at FROM lots"

// spareSize is the length of a grant's seed.
const spareSize = 32

func scanLot(r *sql.Rows) (l app.LotRecord, err error) {
	var lot, spares sql.RawBytes
	var until, due, issued int64
	err = r.Scan(&l.Node, &lot, &until, &due, &l.Uploaded, &spares, &issued)
	copy(l.ID[:], lot)
	for seed := range slices.Chunk(spares, spareSize) {
		if len(seed) == spareSize {
			l.Spares = append(l.Spares, [spareSize]byte(seed))
		}
	}
	l.Until, l.Due, l.IssuedAt = unstamp(until), unstamp(due), unstamp(issued)
	return l, err
}

// Lots implements app.HomeReadTx.
func (t *tx) Lots(id app.NodeID) ([]app.LotRecord, error) {
	return all(t.s, scanLot, "SELECT "+lotColumns+" WHERE node = ? ORDER BY id", int64(id))
}

// SetLot implements app.HomeTx.
func (t *tx) SetLot(l app.LotRecord) error {
	spares := make([]byte, 0, len(l.Spares)*spareSize)
	for _, seed := range l.Spares {
		spares = append(spares, seed[:]...)
	}
	_, err := t.s.exec(`INSERT INTO lots (node, lot, until, due, uploaded, spares, issued_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET until = excluded.until, due = excluded.due, uploaded = excluded.uploaded,
		spares = excluded.spares, issued_at = excluded.issued_at`,
		int64(l.Node), l.ID[:], stamp(l.Until), stamp(l.Due), l.Uploaded, spares, stamp(l.IssuedAt))
	return err
}

// RemoveLot implements app.HomeTx.
func (t *tx) RemoveLot(id app.NodeID, lot [16]byte) error {
	_, err := t.s.exec("DELETE FROM lots WHERE node = ? AND lot = ?", int64(id), lot[:])
	return err
}

// Offers implements app.HomeReadTx.
func (t *tx) Offers() ([]app.OfferRecord, error) {
	return all(t.s, func(r *sql.Rows) (o app.OfferRecord, err error) { err = r.Scan(&o.Contact, &o.Address); return o, err },
		"SELECT contact, address FROM offers ORDER BY contact")
}

// SetOffer implements app.HomeTx.
func (t *tx) SetOffer(o app.OfferRecord) error {
	if o.Address != "" {
		_, err := t.s.exec(`INSERT INTO offers (contact, address) VALUES (?, ?)
			ON CONFLICT DO UPDATE SET address = excluded.address`, int64(o.Contact), o.Address)
		return err
	}
	if _, err := t.s.exec("DELETE FROM offers WHERE contact = ?", int64(o.Contact)); err != nil {
		return err
	}
	_, err := one(t.s, scanInt, "SELECT 1 FROM contacts WHERE id = ?", int64(o.Contact))
	return err
}
