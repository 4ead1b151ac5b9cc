package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// partition names the one of a day.
func partition(day int64) string { return fmt.Sprintf("cells_%d", day) }

// days remembers for which days this front end saw a partition.
type days struct {
	mu    sync.Mutex
	known map[int64]bool // by mu
}

func (d *days) has(day int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.known[day]
}

func (d *days) add(day int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[int64]bool{}
	}
	d.known[day] = true
}

// forget makes all be asked for again: another front end dropped one.
func (d *days) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.known)
}

// ensure makes the partition of a day, where there is none.
func (d *Depot) ensure(ctx context.Context, day int64) error {
	if d.days.has(day) {
		return nil
	}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockDays)); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", partition(day)).Scan(&there); err != nil || there {
			return err
		}
		// A table made AS a partition locks out everybody, and first waits for whoever reads
		// for long. One that is attached does not.
		return script(ctx, tx, fmt.Sprintf("CREATE TABLE %[1]s (LIKE cells INCLUDING ALL); ALTER TABLE cells ATTACH PARTITION %[1]s FOR VALUES FROM (%[2]d) TO (%[3]d)",
			partition(day), day, day+1))
	})
	if err == nil {
		d.days.add(day)
	}
	return err
}

// listDays returns the days that have a partition.
func (d *Depot) listDays(ctx context.Context, tx pgx.Tx) (found []int64, err error) {
	rows, err := tx.Query(ctx, `SELECT substr(c.relname, 7)::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'cells'::regclass ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
