package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tacit/transport/mailbox/depot"
)

// rows are what one transaction of deposits inserts, in columns.
type rows struct {
	lots    []int64 // of spent
	hashes  [][]byte
	spentOn [][]byte
	days    []int32

	accounts []int64 // of cells
	cellDays []int32
	seqs     []int64
	places   []int16
	tags     []int64
	cells    [][]byte
}

func (r *rows) spend(lot int64, hash []byte, s *depot.Spent) {
	r.lots, r.hashes = append(r.lots, lot), append(r.hashes, hash)
	r.spentOn, r.days = append(r.spentOn, s.Cell[:]), append(r.days, int32(s.Day))
}

func (r *rows) store(a *account, day int64, c *claim) {
	r.accounts, r.cellDays, r.seqs = append(r.accounts, a.id), append(r.cellDays, int32(day)), append(r.seqs, a.seq)
	r.places, r.tags = append(r.places, int16(depot.Places(len(c.Cell)))), append(r.tags, tagOf(c.cell[:]))
	r.cells = append(r.cells, c.Cell)
	a.seq++
	a.cells++
	a.used += int64(len(c.Cell))
	a.changed = true
}

const (
	insertSpent = `INSERT INTO spent (lot, hash, cell, day) SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::integer[])
		ON CONFLICT (lot, hash) DO UPDATE SET day = excluded.day`
	insertCells = `INSERT INTO cells (account, day, seq, places, tag, cell)
		SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bytea[])`
	updateAccounts = `UPDATE accounts a SET seq = u.seq, used = u.used, cells = u.cells, refused = u.refused
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS u (id, seq, used, cells, refused)
		WHERE a.id = u.id`
)

// write inserts everything and commits, in one go.
func (b *attempt) write(ctx context.Context, conn *pgxpool.Conn) error {
	var batch pgx.Batch
	if r := &b.rows; len(r.cells) > 0 {
		batch.Queue(insertSpent, r.lots, r.hashes, r.spentOn, r.days)
		batch.Queue(insertCells, r.accounts, r.cellDays, r.seqs, r.places, r.tags, r.cells)
	}
	var ids, seqs, used, cells, refused []int64
	for _, a := range b.accounts {
		if a.changed {
			ids, seqs, used = append(ids, a.id), append(seqs, a.seq), append(used, a.used)
			cells, refused = append(cells, a.cells), append(refused, a.refused)
		}
	}
	if len(ids) > 0 {
		batch.Queue(updateAccounts, ids, seqs, used, cells, refused)
	}
	batch.Queue("COMMIT")
	return conn.SendBatch(ctx, &batch).Close()
}
