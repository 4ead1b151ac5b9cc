package depottest

import (
	"slices"
	"sync"
	"testing"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

func testDeposit(s *suite) {
	a, b := s.owner(), s.owner()
	small, large, other := a.deposit(1), a.deposit(4), b.deposit(1)
	s.put(identity.DepositKept, small, other, large)
	a.holds(small, large)
	b.holds(other)
	file := a.deposit(16)
	s.put(identity.DepositKept, file)
	st, err := s.Standing(s.Context(), s.now, a.Account)
	if want := (identity.Standing{Used: 21 * depot.CellSize, Quota: depot.DefaultQuota, Cells: 3, Lots: 1}); err != nil || st != want {
		s.Fatalf("standing: %+v, %v, want %+v", st, err, want)
	}
	// The owner's second lot pays as the first one does.
	a.lot()
	again := a.deposit(1)
	s.put(identity.DepositKept, again)
	if got := a.drain(); len(got) != 4 || string(got[3]) != string(again.Cell) {
		s.Fatalf("%d cells came", len(got))
	}
}

func testDepositShape(s *suite) {
	o := s.owner()
	good := o.deposit(4)
	change := func(f func(*identity.Deposit)) identity.Deposit {
		d := good
		d.Cell, d.Tokens = slices.Clone(d.Cell), slices.Clone(d.Tokens)
		f(&d)
		return d
	}
	for name, d := range map[string]identity.Deposit{
		"nothing":        {},
		"no tokens":      change(func(d *identity.Deposit) { d.Tokens = nil }),
		"a cell of 1 GB": change(func(d *identity.Deposit) { d.Cell = make([]byte, 1<<30) }),
		"short":          change(func(d *identity.Deposit) { d.Cell = d.Cell[:len(d.Cell)-1] }),
		"two tokens":     change(func(d *identity.Deposit) { d.Tokens, d.Cell = d.Tokens[:2], d.Cell[:2*depot.CellSize] }),
		"three of four":  change(func(d *identity.Deposit) { d.Tokens = d.Tokens[:3] }),
		"twice the same": change(func(d *identity.Deposit) { d.Tokens[3] = d.Tokens[2] }),
		"another first":  change(func(d *identity.Deposit) { d.Cell[0] ^= 1 }),
		"no such lot":    change(func(d *identity.Deposit) { d.Lot[0] ^= 1 }),
		"one forged":     change(func(d *identity.Deposit) { d.Tokens[3][15] ^= 1 }),
		"first forged":   change(func(d *identity.Deposit) { d.Tokens[0][15] ^= 1; copy(d.Cell, d.Tokens[0][:]) }),
		"a hash for a token": change(func(d *identity.Deposit) {
			for i := range d.Tokens {
				d.Tokens[i] = depot.TokenHash(d.Tokens[i])
			}
			copy(d.Cell, d.Tokens[0][:])
		}),
	} {
		s.Run(name, func(t *testing.T) {
			sub := *s
			sub.T = t
			sub.put(identity.DepositRefused, d)
		})
	}
	o.holds()
	s.put(identity.DepositKept, good)
	o.holds(good)
}

func testDepositAgain(s *suite) {
	o := s.owner()
	small, large := o.deposit(1), o.deposit(4)
	s.put(identity.DepositKept, small, large, small, large)
	turned := large
	turned.Tokens = []([16]byte){large.Tokens[0], large.Tokens[3], large.Tokens[1], large.Tokens[2]}
	s.put(identity.DepositKept, turned)
	o.holds(small, large)
	f := o.fetch()
	o.fetch(f.Marks...)
	// Fetched long ago is still kept, and does not come back.
	s.now = s.now.Add(29 * depot.Day)
	s.put(identity.DepositKept, small, large)
	o.holds()
}

func testDepositAnew(s *suite) {
	o := s.owner()
	d := o.deposit(4)
	s.put(identity.DepositKept, d)
	s.now = s.now.Add(depot.CellLife)
	s.ok(s.Expire(s.Context(), s.now))
	o.holds()
	s.put(identity.DepositKept, d, d)
	o.holds(d)
	s.now = s.now.Add(depot.CellLife - depot.Day)
	s.ok(s.Expire(s.Context(), s.now))
	o.holds(d)
}

func testSpentTokens(s *suite) {
	o := s.owner()
	d := o.deposit(1)
	s.put(identity.DepositKept, d)
	other := d
	other.Cell = slices.Clone(d.Cell)
	other.Cell[depot.CellSize-1] ^= 1
	s.put(identity.DepositRefused, other)
	o.holds(d)
	o.fetch(o.fetch().Marks...)
	s.put(identity.DepositRefused, other)
	o.holds()
	// Its day moves nothing: a spent token stays so for other cells.
	s.now = s.now.Add(depot.CellLife)
	s.put(identity.DepositRefused, other)
	s.put(identity.DepositKept, d)
	o.holds(d)
}

// testEveryToken: all tokens of a large cell are spent, and none of them when it is refused.
func testEveryToken(s *suite) {
	o := s.owner()
	large := o.deposit(4)
	single := func(i int) identity.Deposit {
		d := identity.Deposit{Lot: large.Lot, Tokens: large.Tokens[i : i+1], Cell: make([]byte, depot.CellSize)}
		s.fill(d.Cell)
		copy(d.Cell, d.Tokens[0][:])
		return d
	}
	third := single(2)
	s.put(identity.DepositKept, third)
	s.put(identity.DepositRefused, large)
	s.put(identity.DepositKept, single(0), single(1), single(3))
	whole := o.deposit(4)
	s.put(identity.DepositKept, whole)
	large = whole
	for i := range 4 {
		s.put(identity.DepositRefused, single(i))
	}
	// The same cell with one token exchanged is another deposit.
	mixed := whole
	mixed.Tokens = append(slices.Clone(whole.Tokens[:3]), o.deposit(1).Tokens[0])
	s.put(identity.DepositRefused, mixed)
}

// testOneCall: the deposits of one call do not depend on one another, but for their order.
func testOneCall(s *suite) {
	a, b := s.owner(), s.owner()
	first := a.deposit(1)
	rival := first
	rival.Cell = slices.Clone(first.Cell)
	rival.Cell[100] ^= 1
	forged := a.deposit(1)
	forged.Lot = s.id()
	fill, over, free := a.deposit(4), a.deposit(4), b.deposit(1)
	last := a.deposit(1)
	got, err := s.Deposit(s.Context(), s.now, []identity.Deposit{first, rival, forged, first, fill, over, free, last})
	s.ok(err)
	want := []identity.Verdict{
		identity.DepositKept, identity.DepositRefused, identity.DepositRefused, identity.DepositKept,
		identity.DepositKept, identity.DepositLater, identity.DepositKept, identity.DepositKept,
	}
	if !slices.Equal(got, want) {
		s.Fatalf("verdicts %v, want %v", got, want)
	}
	a.holds(first, fill, last)
	b.holds(free)
}

// testOneOfMany: of deposits that want the same token at the same moment one is kept.
func testOneOfMany(s *suite) {
	o := s.owner()
	ends := s.ends()
	for range 8 {
		d := o.deposit(4)
		verdicts := make([]identity.Verdict, 8)
		var wg sync.WaitGroup
		for i := range verdicts {
			rival := d
			rival.Cell = slices.Clone(d.Cell)
			rival.Cell[1000] = byte(i)
			// The others in another order: no two front ends may wait for one another.
			rival.Tokens = slices.Clone(d.Tokens)
			slices.Reverse(rival.Tokens[1:])
			if i%2 == 0 {
				rival.Tokens = d.Tokens
			}
			wg.Go(func() {
				got, err := ends[i%len(ends)].Deposit(s.Context(), s.now, []identity.Deposit{rival})
				if err != nil {
					s.Error(err)
					return
				}
				verdicts[i] = got[0]
			})
		}
		wg.Wait()
		kept := 0
		for _, v := range verdicts {
			if v == identity.DepositKept {
				kept++
			}
		}
		if kept != 1 {
			s.Fatalf("%d of the deposits were kept: %v", kept, verdicts)
		}
		if f := o.fetch(); len(f.Cells) != 1 {
			s.Fatalf("%d cells wait", len(f.Cells))
		} else {
			o.fetch(f.Marks...)
		}
	}
}

// testCrowd: many deposit for many, each deposit twice at once, while the owners fetch.
func testCrowd(s *suite) {
	const owners, each = 6, 40
	ends := s.ends()
	var wg sync.WaitGroup
	for n := range owners {
		o := s.owner()
		ds := make([]identity.Deposit, each)
		for i := range ds {
			ds[i] = o.deposit([]int{1, 1, 4}[i%3])
		}
		for e := range 2 {
			wg.Go(func() {
				for _, d := range ds {
					got, err := ends[(n+e)%len(ends)].Deposit(s.Context(), s.now, []identity.Deposit{d})
					if err != nil || got[0] != identity.DepositKept {
						s.Errorf("a deposit: %v, %v", got, err)
					}
				}
			})
		}
		wg.Go(func() { crowdOwner(o, ends[n%len(ends)], ds) })
	}
	wg.Wait()
}

// crowdOwner fetches until every cell came, and wants none twice and all in order.
func crowdOwner(o *owner, end depot.Depot, ds []identity.Deposit) {
	arrived, stop := end.Watch(o.Account)
	defer stop()
	var done [][16]byte
	for next := 0; next < len(ds); {
		f, err := end.Fetch(o.Context(), o.now, o.Account, done)
		if err != nil {
			o.Error(err)
			return
		}
		for _, cell := range f.Cells {
			if next >= len(ds) || string(cell) != string(ds[next].Cell) {
				o.Errorf("cell %d is another one", next)
				return
			}
			next++
		}
		if done = f.Marks; len(done) == 0 {
			select {
			case <-arrived:
			case <-o.Context().Done():
				return
			}
		}
	}
	if f, err := end.Fetch(o.Context(), o.now, o.Account, done); err != nil || len(f.Cells) != 0 || f.Left != 0 || f.Used != 0 {
		o.Errorf("%d cells came twice, %d and %d bytes are left, %v", len(f.Cells), f.Left, f.Used, err)
	}
}

func testQuota(s *suite) {
	o, other := s.owner(), s.owner()
	var kept []identity.Deposit
	for range 8 {
		kept = append(kept, o.deposit(1))
	}
	s.put(identity.DepositKept, kept...)
	late, large := o.deposit(1), o.deposit(4)
	s.put(identity.DepositLater, late, large, late)
	s.put(identity.DepositKept, kept[3], other.deposit(1)) // again, and for somebody else: both need no room of o
	f := o.fetch()
	s.page(f, kept...)
	if f.Refused != 3 || f.Used != quota || f.Quota != quota {
		s.Fatalf("refused %d, used %d of %d", f.Refused, f.Used, f.Quota)
	}
	// Until a mark came back the page may have been lost, and says it again.
	if f := o.fetch(s.id()); f.Refused != 3 {
		s.Fatalf("a repeated page says %d were refused", f.Refused)
	}
	s.put(identity.DepositLater, large)
	if f := o.fetch(f.Marks[:2]...); f.Refused != 1 || f.Used != quota-2*depot.CellSize {
		s.Fatalf("after it was told: refused %d, used %d", f.Refused, f.Used)
	}
	s.put(identity.DepositLater, large)
	s.put(identity.DepositKept, late) // its tokens were never spent
	o.holds(append(kept[2:], late)...)
}

// testQuotaRace: together they get no more room than one by one.
func testQuotaRace(s *suite) {
	o := s.owner()
	ends := s.ends()
	ds := make([]identity.Deposit, 24)
	for i := range ds {
		ds[i] = o.deposit(1)
	}
	var wg sync.WaitGroup
	for i, d := range ds {
		wg.Go(func() {
			if _, err := ends[i%len(ends)].Deposit(s.Context(), s.now, []identity.Deposit{d}); err != nil {
				s.Error(err)
			}
		})
	}
	wg.Wait()
	if f := o.fetch(); len(f.Cells) != 8 || f.Refused != 16 || f.Used != quota {
		s.Fatalf("%d cells, %d refused, %d bytes", len(f.Cells), f.Refused, f.Used)
	}
}
