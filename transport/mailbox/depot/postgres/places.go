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

// pageNames are the ids in the content of a page p: see depot.PresencePage.Pack.
const pageNames = `ARRAY(SELECT substr(p.content, n * 528 + 1, 16) FROM generate_series(0, 63) n)`

// PutPresence implements depot.Owners. It writes the page, and of the ids those that changed.
func (d *Depot) PutPresence(ctx context.Context, now time.Time, key depot.Account, page int, slots *depot.PresencePage) error {
	if page < 0 || page >= depot.PresencePages {
		return refusal("no such page")
	}
	content := slots.Pack()
	return d.as(ctx, key, func(ctx context.Context, tx pgx.Tx, a account) error {
		id := a.id<<4 | int64(page)
		var old []byte
		err := tx.QueryRow(ctx, `SELECT content FROM presence WHERE id = $1 FOR UPDATE`, id).Scan(&old)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		was, is := depot.PackedNames(old), depot.PackedNames(content)
		var batch pgx.Batch
		batch.Queue(`DELETE FROM presence_ids WHERE name = ANY($1) AND page = $2`, without(was, is), id)
		batch.Queue(`INSERT INTO presence_ids (name, page) SELECT *, $2 FROM unnest($1::bytea[])`, without(is, was), id)
		batch.Queue(`INSERT INTO presence (id, at, content) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET at = excluded.at, content = excluded.content`, id, now.UnixMilli(), content)
		return tx.SendBatch(ctx, &batch).Close()
	})
}

// without returns the names of a that b does not have.
func without(a, b map[[16]byte]bool) [][]byte {
	names := [][]byte{}
	for name := range a {
		if !b[name] {
			names = append(names, name[:])
		}
	}
	return names
}

// Look implements depot.Senders.
func (d *Depot) Look(ctx context.Context, now time.Time, id [16]byte) ([]byte, error) {
	var page []byte
	err := d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		return one(c.QueryRow(ctx, `SELECT p.content FROM presence_ids i JOIN presence p ON p.id = i.page
			WHERE i.name = $1 AND p.at > $2 ORDER BY p.at DESC LIMIT 1`, id[:], now.Add(-depot.PresenceLife).UnixMilli()), &page)
	})
	return depot.FindPacked(page, id), err
}

// one scans a row that need not be there.
func one(row pgx.Row, into ...any) error {
	if err := row.Scan(into...); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return nil
}

// LeaveCell implements depot.Senders.
func (d *Depot) LeaveCell(ctx context.Context, now time.Time, slot [16]byte, cell []byte) (identity.Verdict, error) {
	if len(cell) != depot.CellSize {
		return identity.DepositRefused, ctx.Err()
	}
	v := identity.DepositRefused
	err := d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE slots SET cell = $2 WHERE name = $1 AND until > $3 AND (cell IS NULL OR cell = $2)`,
			slot[:], cell, now.UnixMilli())
		if err == nil && tag.RowsAffected() == 1 {
			v = identity.DepositKept
		}
		return err
	})
	if errors.Is(err, depot.ErrFull) {
		return identity.DepositLater, nil
	}
	return v, err
}

// ReadCell implements depot.Senders.
func (d *Depot) ReadCell(ctx context.Context, now time.Time, slot [16]byte) (cell []byte, err error) {
	err = d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		return one(c.QueryRow(ctx, `SELECT cell FROM slots WHERE name = $1 AND until > $2`, slot[:], now.UnixMilli()), &cell)
	})
	return cell, err
}

// putSlots makes slots, and extends own ones; those of others that are not over stay as they are.
const putSlots = `INSERT INTO slots AS s (name, account, until) SELECT u.name, $2, $3 FROM unnest($1::bytea[]) AS u (name) ORDER BY u.name
	ON CONFLICT (name) DO UPDATE SET account = excluded.account,
		cell = CASE WHEN s.until <= $4 THEN NULL ELSE s.cell END,
		until = CASE WHEN s.until <= $4 THEN excluded.until ELSE greatest(s.until, excluded.until) END
	WHERE s.account = excluded.account OR s.until <= $4`

// Register implements depot.Owners.
func (d *Depot) Register(ctx context.Context, now time.Time, key depot.Account, until time.Time, names [][16]byte) error {
	if !depot.Ahead(until, now, depot.MaxSlotLife) {
		return refusal("not a time for slots")
	}
	unique := slices.Clone(names)
	slices.SortFunc(unique, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	unique = slices.Compact(unique)
	list := make([][]byte, len(unique))
	for i := range unique {
		list[i] = unique[i][:]
	}
	return d.as(ctx, key, func(ctx context.Context, tx pgx.Tx, a account) error {
		tag, err := tx.Exec(ctx, putSlots, list, a.id, until.UnixMilli(), now.UnixMilli())
		if err != nil {
			return err
		}
		if tag.RowsAffected() != int64(len(list)) {
			return refusal("somebody's slot")
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM slots WHERE account = $1 AND until > $2`, a.id, now.UnixMilli()).Scan(&n); err != nil {
			return err
		}
		if n > depot.MaxSlots {
			return refusal("too many slots")
		}
		return nil
	})
}
