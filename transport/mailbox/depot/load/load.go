// Package load puts a depot under a load that is measured.
package load

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Crowd is accounts with a lot each, whose tokens are computed and not stored.
type Crowd struct {
	Depot    depot.Depot
	Now      time.Time
	Accounts int
	CellSize int             // 0: depot.CellSize, from one token
	next     []atomic.Uint32 // token of each account
}

// Result is what was measured.
type Result struct {
	Took  time.Duration
	Done  int
	Waits []time.Duration // of every call, sorted
}

// Rate is how much was done in a second.
func (r Result) Rate() float64 { return float64(r.Done) / r.Took.Seconds() }

// Quantile of the waits, p in percent.
func (r Result) Quantile(p int) time.Duration {
	if len(r.Waits) == 0 {
		return 0
	}
	return r.Waits[min(len(r.Waits)*p/100, len(r.Waits)-1)]
}

// Account names one by its number.
func Account(n int) (a depot.Account) {
	binary.BigEndian.PutUint64(a[:], uint64(n)+1)
	return a
}

// Lot names that of an account: at random, as names of lots are.
func Lot(n int) (id [16]byte) {
	r := rand.NewPCG(uint64(n), 181)
	binary.BigEndian.PutUint64(id[:], r.Uint64())
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	return id
}

// Token is the i-th of an account's lot.
func Token(n int, i uint32) (t [16]byte) {
	binary.BigEndian.PutUint64(t[:], uint64(n)+1)
	binary.BigEndian.PutUint32(t[8:], i+1)
	return t
}

// Admit makes the accounts and puts their lots, a few at a time.
func (c *Crowd) Admit(ctx context.Context) error {
	_, err := c.spread(ctx, 8, c.Accounts, func(ctx context.Context, n int) error {
		if err := c.Depot.Admit(ctx, c.Now, Account(n), depot.Ticket{Open: true}); err != nil {
			return err
		}
		lot := identity.Lot{ID: Lot(n), Until: c.Now.Add(270 * depot.Day).Unix()}
		for i := range lot.Hashes {
			lot.Hashes[i] = depot.TokenHash(Token(n, uint32(i)))
		}
		return c.Depot.PutLot(ctx, c.Now, Account(n), &lot)
	})
	return err
}

// Deposit leaves cells, each for a random account, from as many callers at once; each
// call has one cell, as those of a node have.
func (c *Crowd) Deposit(ctx context.Context, callers, cells int) (Result, error) {
	if c.next == nil {
		c.next = make([]atomic.Uint32, c.Accounts)
	}
	return c.spread(ctx, callers, cells, func(ctx context.Context, _ int) error {
		n := rand.IntN(c.Accounts)
		size := max(c.CellSize, depot.CellSize)
		cell := make([]byte, size)
		for at := 0; at < size; at += 8 {
			binary.BigEndian.PutUint64(cell[at:], rand.Uint64())
		}
		d := identity.Deposit{Lot: Lot(n), Cell: cell}
		for range depot.Places(size) {
			d.Tokens = append(d.Tokens, Token(n, c.next[n].Add(1)-1))
		}
		copy(cell, d.Tokens[0][:])
		v, err := c.Depot.Deposit(ctx, c.Now, []identity.Deposit{d})
		if err == nil && v[0] != identity.DepositKept {
			err = fmt.Errorf("a deposit was not kept: %d", v[0])
		}
		return err
	})
}

// Drain fetches what waits for the accounts, each by one caller, until it is empty or cells came
// in all. Done counts cells; each wait is of one page.
func (c *Crowd) Drain(ctx context.Context, callers, cells int) (Result, error) {
	var got atomic.Int64
	var mu sync.Mutex
	var waits []time.Duration
	order := rand.Perm(c.Accounts)
	r, err := c.spread(ctx, callers, c.Accounts, func(ctx context.Context, i int) error {
		var done [][16]byte
		for got.Load() < int64(cells) {
			began := time.Now()
			f, err := c.Depot.Fetch(ctx, c.Now, Account(order[i]), done)
			if err != nil {
				return err
			}
			mu.Lock()
			waits = append(waits, time.Since(began))
			mu.Unlock()
			got.Add(int64(len(f.Cells)))
			if done = f.Marks; len(done) == 0 {
				return nil
			}
		}
		return nil
	})
	slices.Sort(waits)
	r.Done, r.Waits = int(got.Load()), waits
	return r, err
}

// spread calls f with 0 to n-1 from as many goroutines, and measures.
func (c *Crowd) spread(ctx context.Context, callers, n int, f func(context.Context, int) error) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	waits := make([][]time.Duration, callers)
	var wg sync.WaitGroup
	began := time.Now()
	for caller := range callers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				called := time.Now()
				if err := f(ctx, i); err != nil {
					cancel(err)
					return
				}
				waits[caller] = append(waits[caller], time.Since(called))
			}
		})
	}
	wg.Wait()
	r := Result{Took: time.Since(began), Done: n, Waits: slices.Concat(waits...)}
	slices.Sort(r.Waits)
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	return r, nil
}
