package postgres

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Admit implements depot.Owners. It writes once a day.
func (d *Depot) Admit(ctx context.Context, now time.Time, key depot.Account, ticket depot.Ticket) error {
	today, seen := depot.DayOf(now), int64(-1)
	err := d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		err := c.QueryRow(ctx, `SELECT seen FROM accounts WHERE key = $1`, key[:]).Scan(&seen)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil || seen == today {
		return err
	}
	return d.change(ctx, func(ctx context.Context, tx pgx.Tx) error { return d.admit(ctx, tx, key, ticket, int32(today)) })
}

func (d *Depot) admit(ctx context.Context, tx pgx.Tx, key depot.Account, ticket depot.Ticket, today int32) error {
	// One after another: how many there are, and who an invite is for, must not change meanwhile.
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(lockAdmit)); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `UPDATE accounts SET seen = $2 WHERE key = $1`, key[:], today)
	if err != nil || tag.RowsAffected() == 1 {
		return err
	}
	var invited bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM invites WHERE code = $1 AND NOT used)`, ticket.Invite[:]).Scan(&invited); err != nil {
		return err
	}
	if !ticket.Open && !invited {
		return refusal("no invite")
	}
	if limit := d.options.Accounts; limit > 0 {
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM accounts`).Scan(&n); err != nil {
			return err
		}
		if n >= limit {
			return refusal("too many accounts")
		}
	}
	var id int64
	err = tx.QueryRow(ctx, `INSERT INTO accounts (key, seen, seq, used, cells, floor, refused, told) VALUES ($1, $2, 0, 0, 0, 0, 0, 0) RETURNING id`,
		key[:], today).Scan(&id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE invites SET used = true, account = $2 WHERE code = $1 AND NOT used`, ticket.Invite[:], id)
	return err
}

// Standing implements depot.Owners.
func (d *Depot) Standing(ctx context.Context, now time.Time, key depot.Account) (s identity.Standing, err error) {
	err = d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		a, err := find(ctx, c, selectAccount, key)
		if err != nil {
			return err
		}
		s = identity.Standing{Used: a.used, Quota: d.options.Quota, Cells: int(a.cells)}
		return c.QueryRow(ctx, countLots, a.id, now.Unix()).Scan(&s.Lots)
	})
	return s, err
}

const countLots = `SELECT count(*) FROM lots WHERE account = $1 AND until > $2`

// PutLot implements depot.Owners.
func (d *Depot) PutLot(ctx context.Context, now time.Time, key depot.Account, lot *identity.Lot) error {
	if !depot.CheckLot(lot, now) {
		return refusal("not a lot")
	}
	parts, hashes := partsOf(lot)
	return d.as(ctx, key, func(ctx context.Context, tx pgx.Tx, a account) error {
		var n int
		if err := tx.QueryRow(ctx, countLots, a.id, now.Unix()).Scan(&n); err != nil {
			return err
		}
		var id int64
		err := tx.QueryRow(ctx, `INSERT INTO lots (name, account, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING id`,
			lot.ID[:], a.id, lot.Until).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return sameLot(ctx, tx, a, lot, hashes)
		}
		if err != nil {
			return err
		}
		if n >= depot.MaxLots {
			return refusal("too many lots")
		}
		_, err = tx.Exec(ctx, `INSERT INTO hashes (lot, part, hashes) SELECT $1, * FROM unnest($2::smallint[], $3::bytea[])`, id, parts, hashes)
		return err
	})
}

// partsOf sorts the hashes into the rows they are stored in.
func partsOf(lot *identity.Lot) (parts []int16, hashes [][]byte) {
	sorted := slices.Clone(lot.Hashes[:])
	slices.SortFunc(sorted, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	for _, h := range sorted {
		if n := partOf(h); len(parts) == 0 || parts[len(parts)-1] != n {
			parts, hashes = append(parts, n), append(hashes, nil)
		}
		last := &hashes[len(hashes)-1]
		*last = append(*last, h[:]...)
	}
	return parts, hashes
}

// sameLot refuses one whose name is in use, unless it is the same.
func sameLot(ctx context.Context, tx pgx.Tx, a account, lot *identity.Lot, hashes [][]byte) error {
	var stored []byte
	err := tx.QueryRow(ctx, `SELECT (SELECT string_agg(h.hashes, ''::bytea ORDER BY h.part) FROM hashes h WHERE h.lot = l.id)
		FROM lots l WHERE l.name = $1 AND l.account = $2 AND l.until = $3`, lot.ID[:], a.id, lot.Until).Scan(&stored)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !bytes.Equal(stored, bytes.Join(hashes, nil)) {
		return refusal("a lot of that name")
	}
	return err
}

// DropLot implements depot.Owners.
func (d *Depot) DropLot(ctx context.Context, _ time.Time, key depot.Account, lot [16]byte) error {
	return d.as(ctx, key, func(ctx context.Context, tx pgx.Tx, a account) error {
		return dropLots(ctx, tx, `account = $1 AND name = $2`, a.id, lot[:])
	})
}

// dropLots deletes lots, of accounts that are locked, with their tokens.
func dropLots(ctx context.Context, tx pgx.Tx, which string, args ...any) error {
	rows, err := tx.Query(ctx, `DELETE FROM lots WHERE `+which+` RETURNING id`, args...)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(ids) == 0 {
		return err
	}
	var batch pgx.Batch
	batch.Queue(`DELETE FROM hashes WHERE lot = ANY($1)`, ids)
	batch.Queue(`DELETE FROM spent WHERE lot = ANY($1)`, ids)
	return tx.SendBatch(ctx, &batch).Close()
}

// Leave implements depot.Owners.
func (d *Depot) Leave(ctx context.Context, _ time.Time, key depot.Account) error {
	return d.as(ctx, key, leave)
}

// leave deletes an account that is locked, and all it has.
func leave(ctx context.Context, tx pgx.Tx, a account) error {
	if err := dropLots(ctx, tx, `account = $1`, a.id); err != nil {
		return err
	}
	var batch pgx.Batch
	for _, statement := range []string{
		`DELETE FROM cells WHERE account = $1`,
		`DELETE FROM slots WHERE account = $1`,
		`DELETE FROM presence_ids i USING presence p WHERE p.id BETWEEN $1::bigint << 4 AND $1::bigint << 4 | 15 AND i.page = p.id AND i.name = ANY(` + pageNames + `)`,
		`DELETE FROM presence WHERE id BETWEEN $1::bigint << 4 AND $1::bigint << 4 | 15`,
		`UPDATE invites SET account = NULL WHERE account = $1`,
		`DELETE FROM accounts WHERE id = $1`,
	} {
		batch.Queue(statement, a.id)
	}
	return tx.SendBatch(ctx, &batch).Close()
}
