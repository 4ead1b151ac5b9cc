package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tacit/transport/mailbox/depot"
)

// Expire implements depot.Operator. Front ends may do it at once.
func (d *Depot) Expire(ctx context.Context, now time.Time) error {
	for _, step := range []func(context.Context, time.Time) error{d.expireAccounts, d.expireCells, d.expireLots, d.expireOthers} {
		if err := step(ctx, now); err != nil {
			return err
		}
	}
	// Tomorrow's, so that nobody waits for it at midnight.
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return translate(caller, d.ensure(ctx, depot.DayOf(now)+1))
}

func (d *Depot) expireAccounts(ctx context.Context, now time.Time) error {
	var keys [][]byte
	err := d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT key FROM accounts WHERE seen <= $1`, depot.DayOf(now)-int64(depot.AccountLife/depot.Day))
		if err != nil {
			return err
		}
		keys, err = pgx.CollectRows(rows, pgx.RowTo[[]byte])
		return err
	})
	for _, key := range keys {
		if err == nil || errors.Is(err, depot.ErrStranger) { // another front end was faster
			err = d.Leave(ctx, now, depot.Account(key))
		}
	}
	if errors.Is(err, depot.ErrStranger) {
		return nil
	}
	return err
}

// raiseFloors takes the cells up to a day off the next accounts that may have some. From
// then on nobody counts them, nor gives them out.
const raiseFloors = `WITH due AS (SELECT id, floor FROM accounts WHERE id > $1 AND cells > 0 AND floor <= $2 ORDER BY id LIMIT $3 FOR UPDATE),
	aged AS (SELECT d.id, count(c.seq) AS n, coalesce(sum(c.places), 0) AS places
		FROM due d LEFT JOIN cells c ON c.account = d.id AND c.day BETWEEN d.floor AND $2 GROUP BY d.id)
	UPDATE accounts a SET cells = a.cells - g.n, used = a.used - g.places * $4::bigint, floor = $2 + 1 FROM aged g WHERE a.id = g.id RETURNING a.id`

// expireCells takes the cells of days that are over off their accounts, and drops the days whole.
func (d *Depot) expireCells(ctx context.Context, now time.Time) error {
	last := depot.DayOf(now) - int64(depot.CellLife/depot.Day)
	var over []int64
	err := d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		days, err := d.listDays(ctx, tx)
		over = over[:0]
		for _, day := range days {
			if day <= last {
				over = append(over, day)
			}
		}
		return err
	})
	if err != nil || len(over) == 0 {
		return err
	}
	for after, n := int64(0), sweepAccounts; n == sweepAccounts; {
		err := d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
			rows, err := tx.Query(ctx, raiseFloors, after, last, sweepAccounts, int64(depot.CellSize))
			if err != nil {
				return err
			}
			ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			for n = len(ids); len(ids) > 0; ids = ids[1:] {
				after = max(after, ids[0])
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, day := range over {
		if err := d.drop(ctx, day); err != nil {
			return err
		}
	}
	return nil
}

// drop drops a partition, unless somebody reads it for long.
func (d *Depot) drop(ctx context.Context, day int64) error {
	d.days.forget()
	waited := false
	err := d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET LOCAL lock_timeout = %d", dropPatience.Milliseconds())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DROP TABLE IF EXISTS "+partition(day))
		waited = code(err) == codeLockTimeout
		return err
	})
	if waited {
		return nil // its cells count no more: the next time will do
	}
	return err
}

func (d *Depot) expireLots(ctx context.Context, now time.Time) error {
	for more := true; more; {
		err := d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
			rows, err := tx.Query(ctx, `SELECT id FROM accounts WHERE id IN (SELECT account FROM lots WHERE until <= $1 ORDER BY until LIMIT 8) ORDER BY id FOR UPDATE`, now.Unix())
			if err != nil {
				return err
			}
			accounts, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if more = len(accounts) > 0; err != nil || !more {
				return err
			}
			return dropLots(ctx, tx, `account = ANY($1) AND until <= $2`, accounts, now.Unix())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// expireOthers deletes slots and presence.
func (d *Depot) expireOthers(ctx context.Context, now time.Time) error {
	return d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		aged := now.Add(-depot.PresenceLife).UnixMilli()
		var batch pgx.Batch
		batch.Queue(`DELETE FROM slots WHERE name IN (SELECT name FROM slots WHERE until <= $1 ORDER BY name FOR UPDATE SKIP LOCKED)`, now.UnixMilli())
		batch.Queue(`WITH gone AS (DELETE FROM presence WHERE id IN (SELECT id FROM presence WHERE at <= $1 ORDER BY id FOR UPDATE SKIP LOCKED) RETURNING id, content)
			DELETE FROM presence_ids i USING gone p WHERE i.page = p.id AND i.name = ANY(`+pageNames+`)`, aged)
		return tx.SendBatch(ctx, &batch).Close()
	})
}
