package depottest

import (
	"bytes"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// presence makes a page of random slots.
func (s *suite) presence() *depot.PresencePage {
	p := new(depot.PresencePage)
	for i := range p {
		p[i].ID = s.id()
		s.fill(p[i].Content[:])
	}
	return p
}

// sees wants what lies under id.
func (s *suite) sees(id [16]byte, want []byte) {
	s.Helper()
	if got, err := s.Look(s.Context(), s.now, id); err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
		s.Fatalf("looked and saw %d bytes, %v, want %d", len(got), err, len(want))
	}
}

func testPresence(s *suite) {
	ctx := s.Context()
	a, b := s.bare(), s.bare()
	first, last := s.presence(), s.presence()
	s.ok(s.PutPresence(ctx, s.now, a.Account, 0, first))
	s.ok(s.PutPresence(ctx, s.now, a.Account, depot.PresencePages-1, last))
	for _, n := range []int{-1, depot.PresencePages} {
		s.refused("no such page", s.PutPresence(ctx, s.now, a.Account, n, first))
	}
	s.sees(first[0].ID, first[0].Content[:])
	s.sees(last[63].ID, last[63].Content[:])
	s.sees(s.id(), nil)

	// A page is overwritten whole: one id stays with another content, the others go.
	s.now = s.now.Add(time.Hour)
	second := s.presence()
	second[5].ID = first[40].ID
	s.ok(s.PutPresence(ctx, s.now, a.Account, 0, second))
	s.crash()
	s.sees(first[40].ID, second[5].Content[:])
	s.sees(first[0].ID, nil)
	s.sees(second[63].ID, second[63].Content[:])

	// The same ids in other places, with other contents.
	turned := new(depot.PresencePage)
	for i := range second {
		turned[i] = second[(i+7)%len(second)]
		s.fill(turned[i].Content[:])
	}
	s.ok(s.PutPresence(ctx, s.now, a.Account, 0, turned))
	for i := range turned {
		s.sees(turned[i].ID, turned[i].Content[:])
	}
	s.ok(s.PutPresence(ctx, s.now, a.Account, 0, second))

	// The same id at another account: the latest is seen, and goes without the other.
	s.now = s.now.Add(time.Minute)
	rival := s.presence()
	rival[0].ID = second[5].ID
	s.ok(s.PutPresence(ctx, s.now, b.Account, 0, rival))
	s.sees(second[5].ID, rival[0].Content[:])
	s.ok(s.PutPresence(ctx, s.now, b.Account, 0, s.presence()))
	s.sees(second[5].ID, second[5].Content[:])

	s.now = s.now.Add(time.Hour - time.Minute)
	s.sees(last[63].ID, nil) // put PresenceLife ago
	s.sees(second[5].ID, second[5].Content[:])
	s.ok(s.Expire(ctx, s.now))
	s.sees(second[5].ID, second[5].Content[:])
}

// leaves wants the verdict on a cell.
func (s *suite) leaves(slot [16]byte, cell []byte, want identity.Verdict) {
	s.Helper()
	if got, err := s.LeaveCell(s.Context(), s.now, slot, cell); err != nil || got != want {
		s.Fatalf("left a cell: %d, %v, want %d", got, err, want)
	}
}

func (s *suite) reads(slot [16]byte, want []byte) {
	s.Helper()
	if got, err := s.ReadCell(s.Context(), s.now, slot); err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
		s.Fatalf("read %d bytes, %v, want %d", len(got), err, len(want))
	}
}

func (s *suite) cell() []byte {
	b := make([]byte, depot.CellSize)
	s.fill(b[:64])
	return b
}

func testSlots(s *suite) {
	ctx := s.Context()
	a, b := s.bare(), s.bare()
	slots := [][16]byte{s.id(), s.id(), s.id()}
	cell := s.cell()
	s.leaves(slots[0], cell, identity.DepositRefused)
	until := s.now.Add(7 * depot.Day)
	s.ok(s.Register(ctx, s.now, a.Account, until, append(slots, slots[0])))
	s.reads(slots[0], nil)
	s.leaves(slots[0], cell[1:], identity.DepositRefused)
	s.leaves(slots[0], append(cell, 0), identity.DepositRefused)
	s.leaves(slots[0], cell, identity.DepositKept)
	s.crash()
	s.leaves(slots[0], cell, identity.DepositKept)
	s.leaves(slots[0], s.cell(), identity.DepositRefused)
	s.reads(slots[0], cell)
	s.reads(slots[1], nil)

	// Somebody else's: none is registered.
	own := s.id()
	s.refused("taken", s.Register(ctx, s.now, b.Account, until, [][16]byte{own, slots[0]}))
	s.leaves(own, cell, identity.DepositRefused)
	// Once more, and not shorter.
	s.ok(s.Register(ctx, s.now, a.Account, until.Add(time.Hour), slots[:1]))
	s.ok(s.Register(ctx, s.now, a.Account, s.now.Add(time.Minute), slots))
	s.now = until
	s.reads(slots[0], cell)
	s.leaves(slots[1], cell, identity.DepositRefused)
	s.now = until.Add(time.Hour)
	s.reads(slots[0], nil)
	s.leaves(slots[0], cell, identity.DepositRefused)
	// What is over is free, and empty.
	s.ok(s.Register(ctx, s.now, b.Account, s.now.Add(depot.MaxSlotLife), slots))
	s.reads(slots[0], nil)
	s.leaves(slots[0], s.cell(), identity.DepositKept)
}

func testSlotsLimited(s *suite) {
	ctx := s.Context()
	o := s.bare()
	s.refused("of the past", s.Register(ctx, s.now, o.Account, s.now, [][16]byte{s.id()}))
	s.refused("of far ahead", s.Register(ctx, s.now, o.Account, s.now.Add(depot.MaxSlotLife+1), [][16]byte{s.id()}))
	until := s.now.Add(time.Hour)
	var all [][16]byte
	for range depot.MaxSlots {
		all = append(all, s.id())
	}
	s.ok(s.Register(ctx, s.now, o.Account, until, all[:200]))
	s.refused("too many", s.Register(ctx, s.now, o.Account, until, append(all, s.id())))
	s.leaves(all[200], s.cell(), identity.DepositRefused)
	s.ok(s.Register(ctx, s.now, o.Account, until, all))
	s.refused("one more", s.Register(ctx, s.now, o.Account, until, [][16]byte{s.id()}))
	s.now = until
	s.ok(s.Register(ctx, s.now, o.Account, until.Add(time.Hour), [][16]byte{s.id()}))
}
