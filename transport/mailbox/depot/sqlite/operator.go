package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tacit/transport/mailbox/depot"
)

var (
	addInvite    = text(`INSERT INTO invites (code, used) VALUES (?, 0) ON CONFLICT (code) DO NOTHING`)
	invitedKey   = text(`SELECT a.key FROM invites i JOIN accounts a ON a.id = i.account WHERE i.code = ?`)
	deleteInvite = text(`DELETE FROM invites WHERE code = ?`)
	selectKeys   = text(`SELECT record FROM keys`)
	putKeys      = text(`INSERT INTO keys (id, record) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record`)
	sumAccounts  = text(`SELECT count(*), ifnull(sum(cells), 0), ifnull(sum(used), 0) FROM accounts`)
	sumLots      = text(`SELECT count(*) FROM lots`)
)

// AddInvite implements depot.Operator.
func (d *Depot) AddInvite(ctx context.Context, _ time.Time, code [16]byte) error {
	if code == [16]byte{} {
		return fmt.Errorf("no invite: %w", depot.ErrRefused)
	}
	return d.change(ctx, func(t *tx) error {
		_, err := t.exec(addInvite, code[:])
		return err
	})
}

// RevokeInvite implements depot.Operator.
func (d *Depot) RevokeInvite(ctx context.Context, code [16]byte) error {
	var gone int64
	err := d.change(ctx, func(t *tx) error {
		var key []byte
		err := t.row(invitedKey, code[:]).Scan(&key)
		if err == nil {
			gone, err = t.leave(depot.Account(key))
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		_, err = t.exec(deleteInvite, code[:])
		return err
	})
	if err != nil || gone == 0 {
		return err
	}
	return d.sweep(ctx, gone)
}

// Keys implements depot.Operator.
func (d *Depot) Keys(ctx context.Context) (keys []byte, err error) {
	err = d.view(ctx, func(t *tx) error {
		keys, err = t.keys()
		return err
	})
	return keys, err
}

func (t *tx) keys() (keys []byte, err error) {
	err = t.row(selectKeys).Scan(&keys)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return keys, err
}

// SetKeys implements depot.Operator.
func (d *Depot) SetKeys(ctx context.Context, old, keys []byte) (stands []byte, err error) {
	if len(keys) > depot.MaxKeys {
		return nil, fmt.Errorf("too long: %w", depot.ErrRefused)
	}
	err = d.change(ctx, func(t *tx) error {
		if stands, err = t.keys(); err != nil || !bytes.Equal(stands, old) {
			return err
		}
		stands = bytes.Clone(keys)
		_, err = t.exec(putKeys, keys)
		return err
	})
	return stands, err
}

// Stats implements depot.Operator.
func (d *Depot) Stats(ctx context.Context) (s depot.Stats, err error) {
	err = d.view(ctx, func(t *tx) error {
		if err := t.row(sumAccounts).Scan(&s.Accounts, &s.Cells, &s.Bytes); err != nil {
			return err
		}
		return t.row(sumLots).Scan(&s.Lots)
	})
	return s, err
}
