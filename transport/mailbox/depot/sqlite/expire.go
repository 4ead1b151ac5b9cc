package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tacit/transport/mailbox/depot"
)

// Everything here deletes in commits of bounded size, between which deposits go on.

var (
	deleteAccount = text(`DELETE FROM accounts WHERE id = ?`)
	insertLeaving = text(`INSERT INTO leaving (account) VALUES (?)`)
	deleteLeaving = text(`DELETE FROM leaving WHERE account = ?`)
	forgetInvited = text(`UPDATE invites SET account = NULL WHERE account = ?`)
	deleteCells   = text(`DELETE FROM cells WHERE id IN (SELECT id FROM cells WHERE id BETWEEN ?1 << 32 AND ?1 << 32 | 0xFFFFFFFF LIMIT ?2)`)
	selectALot    = text(`SELECT id FROM lots WHERE account = ? LIMIT 1`)
	deleteSlots   = text(`DELETE FROM slots WHERE account = ?`)
	selectPages   = text(`SELECT id FROM presence WHERE id BETWEEN ?1 << 4 AND ?1 << 4 | 15`)
	deletePage    = text(`DELETE FROM presence WHERE id = ?`)
)

// Leave implements depot.Owners.
func (d *Depot) Leave(ctx context.Context, _ time.Time, key depot.Account) error {
	var id int64
	err := d.change(ctx, func(t *tx) error {
		var err error
		id, err = t.leave(key)
		return err
	})
	if err != nil {
		return err
	}
	return d.sweep(ctx, id)
}

// leave makes the account unknown; a sweep deletes what it had.
func (t *tx) leave(key depot.Account) (int64, error) {
	a, err := t.account(key)
	if err != nil {
		return 0, err
	}
	for _, s := range []statement{deleteAccount, insertLeaving, forgetInvited} {
		if _, err := t.exec(s, a.id); err != nil {
			return 0, err
		}
	}
	return a.id, nil
}

// sweep deletes what an account had that left.
func (d *Depot) sweep(ctx context.Context, id int64) error {
	return d.steps(ctx, func(t *tx) (more bool, err error) {
		if n, err := t.exec(deleteCells, id, sweepRows); err != nil || n > 0 {
			return true, err
		}
		if lots, err := t.ids(selectALot, id); err != nil || len(lots) > 0 {
			return true, t.all(err, t.dropLot, lots)
		}
		if _, err := t.exec(deleteSlots, id); err != nil {
			return false, err
		}
		pages, err := t.ids(selectPages, id)
		if err := t.all(err, t.dropPage, pages); err != nil {
			return false, err
		}
		_, err = t.exec(deleteLeaving, id)
		return false, err
	})
}

// steps commits f again and again, as long as it says that there is more.
func (d *Depot) steps(ctx context.Context, f func(*tx) (bool, error)) error {
	for more := true; more; {
		err := d.change(ctx, func(t *tx) (err error) {
			more, err = f(t)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ids returns the first column.
func (t *tx) ids(s statement, args ...any) (ids []int64, err error) {
	err = t.rows(func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, s, args...)
	return ids, err
}

// all calls f with each id, unless there is an error already.
func (t *tx) all(err error, f func(int64) error, ids []int64) error {
	for _, id := range ids {
		if err == nil {
			err = f(id)
		}
	}
	return err
}

func (t *tx) dropPage(id int64) error {
	if err := t.changeIDs(id, nil); err != nil {
		return err
	}
	_, err := t.exec(deletePage, id)
	return err
}

var (
	selectLeaving = text(`SELECT account FROM leaving`)
	selectUnseen  = text(`SELECT key FROM accounts WHERE seen <= ?`)
	selectAged    = text(`SELECT id FROM accounts WHERE cells > 0 AND oldest <= ?`)
	deleteAged    = text(`DELETE FROM cells WHERE id IN (SELECT id FROM cells WHERE id BETWEEN ?1 << 32 AND ?1 << 32 | 0xFFFFFFFF AND day <= ?2 LIMIT ?3) RETURNING places`)
	lessCells     = text(`UPDATE accounts SET cells = cells - ?2, used = used - ?3,
		oldest = ifnull((SELECT min(day) FROM cells WHERE id BETWEEN ?1 << 32 AND ?1 << 32 | 0xFFFFFFFF), 0) WHERE id = ?1`)
	selectLotsOver = text(`SELECT id FROM lots WHERE until <= ? LIMIT 1`)
	deleteSlotOver = text(`DELETE FROM slots WHERE id IN (SELECT id FROM slots WHERE until <= ? LIMIT ?)`)
	selectPageOver = text(`SELECT id FROM presence WHERE at <= ? LIMIT 4`)
)

// Expire implements depot.Operator.
func (d *Depot) Expire(ctx context.Context, now time.Time) error {
	var left, aged []int64
	var unseen []depot.Account
	last := depot.DayOf(now) - int64(depot.CellLife/depot.Day)
	err := d.view(ctx, func(t *tx) (err error) {
		if left, err = t.ids(selectLeaving); err != nil {
			return err
		}
		if aged, err = t.ids(selectAged, last); err != nil {
			return err
		}
		return t.rows(func(r *sql.Rows) error {
			var key sql.RawBytes
			if err := r.Scan(&key); err != nil {
				return err
			}
			unseen = append(unseen, depot.Account(key))
			return nil
		}, selectUnseen, depot.DayOf(now)-int64(depot.AccountLife/depot.Day))
	})
	if err != nil {
		return err
	}
	for _, id := range left { // a sweep that was cut short
		if err := d.sweep(ctx, id); err != nil {
			return err
		}
	}
	for _, key := range unseen {
		if err := d.Leave(ctx, now, key); err != nil && !ownFault(err) {
			return err
		}
	}
	for _, id := range aged {
		if err := d.steps(ctx, func(t *tx) (bool, error) { return t.ageCells(id, last) }); err != nil {
			return err
		}
	}
	return d.expireOthers(ctx, now)
}

// ageCells deletes cells of an account up to that day, and says whether there may be more.
func (t *tx) ageCells(id, last int64) (bool, error) {
	cells, bytes := 0, int64(0)
	err := t.rows(func(r *sql.Rows) error {
		places := int64(0)
		err := r.Scan(&places)
		cells, bytes = cells+1, bytes+places*depot.CellSize
		return err
	}, deleteAged, id, last, sweepRows)
	if err != nil {
		return false, err
	}
	_, err = t.exec(lessCells, id, cells, bytes)
	return cells == sweepRows, err
}

// expireOthers deletes lots, slots and presence.
func (d *Depot) expireOthers(ctx context.Context, now time.Time) error {
	err := d.steps(ctx, func(t *tx) (bool, error) {
		lots, err := t.ids(selectLotsOver, now.Unix())
		return len(lots) > 0, t.all(err, t.dropLot, lots)
	})
	if err != nil {
		return err
	}
	err = d.steps(ctx, func(t *tx) (bool, error) {
		n, err := t.exec(deleteSlotOver, now.UnixMilli(), sweepRows)
		return n > 0, err
	})
	if err != nil {
		return err
	}
	err = d.steps(ctx, func(t *tx) (bool, error) {
		pages, err := t.ids(selectPageOver, now.Add(-depot.PresenceLife).UnixMilli())
		return len(pages) > 0, t.all(err, t.dropPage, pages)
	})
	if err != nil {
		return err
	}
	return d.clearLog(ctx)
}

// clearLog copies the log into the database and cuts it off: it has pages as they were
// before something was deleted. It gives up soon while somebody reads for long, like a backup.
func (d *Depot) clearLog(ctx context.Context) error {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	var patience int64
	if err := conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&patience); err != nil {
		return translate(err)
	}
	setPatience := func(ms int64) error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA busy_timeout = %d", ms))
		return err
	}
	if err := setPatience(clearPatience.Milliseconds()); err != nil {
		return translate(err)
	}
	var busy, pages, copied int64
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &copied)
	return translate(errors.Join(err, setPatience(patience)))
}
