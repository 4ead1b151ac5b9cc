package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

var (
	selectPresence   = text(`SELECT content FROM presence WHERE id = ?`)
	putPresence      = text(`INSERT INTO presence (id, at, content) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at, content = excluded.content`)
	insertPresenceID = text(`INSERT INTO presence_ids (name, page) VALUES (?, ?)`)
	deletePresenceID = text(`DELETE FROM presence_ids WHERE name = ? AND page = ?`)
	selectPageWith   = text(`SELECT p.content FROM presence_ids i JOIN presence p ON p.id = i.page
		WHERE i.name = ? AND p.at > ? ORDER BY p.at DESC LIMIT 1`)
)

// PutPresence implements depot.Owners. It writes the page, and of the ids those that changed.
func (d *Depot) PutPresence(ctx context.Context, now time.Time, key depot.Account, page int, slots *depot.PresencePage) error {
	if page < 0 || page >= depot.PresencePages {
		return fmt.Errorf("no such page: %w", depot.ErrRefused)
	}
	content := slots.Pack()
	return d.change(ctx, func(t *tx) error {
		a, err := t.account(key)
		if err != nil {
			return err
		}
		id := a.id<<pageBits | int64(page)
		if err := t.changeIDs(id, content); err != nil {
			return err
		}
		_, err = t.exec(putPresence, id, now.UnixMilli(), content)
		return err
	})
}

// changeIDs makes presence_ids say what content does; nil: nothing.
func (t *tx) changeIDs(page int64, content []byte) error {
	var old []byte
	if err := t.row(selectPresence, page).Scan(&old); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	was, is := depot.PackedNames(old), depot.PackedNames(content)
	for name := range was {
		if !is[name] {
			if _, err := t.exec(deletePresenceID, name[:], page); err != nil {
				return err
			}
		}
	}
	for name := range is {
		if !was[name] {
			if _, err := t.exec(insertPresenceID, name[:], page); err != nil {
				return err
			}
		}
	}
	return nil
}

// Look implements depot.Senders.
func (d *Depot) Look(ctx context.Context, now time.Time, id [16]byte) ([]byte, error) {
	var page []byte
	err := d.view(ctx, func(t *tx) error {
		return t.row(selectPageWith, id[:], now.Add(-depot.PresenceLife).UnixMilli()).Scan(&page)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return depot.FindPacked(page, id), err
}

var (
	selectSlot = text(`SELECT id, account, until, cell FROM slots WHERE name = ?`)
	fillSlot   = text(`UPDATE slots SET cell = ? WHERE id = ?`)
	insertSlot = text(`INSERT INTO slots (name, account, until) VALUES (?, ?, ?)`)
	extendSlot = text(`UPDATE slots SET until = ?2 WHERE id = ?1 AND until < ?2`)
	deleteSlot = text(`DELETE FROM slots WHERE id = ?`)
	countSlots = text(`SELECT count(*) FROM slots WHERE account = ? AND until > ?`)
)

type slotRow struct {
	id, account, until int64
	cell               []byte
}

// slot returns the one of a name; an id of 0: there is none. One that is over at now is there.
func (t *tx) slot(name [16]byte) (s slotRow, err error) {
	err = t.row(selectSlot, name[:]).Scan(&s.id, &s.account, &s.until, &s.cell)
	if errors.Is(err, sql.ErrNoRows) {
		return slotRow{}, nil
	}
	return s, err
}

// LeaveCell implements depot.Senders.
func (d *Depot) LeaveCell(ctx context.Context, now time.Time, name [16]byte, cell []byte) (v identity.Verdict, err error) {
	if len(cell) != depot.CellSize {
		return identity.DepositRefused, ctx.Err()
	}
	if d.room.short() {
		return identity.DepositLater, ctx.Err()
	}
	err = d.change(ctx, func(t *tx) error {
		v = identity.DepositRefused
		s, err := t.slot(name)
		switch {
		case err != nil || s.id == 0 || s.until <= now.UnixMilli():
			return err
		case s.cell == nil:
			_, err = t.exec(fillSlot, cell, s.id)
		case !bytes.Equal(s.cell, cell):
			return nil
		}
		v = identity.DepositKept
		return err
	})
	if errors.Is(err, depot.ErrFull) {
		return identity.DepositLater, nil
	}
	return v, err
}

// ReadCell implements depot.Senders.
func (d *Depot) ReadCell(ctx context.Context, now time.Time, name [16]byte) (cell []byte, err error) {
	err = d.view(ctx, func(t *tx) error {
		s, err := t.slot(name)
		if s.until > now.UnixMilli() {
			cell = s.cell
		}
		return err
	})
	return cell, err
}

// Register implements depot.Owners.
func (d *Depot) Register(ctx context.Context, now time.Time, key depot.Account, until time.Time, names [][16]byte) error {
	if !depot.Ahead(until, now, depot.MaxSlotLife) {
		return fmt.Errorf("not a time for slots: %w", depot.ErrRefused)
	}
	return d.change(ctx, func(t *tx) error {
		a, err := t.account(key)
		if err != nil {
			return err
		}
		known, err := t.mayRegister(a.id, now, names)
		if err != nil {
			return err
		}
		for name, s := range known {
			if err := t.register(a.id, now, until, name, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// mayRegister returns what stands at each name, or says why the account may not have them all.
func (t *tx) mayRegister(account int64, now time.Time, names [][16]byte) (map[[16]byte]slotRow, error) {
	n := 0
	if err := t.row(countSlots, account, now.UnixMilli()).Scan(&n); err != nil {
		return nil, err
	}
	known := map[[16]byte]slotRow{}
	for _, name := range names {
		if _, twice := known[name]; twice {
			continue
		}
		s, err := t.slot(name)
		if err != nil {
			return nil, err
		}
		over := s.until <= now.UnixMilli()
		if s.id != 0 && !over && s.account != account {
			return nil, fmt.Errorf("somebody's slot: %w", depot.ErrRefused)
		}
		if over {
			n++
		}
		known[name] = s
	}
	if n > depot.MaxSlots {
		return nil, fmt.Errorf("too many slots: %w", depot.ErrRefused)
	}
	return known, nil
}

func (t *tx) register(account int64, now, until time.Time, name [16]byte, s slotRow) error {
	if s.id != 0 && s.until > now.UnixMilli() {
		_, err := t.exec(extendSlot, s.id, until.UnixMilli())
		return err
	}
	if s.id != 0 {
		if _, err := t.exec(deleteSlot, s.id); err != nil {
			return err
		}
	}
	_, err := t.exec(insertSlot, name[:], account, until.UnixMilli())
	return err
}
