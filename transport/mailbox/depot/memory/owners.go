package memory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Admit implements depot.Owners.
func (d *Depot) Admit(ctx context.Context, now time.Time, key depot.Account, t depot.Ticket) error {
	return d.locked(ctx, func() error {
		if a := d.accounts[key]; a != nil {
			a.seen = depot.DayOf(now)
			return nil
		}
		i := d.invites[t.Invite]
		if !t.Open && (i == nil || i.used) {
			return fmt.Errorf("no invite: %w", depot.ErrRefused)
		}
		if d.options.Accounts > 0 && len(d.accounts) >= d.options.Accounts {
			return fmt.Errorf("too many accounts: %w", depot.ErrRefused)
		}
		if i != nil && !i.used {
			i.used, i.account = true, key
		}
		d.accounts[key] = &account{seen: depot.DayOf(now)}
		return nil
	})
}

// Fetch implements depot.Owners.
func (d *Depot) Fetch(ctx context.Context, _ time.Time, key depot.Account, done [][16]byte) (f identity.Fetched, err error) {
	if len(done) > depot.MaxMarks {
		return f, fmt.Errorf("too many marks: %w", depot.ErrRefused)
	}
	err = d.as(ctx, key, func(a *account) error {
		if a.drop(func(c cell) bool { return slices.Contains(done, c.mark) }) {
			a.refused -= a.told
			a.told = 0
		}
		places := 0
		for _, c := range a.cells {
			if places += depot.Places(len(c.bytes)); places > depot.PagePlaces {
				break
			}
			f.Cells = append(f.Cells, slices.Clone(c.bytes))
			f.Marks = append(f.Marks, c.mark)
		}
		a.told = a.refused
		f.Left, f.Refused, f.Used, f.Quota = len(a.cells)-len(f.Cells), a.refused, a.used, d.options.Quota
		return nil
	})
	return f, err
}

// PutLot implements depot.Owners.
func (d *Depot) PutLot(ctx context.Context, now time.Time, key depot.Account, put *identity.Lot) error {
	if !depot.CheckLot(put, now) {
		return fmt.Errorf("not a lot: %w", depot.ErrRefused)
	}
	return d.as(ctx, key, func(*account) error {
		if l := d.lots[put.ID]; l != nil {
			if l.owner == key && l.same(put) {
				return nil
			}
			return fmt.Errorf("a lot of that name: %w", depot.ErrRefused)
		}
		n := 0
		for _, l := range d.lots {
			if l.owner == key && l.until.After(now) {
				n++
			}
		}
		if n >= depot.MaxLots {
			return fmt.Errorf("too many lots: %w", depot.ErrRefused)
		}
		l := &lot{owner: key, until: time.Unix(put.Until, 0), tokens: make(map[[16]byte]*depot.Spent, len(put.Hashes))}
		for _, h := range put.Hashes {
			l.tokens[h] = nil
		}
		d.lots[put.ID] = l
		return nil
	})
}

// same reports whether put is the lot.
func (l *lot) same(put *identity.Lot) bool {
	for _, h := range put.Hashes {
		if _, there := l.tokens[h]; !there {
			return false
		}
	}
	return l.until.Unix() == put.Until
}

// DropLot implements depot.Owners.
func (d *Depot) DropLot(ctx context.Context, _ time.Time, key depot.Account, id [16]byte) error {
	return d.as(ctx, key, func(*account) error {
		if l := d.lots[id]; l != nil && l.owner == key {
			delete(d.lots, id)
		}
		return nil
	})
}

// PutPresence implements depot.Owners.
func (d *Depot) PutPresence(ctx context.Context, now time.Time, key depot.Account, n int, slots *depot.PresencePage) error {
	if n < 0 || n >= depot.PresencePages {
		return fmt.Errorf("no such page: %w", depot.ErrRefused)
	}
	return d.as(ctx, key, func(a *account) error {
		a.presence[n] = page{now, *slots}
		return nil
	})
}

// Register implements depot.Owners.
func (d *Depot) Register(ctx context.Context, now time.Time, key depot.Account, until time.Time, ids [][16]byte) error {
	if !depot.Ahead(until, now, depot.MaxSlotLife) {
		return fmt.Errorf("not a time for slots: %w", depot.ErrRefused)
	}
	return d.as(ctx, key, func(*account) error {
		n := 0
		for _, s := range d.slots {
			if s.owner == key && s.until.After(now) {
				n++
			}
		}
		fresh := map[[16]byte]bool{}
		for _, id := range ids {
			s := d.slots[id]
			switch {
			case s == nil || !s.until.After(now):
				fresh[id] = true
			case s.owner != key:
				return fmt.Errorf("somebody's slot: %w", depot.ErrRefused)
			}
		}
		if n+len(fresh) > depot.MaxSlots {
			return fmt.Errorf("too many slots: %w", depot.ErrRefused)
		}
		for _, id := range ids {
			if fresh[id] {
				d.slots[id] = &slot{owner: key, until: until}
				delete(fresh, id)
			} else if s := d.slots[id]; s.until.Before(until) {
				s.until = until
			}
		}
		return nil
	})
}

// Leave implements depot.Owners.
func (d *Depot) Leave(ctx context.Context, _ time.Time, key depot.Account) error {
	return d.as(ctx, key, func(*account) error {
		d.leave(key)
		return nil
	})
}
