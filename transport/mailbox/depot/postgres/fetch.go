package postgres

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

const (
	// takeCells deletes marked cells of one day and takes them off the account.
	takeCells = `WITH gone AS (
			DELETE FROM cells WHERE account = $1 AND day = $2 AND (seq, tag) IN (SELECT * FROM unnest($3::bigint[], $4::bigint[])) RETURNING places)
		UPDATE accounts SET cells = cells - (SELECT count(*) FROM gone), used = used - (SELECT coalesce(sum(places), 0) * $5::bigint FROM gone),
			refused = CASE WHEN EXISTS (SELECT FROM gone) THEN refused - told ELSE refused END,
			told = CASE WHEN EXISTS (SELECT FROM gone) THEN 0 ELSE told END
		WHERE id = $1`
	selectPage = `SELECT day, seq, places, tag, cell FROM cells WHERE account = $1 AND day >= $2 ORDER BY day, seq LIMIT $3`
	updateTold = `UPDATE accounts SET told = $2 WHERE id = $1 AND refused >= $2`
)

// Fetch implements depot.Owners.
func (d *Depot) Fetch(ctx context.Context, _ time.Time, key depot.Account, done [][16]byte) (f identity.Fetched, err error) {
	if len(done) > depot.MaxMarks {
		return f, refusal("too many marks")
	}
	if len(done) > 0 {
		err := d.as(ctx, key, func(ctx context.Context, tx pgx.Tx, a account) error { return take(ctx, tx, a, done) })
		if err != nil {
			return f, err
		}
	}
	var a account
	err = d.view(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		if a, err = find(ctx, c, selectAccount, key); err != nil {
			return err
		}
		f, err = d.page(ctx, c, a)
		return err
	})
	if err != nil {
		return identity.Fetched{}, err
	}
	if a.told != a.refused {
		err = d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, updateTold, a.id, a.refused)
			return err
		})
	}
	return f, err
}

// take deletes the cells of marks.
func take(ctx context.Context, tx pgx.Tx, a account, marks [][16]byte) error {
	type day struct{ seqs, tags []int64 }
	days := map[int64]*day{}
	for _, b := range marks {
		m := depot.ParseMark(b)
		if m.Seq >= a.seq || m.Day < a.floor {
			continue
		}
		if days[m.Day] == nil {
			days[m.Day] = &day{}
		}
		days[m.Day].seqs = append(days[m.Day].seqs, m.Seq)
		days[m.Day].tags = append(days[m.Day].tags, tagOf(m.Hash[:]))
	}
	var batch pgx.Batch
	for n, of := range days {
		batch.Queue(takeCells, a.id, int32(n), of.seqs, of.tags, int64(depot.CellSize))
	}
	return tx.SendBatch(ctx, &batch).Close()
}

// page reads the oldest cells that fit.
func (d *Depot) page(ctx context.Context, c *pgxpool.Conn, a account) (f identity.Fetched, err error) {
	f = identity.Fetched{Refused: int(a.refused), Used: a.used, Quota: d.options.Quota}
	if a.cells == 0 {
		return f, nil
	}
	rows, err := c.Query(ctx, selectPage, a.id, int32(a.floor), depot.PagePlaces)
	if err != nil {
		return f, err
	}
	defer rows.Close()
	room := depot.PagePlaces
	for rows.Next() {
		var m depot.Mark
		var tag int64
		var places int
		var cell []byte
		if err := rows.Scan(&m.Day, &m.Seq, &places, &tag, &cell); err != nil {
			return f, err
		}
		if room -= places; room < 0 {
			break
		}
		binary.BigEndian.PutUint64(m.Hash[:], uint64(tag))
		f.Cells = append(f.Cells, cell)
		f.Marks = append(f.Marks, m.Bytes())
	}
	f.Left = max(int(a.cells)-len(f.Cells), 0) // one that came in between is on the page already
	return f, rows.Err()
}
