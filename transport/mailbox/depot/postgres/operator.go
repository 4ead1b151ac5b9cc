package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tacit/transport/mailbox/depot"
)

// AddInvite implements depot.Operator.
func (d *Depot) AddInvite(ctx context.Context, _ time.Time, code [16]byte) error {
	if code == [16]byte{} {
		return refusal("no invite")
	}
	return d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO invites (code, used) VALUES ($1, false) ON CONFLICT (code) DO NOTHING`, code[:])
		return err
	})
}

// RevokeInvite implements depot.Operator.
func (d *Depot) RevokeInvite(ctx context.Context, code [16]byte) error {
	return d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(lockAdmit)); err != nil {
			return err
		}
		var key []byte
		err := tx.QueryRow(ctx, `SELECT a.key FROM invites i JOIN accounts a ON a.id = i.account WHERE i.code = $1`, code[:]).Scan(&key)
		if err == nil {
			var a account
			if a, err = find(ctx, tx, lockAccount, depot.Account(key)); err == nil {
				err = leave(ctx, tx, a)
			}
		}
		if err != nil && !errors.Is(err, pgx.ErrNoRows) && !errors.Is(err, depot.ErrStranger) {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM invites WHERE code = $1`, code[:])
		return err
	})
}

const selectKeys = `SELECT record FROM keys`

// Keys implements depot.Operator.
func (d *Depot) Keys(ctx context.Context) (keys []byte, err error) {
	err = d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		return one(c.QueryRow(ctx, selectKeys), &keys)
	})
	return keys, err
}

// SetKeys implements depot.Operator.
func (d *Depot) SetKeys(ctx context.Context, old, keys []byte) (stands []byte, err error) {
	if len(keys) > depot.MaxKeys {
		return nil, refusal("too long")
	}
	statement, args := `UPDATE keys SET record = $1 WHERE record = $2`, []any{keys, old}
	if old == nil {
		statement, args = `INSERT INTO keys (id, record) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, []any{keys}
	}
	err = d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement, args...); err != nil {
			return err
		}
		return one(tx.QueryRow(ctx, selectKeys), &stands)
	})
	return stands, err
}

// Stats implements depot.Operator.
func (d *Depot) Stats(ctx context.Context) (s depot.Stats, err error) {
	err = d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		return c.QueryRow(ctx, `SELECT count(*), coalesce(sum(cells), 0)::bigint, coalesce(sum(used), 0)::bigint, (SELECT count(*) FROM lots) FROM accounts`).
			Scan(&s.Accounts, &s.Cells, &s.Bytes, &s.Lots)
	})
	return s, err
}
