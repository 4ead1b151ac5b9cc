package depottest

import (
	"sync"
	"sync/atomic"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

func testAdmit(s *suite) {
	ctx := s.Context()
	o := &owner{suite: s}
	s.fill(o.Account[:])
	s.refused("without a ticket", s.Admit(ctx, s.now, o.Account, depot.Ticket{}))
	s.ok(s.Admit(ctx, s.now, o.Account, depot.Ticket{Open: true}))
	o.lot()
	d := o.deposit(1)
	s.put(identity.DepositKept, d)
	s.ok(s.Admit(ctx, s.now, o.Account, depot.Ticket{}))
	s.crash()
	s.ok(s.Admit(ctx, s.now, o.Account, depot.Ticket{}))
	o.holds(d)
}

func testInvites(s *suite) {
	ctx := s.Context()
	code, a, b := s.id(), depot.Account{1}, depot.Account{2}
	s.refused("unknown", s.Admit(ctx, s.now, a, depot.Ticket{Invite: code}))
	s.refused("an invite of zeros", s.AddInvite(ctx, s.now, [16]byte{}))
	s.refused("no invite", s.Admit(ctx, s.now, a, depot.Ticket{}))
	s.ok(s.AddInvite(ctx, s.now, code))
	s.crash()
	s.ok(s.Admit(ctx, s.now, a, depot.Ticket{Invite: code}))
	s.ok(s.AddInvite(ctx, s.now, code))
	s.refused("used", s.Admit(ctx, s.now, b, depot.Ticket{Invite: code}))
	s.ok(s.Admit(ctx, s.now, a, depot.Ticket{Invite: code}))
	s.ok(s.Leave(ctx, s.now, a))
	s.refused("used by one that left", s.Admit(ctx, s.now, a, depot.Ticket{Invite: code}))

	second := s.id()
	s.ok(s.AddInvite(ctx, s.now, second))
	s.ok(s.Admit(ctx, s.now, b, depot.Ticket{Invite: second}))
	s.ok(s.RevokeInvite(ctx, code)) // a has left: nobody goes with it
	s.ok(s.RevokeInvite(ctx, s.id()))
	_, err := s.Standing(ctx, s.now, b)
	s.ok(err)
	s.ok(s.RevokeInvite(ctx, second))
	s.crash()
	s.refused("revoked", s.Admit(ctx, s.now, b, depot.Ticket{Invite: second}))
	if _, err := s.Standing(ctx, s.now, b); err == nil {
		s.Error("an account outlived its invite")
	}
}

// testInviteOnce: one invite admits one of many that come at once.
func testInviteOnce(s *suite) {
	code := s.id()
	s.ok(s.AddInvite(s.Context(), s.now, code))
	ends := s.ends()
	var admitted atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if ends[i%len(ends)].Admit(s.Context(), s.now, depot.Account{byte(i)}, depot.Ticket{Invite: code}) == nil {
				admitted.Add(1)
			}
		})
	}
	wg.Wait()
	if n := admitted.Load(); n != 1 {
		s.Errorf("%d accounts came by one invite", n)
	}
}

func testAccountsLimited(s *suite) {
	ctx := s.Context()
	a := s.bare()
	s.bare()
	code := s.id()
	s.ok(s.AddInvite(ctx, s.now, code))
	s.refused("a third", s.Admit(ctx, s.now, depot.Account{3}, depot.Ticket{Open: true, Invite: code}))
	s.ok(s.Admit(ctx, s.now, a.Account, depot.Ticket{}))
	s.ok(s.Leave(ctx, s.now, a.Account))
	s.ok(s.Admit(ctx, s.now, depot.Account{3}, depot.Ticket{Invite: code})) // the refusal did not use it
}

func testPages(s *suite) {
	o := s.owner()
	var ds []identity.Deposit
	for _, places := range []int{1, 4, 4, 4, 1, 4, 16, 1, 16, 1, 1} {
		ds = append(ds, o.deposit(places))
		s.put(identity.DepositKept, ds[len(ds)-1])
	}
	var f identity.Fetched
	for _, n := range []int{5, 1, 1, 1, 1, 2, 0} { // 14 of 16 places: the next one needs 4 and waits
		f = o.fetch(f.Marks...)
		s.page(f, ds[:n]...)
		ds = ds[n:]
		if f.Left != len(ds) {
			s.Fatalf("%d are left, want %d", f.Left, len(ds))
		}
	}
	small := make([]identity.Deposit, 40)
	for i := range small {
		small[i] = o.deposit(1)
	}
	s.put(identity.DepositKept, small...)
	s.page(o.fetch(), small[:16]...)
	s.page(o.fetch(), small[:16]...)
	if cells := o.drain(); len(cells) != 40 || string(cells[39]) != string(small[39].Cell) {
		s.Fatalf("%d cells came", len(cells))
	}
}

func testMarks(s *suite) {
	a, b := s.owner(), s.owner()
	ds := []identity.Deposit{a.deposit(1), a.deposit(4), a.deposit(1)}
	s.put(identity.DepositKept, ds...)
	other := b.deposit(1)
	s.put(identity.DepositKept, other)
	marks := a.fetch().Marks
	// Marks of another account, of nothing, and the same twice.
	a.fetch(b.fetch().Marks[0], s.id(), [16]byte{})
	a.holds(ds...)
	b.holds(other)
	a.fetch(marks[1], marks[1])
	a.holds(ds[0], ds[2])
	a.fetch(marks...)
	a.holds()
	// A mark of before names none of what comes after.
	next := a.deposit(1)
	s.put(identity.DepositKept, next)
	a.fetch(marks...)
	a.holds(next)
	_, err := s.Fetch(s.Context(), s.now, a.Account, make([][16]byte, depot.MaxMarks+1))
	s.refused("too many marks", err)
	s.crash()
	a.holds(next)
}

func testWatch(s *suite) {
	a, b := s.owner(), s.owner()
	ends := s.ends()
	for _, end := range ends {
		arrived, stop := end.Watch(a.Account)
		again, stopAgain := end.Watch(a.Account)
		for _, from := range ends {
			got, err := from.Deposit(s.Context(), s.now, []identity.Deposit{b.deposit(1), a.deposit(1)})
			if err != nil || got[1] != identity.DepositKept {
				s.Fatal(got, err)
			}
			for _, c := range []<-chan struct{}{arrived, again} {
				select {
				case <-c:
				case <-time.After(20 * time.Second):
					s.Fatal("nobody said that a cell arrived")
				}
			}
		}
		stop()
		stopAgain()
	}
}

func testLots(s *suite) {
	ctx := s.Context()
	a, b := s.owner(), s.bare()
	d := a.deposit(1)
	s.put(identity.DepositKept, d)
	lot := a.lots[0].Lot
	s.ok(s.PutLot(ctx, s.now, a.Account, &lot))
	s.put(identity.DepositKept, d)
	a.holds(d) // its tokens are not as new

	s.refused("somebody's", s.PutLot(ctx, s.now, b.Account, &lot))
	changed := lot
	changed.Hashes[17][0] ^= 1
	s.refused("with another hash", s.PutLot(ctx, s.now, a.Account, &changed))
	changed = lot
	changed.Until++
	s.refused("with another end", s.PutLot(ctx, s.now, a.Account, &changed))
	p := s.purse()
	p.Hashes[1] = p.Hashes[4000]
	s.refused("a hash twice", s.PutLot(ctx, s.now, a.Account, &p.Lot))
	p = s.purse()
	p.Until = s.now.Unix()
	s.refused("of the past", s.PutLot(ctx, s.now, a.Account, &p.Lot))
	p.Until = s.now.Add(depot.MaxLotLife).Unix() + 1
	s.refused("of far ahead", s.PutLot(ctx, s.now, a.Account, &p.Lot))

	for range depot.MaxLots - 1 {
		a.lot()
	}
	s.refused("one too many", s.PutLot(ctx, s.now, a.Account, &s.purse().Lot))
	s.ok(s.PutLot(ctx, s.now, a.Account, &lot))
	if st, err := s.Standing(ctx, s.now, a.Account); err != nil || st.Lots != depot.MaxLots {
		s.Fatalf("standing: %+v, %v", st, err)
	}
	s.ok(s.DropLot(ctx, s.now, a.Account, a.lots[3].ID))
	a.lot()
	s.crash()
	last := a.deposit(16)
	s.put(identity.DepositKept, last)
}

func testLotsOver(s *suite) {
	a := s.owner()
	d := a.deposit(1)
	for range depot.MaxLots - 1 {
		a.lot()
	}
	s.now = time.Unix(a.lots[0].Until, 0)
	s.put(identity.DepositRefused, d)
	if st, err := s.Standing(s.Context(), s.now, a.Account); err != nil || st.Lots != 0 {
		s.Fatalf("standing: %+v, %v", st, err)
	}
	a.lot() // those that are over take no room
	s.put(identity.DepositKept, a.deposit(1))
}

func testDropLot(s *suite) {
	ctx := s.Context()
	a, b := s.owner(), s.bare()
	first, second := a.deposit(1), a.deposit(1)
	s.put(identity.DepositKept, first)
	lot := a.lots[0]
	s.ok(s.DropLot(ctx, s.now, b.Account, lot.ID)) // is not b's
	s.ok(s.DropLot(ctx, s.now, b.Account, s.id()))
	s.put(identity.DepositKept, second)
	s.ok(s.DropLot(ctx, s.now, a.Account, lot.ID))
	s.crash()
	s.ok(s.DropLot(ctx, s.now, a.Account, lot.ID))
	s.put(identity.DepositRefused, a.deposit(1), first)
	a.holds(first, second)
	if st, err := s.Standing(ctx, s.now, a.Account); err != nil || st.Lots != 0 || st.Cells != 2 {
		s.Fatalf("standing: %+v, %v", st, err)
	}
}

func testLeave(s *suite) {
	ctx := s.Context()
	a, b := s.owner(), s.owner()
	d, other := a.deposit(16), b.deposit(1)
	s.put(identity.DepositKept, d, other)
	slot, page := s.id(), s.presence()
	s.ok(s.Register(ctx, s.now, a.Account, s.now.Add(time.Hour), [][16]byte{slot}))
	s.ok(s.PutPresence(ctx, s.now, a.Account, 0, page))
	s.ok(s.Leave(ctx, s.now, a.Account))
	s.crash()
	if _, err := s.Standing(ctx, s.now, a.Account); err == nil {
		s.Error("the account is still there")
	}
	s.put(identity.DepositRefused, d, a.deposit(1))
	b.holds(other)
	s.sees(page[0].ID, nil)
	s.ok(s.Register(ctx, s.now, b.Account, s.now.Add(time.Hour), [][16]byte{slot})) // is nobody's

	s.ok(s.Admit(ctx, s.now, a.Account, depot.Ticket{Open: true}))
	a.holds()
	s.ok(s.PutLot(ctx, s.now, a.Account, &a.lots[0].Lot))
	s.put(identity.DepositKept, d)
	a.holds(d)
}
