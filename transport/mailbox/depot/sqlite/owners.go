package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

var (
	selectSeen    = text(`SELECT seen FROM accounts WHERE key = ?`)
	updateSeen    = text(`UPDATE accounts SET seen = ?2 WHERE key = ?1`)
	countAccounts = text(`SELECT count(*) FROM accounts`)
	insertAccount = text(`INSERT INTO accounts (key, seen, seq, used, cells, oldest, refused, told) VALUES (?, ?, 0, 0, 0, 0, 0, 0)`)
	useInvite     = text(`UPDATE invites SET used = 1, account = (SELECT id FROM accounts WHERE key = ?2) WHERE code = ?1 AND used = 0`)
	freshInvite   = text(`SELECT count(*) FROM invites WHERE code = ? AND used = 0`)
)

// Admit implements depot.Owners. It writes once a day.
func (d *Depot) Admit(ctx context.Context, now time.Time, key depot.Account, ticket depot.Ticket) error {
	today, seen := depot.DayOf(now), int64(-1)
	err := d.view(ctx, func(t *tx) error {
		return t.row(selectSeen, key[:]).Scan(&seen)
	})
	if err == nil && seen == today {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return d.change(ctx, func(t *tx) error { return t.admit(key, ticket, today) })
}

func (t *tx) admit(key depot.Account, ticket depot.Ticket, today int64) error {
	if n, err := t.exec(updateSeen, key[:], today); err != nil || n == 1 {
		return err
	}
	invited := 0
	if err := t.row(freshInvite, ticket.Invite[:]).Scan(&invited); err != nil {
		return err
	}
	if !ticket.Open && invited == 0 {
		return fmt.Errorf("no invite: %w", depot.ErrRefused)
	}
	if limit := t.options.Accounts; limit > 0 {
		n := 0
		if err := t.row(countAccounts).Scan(&n); err != nil {
			return err
		}
		if n >= limit {
			return fmt.Errorf("too many accounts: %w", depot.ErrRefused)
		}
	}
	if _, err := t.exec(insertAccount, key[:], today); err != nil {
		return err
	}
	_, err := t.exec(useInvite, ticket.Invite[:], key[:])
	return err
}

var countLots = text(`SELECT count(*) FROM lots WHERE account = ? AND until > ?`)

// Standing implements depot.Owners.
func (d *Depot) Standing(ctx context.Context, now time.Time, key depot.Account) (s identity.Standing, err error) {
	err = d.view(ctx, func(t *tx) error {
		a, err := t.account(key)
		if err != nil {
			return err
		}
		s = identity.Standing{Used: a.used, Quota: t.options.Quota, Cells: a.cells}
		return t.row(countLots, a.id, now.Unix()).Scan(&s.Lots)
	})
	return s, err
}

// Watch implements depot.Owners.
func (d *Depot) Watch(key depot.Account) (<-chan struct{}, func()) { return d.board.Watch(key) }

// PutLot implements depot.Owners.
func (d *Depot) PutLot(ctx context.Context, now time.Time, key depot.Account, lot *identity.Lot) error {
	if !depot.CheckLot(lot, now) {
		return fmt.Errorf("not a lot: %w", depot.ErrRefused)
	}
	parts := partsOf(lot)
	return d.change(ctx, func(t *tx) error { return t.putLot(key, lot, parts, now) })
}

// partsOf sorts the hashes into the rows they are stored in.
func partsOf(lot *identity.Lot) (parts [1 << partBits][]byte) {
	sorted := slices.Clone(lot.Hashes[:])
	slices.SortFunc(sorted, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	for _, h := range sorted {
		n := partOf(0, h)
		parts[n] = append(parts[n], h[:]...)
	}
	return parts
}

var (
	selectLotID = text(`SELECT id, account, until FROM lots WHERE name = ?`)
	insertLot   = text(`INSERT INTO lots (name, account, until) VALUES (?, ?, ?) RETURNING id`)
	insertPart  = text(`INSERT INTO hashes (id, hashes) VALUES (?, ?)`)
)

func (t *tx) putLot(key depot.Account, lot *identity.Lot, parts [1 << partBits][]byte, now time.Time) error {
	a, err := t.account(key)
	if err != nil {
		return err
	}
	var id, owner, until int64
	switch err := t.row(selectLotID, lot.ID[:]).Scan(&id, &owner, &until); {
	case err == nil:
		if owner != a.id || until != lot.Until {
			return fmt.Errorf("a lot of that name: %w", depot.ErrRefused)
		}
		return t.sameLot(id, parts)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	n := 0
	if err := t.row(countLots, a.id, now.Unix()).Scan(&n); err != nil {
		return err
	}
	if n >= depot.MaxLots {
		return fmt.Errorf("too many lots: %w", depot.ErrRefused)
	}
	if err := t.row(insertLot, lot.ID[:], a.id, lot.Until).Scan(&id); err != nil {
		return err
	}
	for n, hashes := range parts {
		if len(hashes) == 0 {
			continue
		}
		if _, err := t.exec(insertPart, id<<partBits|int64(n), hashes); err != nil {
			return err
		}
	}
	return nil
}

// sameLot refuses a lot that is there with other hashes.
func (t *tx) sameLot(id int64, parts [1 << partBits][]byte) error {
	for n, hashes := range parts {
		var stored []byte
		err := t.row(selectHashes, id<<partBits|int64(n)).Scan(&stored)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if !bytes.Equal(stored, hashes) {
			return fmt.Errorf("a lot with other tokens: %w", depot.ErrRefused)
		}
	}
	return nil
}

// DropLot implements depot.Owners.
func (d *Depot) DropLot(ctx context.Context, _ time.Time, key depot.Account, lot [16]byte) error {
	return d.change(ctx, func(t *tx) error {
		a, err := t.account(key)
		if err != nil {
			return err
		}
		var id, owner, until int64
		err = t.row(selectLotID, lot[:]).Scan(&id, &owner, &until)
		if errors.Is(err, sql.ErrNoRows) || err == nil && owner != a.id {
			return nil
		}
		if err != nil {
			return err
		}
		return t.dropLot(id)
	})
}

var (
	deleteHashes = text(`DELETE FROM hashes WHERE id BETWEEN ?1 << 7 AND ?1 << 7 | 127`)
	deleteSpent  = text(`DELETE FROM spent WHERE lot = ?`)
	deleteLot    = text(`DELETE FROM lots WHERE id = ?`)
)

// dropLot deletes a lot and its tokens: at most 128 and 4096 rows, side by side.
func (t *tx) dropLot(id int64) error {
	for _, s := range []statement{deleteHashes, deleteSpent, deleteLot} {
		if _, err := t.exec(s, id); err != nil {
			return err
		}
	}
	return nil
}
