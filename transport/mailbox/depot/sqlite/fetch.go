package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

var (
	deleteMarked = text(`DELETE FROM cells WHERE id = ? AND tag = ? AND day = ? RETURNING places`)
	selectPage   = text(`SELECT id, day, places, tag, cell FROM cells WHERE id BETWEEN ?1 << 32 AND ?1 << 32 | 0xFFFFFFFF ORDER BY id LIMIT ?2`)
	updateTold   = text(`UPDATE accounts SET told = ?2 WHERE id = ?1 AND refused >= ?2`)
)

// Fetch implements depot.Owners.
func (d *Depot) Fetch(ctx context.Context, _ time.Time, key depot.Account, done [][16]byte) (f identity.Fetched, err error) {
	if len(done) > depot.MaxMarks {
		return f, fmt.Errorf("too many marks: %w", depot.ErrRefused)
	}
	if len(done) > 0 {
		if err := d.change(ctx, func(t *tx) error { return t.take(key, done) }); err != nil {
			return f, err
		}
	}
	var a accountRow
	err = d.view(ctx, func(t *tx) error {
		if a, err = t.account(key); err != nil {
			return err
		}
		f, err = t.page(a)
		return err
	})
	if err != nil {
		return identity.Fetched{}, err
	}
	if a.told != a.refused {
		err = d.change(ctx, func(t *tx) error {
			_, err := t.exec(updateTold, a.id, a.refused)
			return err
		})
	}
	return f, err
}

// take deletes the cells of marks.
func (t *tx) take(key depot.Account, marks [][16]byte) error {
	a, err := t.account(key)
	if err != nil {
		return err
	}
	before := a.cells
	for _, b := range marks {
		m := depot.ParseMark(b)
		if m.Seq >= a.seq {
			continue
		}
		err := t.rows(func(r *sql.Rows) error {
			places := 0
			if err := r.Scan(&places); err != nil {
				return err
			}
			a.cells--
			a.used -= int64(places) * depot.CellSize
			return nil
		}, deleteMarked, a.id<<seqBits|m.Seq, tagOf(m.Hash[:]), m.Day)
		if err != nil {
			return err
		}
	}
	if a.cells == before {
		return nil
	}
	a.refused -= a.told
	a.told = 0
	return t.write(&a)
}

// page reads the oldest cells that fit.
func (t *tx) page(a accountRow) (f identity.Fetched, err error) {
	f = identity.Fetched{Refused: a.refused, Used: a.used, Quota: t.options.Quota}
	room := depot.PagePlaces
	err = t.rows(func(r *sql.Rows) error {
		var id, day, tag int64
		var places int
		var cell []byte
		if room <= 0 {
			return nil
		}
		if err := r.Scan(&id, &day, &places, &tag, &cell); err != nil {
			return err
		}
		if room -= places; room < 0 {
			return nil
		}
		m := depot.Mark{Day: day, Seq: id & (1<<seqBits - 1)}
		binary.BigEndian.PutUint64(m.Hash[:], uint64(tag))
		f.Cells = append(f.Cells, cell)
		f.Marks = append(f.Marks, m.Bytes())
		return nil
	}, selectPage, a.id, depot.PagePlaces)
	f.Left = a.cells - len(f.Cells)
	return f, err
}
