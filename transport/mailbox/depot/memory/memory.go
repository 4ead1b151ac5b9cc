// Package memory is a depot that forgets everything when the process ends: the
// reference for the other adapters, and what tests of the node stand on.
package memory

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/internal/watch"
)

// Depot keeps everything in maps.
type Depot struct {
	options depot.Options
	board   watch.Board[depot.Account]

	mu       sync.Mutex // of all below
	accounts map[depot.Account]*account
	lots     map[[16]byte]*lot
	slots    map[[16]byte]*slot
	invites  map[[16]byte]*invite
	keys     []byte
}

var _ depot.Depot = (*Depot)(nil)

// account is what one account has, but for its lots and slots.
type account struct {
	cells    []cell // oldest first
	used     int64
	seq      int64
	refused  int // deposits that found no room
	told     int // of these, how many a page told
	presence [depot.PresencePages]page
	seen     int64 // day of the last Admit
}

type cell struct {
	mark  [16]byte
	day   int64
	bytes []byte
}

// lot has a token's hash for a key; what it was spent on, or nil.
type lot struct {
	owner  depot.Account
	until  time.Time
	tokens map[[16]byte]*depot.Spent
}

type slot struct {
	owner depot.Account
	until time.Time
	cell  []byte
}

type page struct {
	at    time.Time
	slots depot.PresencePage
}

// invite keeps who came by it.
type invite struct {
	used    bool
	account depot.Account
}

// New returns an empty depot.
func New(o depot.Options) *Depot {
	return &Depot{
		options:  o.WithDefaults(),
		accounts: map[depot.Account]*account{},
		lots:     map[[16]byte]*lot{},
		slots:    map[[16]byte]*slot{},
		invites:  map[[16]byte]*invite{},
	}
}

// Close does nothing.
func (d *Depot) Close() error { return nil }

// locked calls f under the mutex unless ctx has ended.
func (d *Depot) locked(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return f()
}

// as calls f with an account that must be there.
func (d *Depot) as(ctx context.Context, key depot.Account, f func(*account) error) error {
	return d.locked(ctx, func() error {
		a := d.accounts[key]
		if a == nil {
			return depot.ErrStranger
		}
		return f(a)
	})
}

// Keys implements depot.Operator.
func (d *Depot) Keys(ctx context.Context) (keys []byte, err error) {
	err = d.locked(ctx, func() error {
		keys = bytes.Clone(d.keys)
		return nil
	})
	return keys, err
}

// SetKeys implements depot.Operator.
func (d *Depot) SetKeys(ctx context.Context, old, keys []byte) (stands []byte, err error) {
	if len(keys) > depot.MaxKeys {
		return nil, depot.ErrRefused
	}
	err = d.locked(ctx, func() error {
		if bytes.Equal(d.keys, old) {
			d.keys = bytes.Clone(keys)
		}
		stands = bytes.Clone(d.keys)
		return nil
	})
	return stands, err
}

// AddInvite implements depot.Operator.
func (d *Depot) AddInvite(ctx context.Context, _ time.Time, code [16]byte) error {
	if code == [16]byte{} {
		return depot.ErrRefused
	}
	return d.locked(ctx, func() error {
		if d.invites[code] == nil {
			d.invites[code] = &invite{}
		}
		return nil
	})
}

// RevokeInvite implements depot.Operator.
func (d *Depot) RevokeInvite(ctx context.Context, code [16]byte) error {
	return d.locked(ctx, func() error {
		if i := d.invites[code]; i != nil && i.used {
			d.leave(i.account)
		}
		delete(d.invites, code)
		return nil
	})
}

// Stats implements depot.Operator.
func (d *Depot) Stats(ctx context.Context) (s depot.Stats, err error) {
	err = d.locked(ctx, func() error {
		s.Accounts, s.Lots = int64(len(d.accounts)), int64(len(d.lots))
		for _, a := range d.accounts {
			s.Cells += int64(len(a.cells))
			s.Bytes += a.used
		}
		return nil
	})
	return s, err
}

// Expire implements depot.Operator.
func (d *Depot) Expire(ctx context.Context, now time.Time) error {
	return d.locked(ctx, func() error {
		for key, a := range d.accounts {
			if depot.DayOf(now)-a.seen >= int64(depot.AccountLife/depot.Day) {
				d.leave(key)
				continue
			}
			a.drop(func(c cell) bool { return depot.Over(c.day, now) })
			for i := range a.presence {
				if !now.Before(a.presence[i].at.Add(depot.PresenceLife)) {
					a.presence[i] = page{}
				}
			}
		}
		for id, l := range d.lots {
			if !l.until.After(now) {
				delete(d.lots, id)
			}
		}
		for id, s := range d.slots {
			if !s.until.After(now) {
				delete(d.slots, id)
			}
		}
		return nil
	})
}

// drop removes the cells for which over is true and says whether there was one.
func (a *account) drop(over func(cell) bool) bool {
	before := len(a.cells)
	a.cells = slices.DeleteFunc(a.cells, func(c cell) bool {
		if !over(c) {
			return false
		}
		a.used -= int64(len(c.bytes))
		return true
	})
	return len(a.cells) < before
}

// leave forgets an account.
func (d *Depot) leave(key depot.Account) {
	delete(d.accounts, key)
	for id, l := range d.lots {
		if l.owner == key {
			delete(d.lots, id)
		}
	}
	for id, s := range d.slots {
		if s.owner == key {
			delete(d.slots, id)
		}
	}
	for _, i := range d.invites {
		if i.account == key {
			i.account = depot.Account{}
		}
	}
}

// Watch implements depot.Owners.
func (d *Depot) Watch(key depot.Account) (<-chan struct{}, func()) { return d.board.Watch(key) }

// Standing implements depot.Owners.
func (d *Depot) Standing(ctx context.Context, now time.Time, key depot.Account) (s identity.Standing, err error) {
	err = d.as(ctx, key, func(a *account) error {
		s = identity.Standing{Used: a.used, Quota: d.options.Quota, Cells: len(a.cells)}
		for _, l := range d.lots {
			if l.owner == key && l.until.After(now) {
				s.Lots++
			}
		}
		return nil
	})
	return s, err
}
