package depottest

import (
	"bytes"
	"sync"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

func testKeys(s *suite) {
	ctx := s.Context()
	ends := s.ends()
	// All propose a first record at once, and all learn the same.
	got := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			var err error
			if got[i], err = ends[i%len(ends)].SetKeys(ctx, nil, []byte{byte(i), 1}); err != nil {
				s.Error(err)
			}
		})
	}
	wg.Wait()
	first := got[0]
	for _, g := range got {
		if len(g) != 2 || !bytes.Equal(g, first) {
			s.Fatalf("front ends learnt different keys: %x", got)
		}
	}
	stands := func(old, keys, want []byte) {
		s.Helper()
		if got, err := s.SetKeys(ctx, old, keys); err != nil || !bytes.Equal(got, want) {
			s.Fatalf("keys %x, %v, want %x", got, err, want)
		}
	}
	longest := make([]byte, depot.MaxKeys)
	stands([]byte("no"), longest, first)
	stands(first, longest, longest)
	_, err := s.SetKeys(ctx, longest, make([]byte, depot.MaxKeys+1))
	s.refused("too long", err)
	s.crash()
	if got, err := s.Keys(ctx); err != nil || !bytes.Equal(got, longest) {
		s.Fatalf("keys %x, %v", got, err)
	}
}

func testExpire(s *suite) {
	ctx := s.Context()
	o, gone := s.owner(), s.owner()
	old := o.deposit(4)
	s.put(identity.DepositKept, old)
	s.put(identity.DepositKept, gone.deposit(1))
	s.now = s.now.Add(10 * depot.Day)
	young := o.deposit(1)
	s.put(identity.DepositKept, young)

	s.now = start.Add(depot.CellLife).Truncate(depot.Day).Add(-time.Second) // the last one of its last day
	s.ok(s.Expire(ctx, s.now))
	o.holds(old, young)
	s.now = s.now.Add(time.Second)
	s.ok(s.Expire(ctx, s.now))
	s.crash()
	o.holds(young)
	if st, err := s.Stats(ctx); err != nil || st != (depot.Stats{Accounts: 2, Lots: 2, Cells: 1, Bytes: depot.CellSize}) {
		s.Fatalf("stats: %+v, %v", st, err)
	}

	// A lot goes at its end, and a year later the account that nobody came back for.
	s.ok(s.Admit(ctx, start.Add(200*depot.Day), o.Account, depot.Ticket{}))
	s.now = start.Add(depot.AccountLife)
	s.ok(s.Expire(ctx, s.now))
	if st, err := s.Stats(ctx); err != nil || st != (depot.Stats{Accounts: 1}) {
		s.Fatalf("stats: %+v, %v", st, err)
	}
	o.holds()
}

// testClock: a clock that is a day ahead and then right again, or behind, loses nothing that is
// young, and neither repeats nor refuses.
func testClock(s *suite) {
	o := s.owner()
	right := s.now
	ds := []identity.Deposit{o.deposit(1), o.deposit(1), o.deposit(4), o.deposit(1)}
	s.put(identity.DepositKept, ds[0])
	s.now = right.Add(depot.Day)
	s.put(identity.DepositKept, ds[0], ds[1])
	s.ok(s.Expire(s.Context(), s.now))
	s.now = right.Add(-depot.Day)
	s.put(identity.DepositKept, ds[0], ds[1], ds[2])
	s.ok(s.Expire(s.Context(), s.now))
	s.now = right
	s.put(identity.DepositKept, append(ds, ds...)...)
	f := o.fetch()
	if f.Left != 0 || len(f.Cells) != len(ds) {
		s.Fatalf("%d cells, %d left", len(f.Cells), f.Left)
	}
	came := map[string]bool{}
	for _, c := range f.Cells {
		came[string(c)] = true
	}
	if len(came) != len(ds) {
		s.Fatal("a cell came twice")
	}
	o.fetch(f.Marks...)
	o.holds()
	s.put(identity.DepositKept, ds...)
	o.holds()
}

func testStats(s *suite) {
	a, b := s.owner(), s.owner()
	a.lot()
	s.put(identity.DepositKept, a.deposit(1), a.deposit(16), b.deposit(4))
	want := depot.Stats{Accounts: 2, Lots: 3, Cells: 3, Bytes: 21 * depot.CellSize}
	if got, err := s.Stats(s.Context()); err != nil || got != want {
		s.Fatalf("stats: %+v, %v, want %+v", got, err, want)
	}
}

// testDurable: all that was answered outlives a power cut, and is as it was.
func testDurable(s *suite) {
	ctx := s.Context()
	o := s.owner()
	ds := []identity.Deposit{o.deposit(1), o.deposit(16), o.deposit(4), o.deposit(1)}
	s.put(identity.DepositKept, ds...)
	marks := o.fetch().Marks
	s.crash()
	// 1 of 16 places: the file waits for a page of its own.
	s.page(o.fetch(), ds[0])
	o.fetch(marks...)
	s.crash()
	s.page(o.fetch(), ds[1])
	s.put(identity.DepositKept, ds...)
	rival := ds[0]
	rival.Cell = s.cell()
	copy(rival.Cell, rival.Tokens[0][:])
	s.put(identity.DepositRefused, rival)
	if cells := o.drain(); len(cells) != 3 {
		s.Fatalf("%d cells came", len(cells))
	}
	s.crash()
	o.holds()
	s.put(identity.DepositKept, ds...)
	o.holds()
	s.ok(s.Leave(ctx, s.now, o.Account))
	s.crash()
	if _, err := s.Standing(ctx, s.now, o.Account); err == nil {
		s.Error("who left is back")
	}
}
