// Package depottest holds every depot to the promises of its port.
package depottest

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Opened is an empty depot under test. Its opener closes it, and what Crash and Other
// opened, when the test ends.
type Opened struct {
	Depot depot.Depot

	// Crash opens what would be found if the computer had lost power now; the depot of
	// before is not used again. Nil where nothing is promised.
	Crash func(t *testing.T) depot.Depot

	// Other opens the same depot at a second front end. Nil where there can be one only.
	Other func(t *testing.T) depot.Depot
}

// Open opens an empty depot.
type Open func(t *testing.T, o depot.Options) Opened

// Suite proves the promises of depot.Depot.
func Suite(t *testing.T, open Open) {
	tests := []struct {
		name    string
		options depot.Options
		run     func(s *suite)
	}{
		{"Empty", depot.Options{}, testEmpty},
		{"Strangers", depot.Options{}, testStrangers},
		{"Cancelled", depot.Options{}, testCancelled},
		{"Admit", depot.Options{}, testAdmit},
		{"Invites", depot.Options{}, testInvites},
		{"InviteOnce", depot.Options{}, testInviteOnce},
		{"AccountsLimited", depot.Options{Accounts: 2}, testAccountsLimited},
		{"Deposit", depot.Options{}, testDeposit},
		{"DepositShape", depot.Options{}, testDepositShape},
		{"DepositAgain", depot.Options{}, testDepositAgain},
		{"DepositAnew", depot.Options{}, testDepositAnew},
		{"SpentTokens", depot.Options{}, testSpentTokens},
		{"EveryToken", depot.Options{}, testEveryToken},
		{"OneCall", depot.Options{Quota: quota}, testOneCall},
		{"OneOfMany", depot.Options{}, testOneOfMany},
		{"Crowd", depot.Options{}, testCrowd},
		{"Quota", depot.Options{Quota: quota}, testQuota},
		{"QuotaRace", depot.Options{Quota: quota}, testQuotaRace},
		{"Pages", depot.Options{}, testPages},
		{"Marks", depot.Options{}, testMarks},
		{"Watch", depot.Options{}, testWatch},
		{"Lots", depot.Options{}, testLots},
		{"LotsOver", depot.Options{}, testLotsOver},
		{"DropLot", depot.Options{}, testDropLot},
		{"Presence", depot.Options{}, testPresence},
		{"Slots", depot.Options{}, testSlots},
		{"SlotsLimited", depot.Options{}, testSlotsLimited},
		{"Leave", depot.Options{}, testLeave},
		{"Keys", depot.Options{}, testKeys},
		{"Expire", depot.Options{}, testExpire},
		{"ClockADayOff", depot.Options{}, testClock},
		{"Stats", depot.Options{}, testStats},
		{"Durable", depot.Options{}, testDurable},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &suite{T: t, opened: open(t, tt.options), rand: rand.New(rand.NewPCG(7, uint64(i))), now: start}
			s.Depot = s.opened.Depot
			tt.run(s)
		})
	}
}

// quota of tests that reach it: eight small cells.
const quota = 8 * depot.CellSize

// start is the instant a test counts from, some time in a day.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// suite is one test with the depot under it.
type suite struct {
	*testing.T
	depot.Depot
	opened Opened
	rand   *rand.Rand
	now    time.Time
}

// owner is an account with the tokens of its lots.
type owner struct {
	*suite
	depot.Account
	lots []*purse
}

// purse is a lot with its tokens, of which next were used.
type purse struct {
	identity.Lot
	tokens [][16]byte
	next   int
}

func (s *suite) fill(b []byte) {
	for i := range b {
		b[i] = byte(s.rand.Uint32())
	}
}

func (s *suite) id() (id [16]byte) {
	s.fill(id[:])
	return id
}

func (s *suite) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *suite) refused(what string, err error) {
	s.Helper()
	if !errors.Is(err, depot.ErrRefused) {
		s.Fatalf("%s: %v, want %v", what, err, depot.ErrRefused)
	}
}

// owner admits an account with a lot.
func (s *suite) owner() *owner {
	s.Helper()
	o := s.bare()
	o.lot()
	return o
}

// bare admits an account that has nothing.
func (s *suite) bare() *owner {
	s.Helper()
	o := &owner{suite: s}
	s.fill(o.Account[:])
	s.ok(s.Admit(s.Context(), s.now, o.Account, depot.Ticket{Open: true}))
	return o
}

// purse makes a lot that nobody knows yet.
func (s *suite) purse() *purse {
	p := &purse{Lot: identity.Lot{ID: s.id(), Until: s.now.Add(270 * depot.Day).Unix()}}
	for i := range p.Hashes {
		p.tokens = append(p.tokens, s.id())
		p.Hashes[i] = depot.TokenHash(p.tokens[i])
	}
	s.rand.Shuffle(len(p.Hashes), func(i, j int) { p.Hashes[i], p.Hashes[j] = p.Hashes[j], p.Hashes[i] })
	return p
}

func (o *owner) lot() *purse {
	o.Helper()
	p := o.purse()
	o.ok(o.PutLot(o.Context(), o.now, o.Account, &p.Lot))
	o.lots = append(o.lots, p)
	return p
}

// deposit makes one that takes places, from unused tokens of the owner's last lot.
func (o *owner) deposit(places int) identity.Deposit {
	p := o.lots[len(o.lots)-1]
	d := identity.Deposit{Lot: p.ID, Tokens: p.tokens[p.next : p.next+places], Cell: make([]byte, places*depot.CellSize)}
	p.next += places
	o.fill(d.Cell[:64])
	copy(d.Cell, d.Tokens[0][:])
	return d
}

// put deposits, one by one, and wants the verdict.
func (s *suite) put(want identity.Verdict, ds ...identity.Deposit) {
	s.Helper()
	for i, d := range ds {
		got, err := s.Deposit(s.Context(), s.now, []identity.Deposit{d})
		if err != nil || len(got) != 1 || got[0] != want {
			s.Fatalf("deposit %d: %v, %v, want %d", i, got, err, want)
		}
	}
}

func (o *owner) fetch(done ...[16]byte) identity.Fetched {
	o.Helper()
	f, err := o.Fetch(o.Context(), o.now, o.Account, done)
	o.ok(err)
	if len(f.Cells) != len(f.Marks) {
		o.Fatalf("%d cells with %d marks", len(f.Cells), len(f.Marks))
	}
	return f
}

// holds wants exactly the cells of ds to wait, in their order, and leaves them there.
func (o *owner) holds(ds ...identity.Deposit) {
	o.Helper()
	f := o.fetch()
	o.page(f, ds...)
	if f.Left != 0 {
		o.Fatalf("%d cells wait beyond the page", f.Left)
	}
}

// page wants the cells of ds in f.
func (s *suite) page(f identity.Fetched, ds ...identity.Deposit) {
	s.Helper()
	if len(f.Cells) != len(ds) {
		s.Fatalf("%d cells, want %d", len(f.Cells), len(ds))
	}
	for i, d := range ds {
		if string(f.Cells[i]) != string(d.Cell) {
			s.Fatalf("cell %d is another one", i)
		}
	}
}

// drain fetches until nothing is left.
func (o *owner) drain() (cells [][]byte) {
	o.Helper()
	f := o.fetch()
	for len(f.Cells) > 0 {
		cells = append(cells, f.Cells...)
		f = o.fetch(f.Marks...)
	}
	if f.Left != 0 || f.Used != 0 {
		o.Fatalf("%d cells, %d bytes are left of nothing", f.Left, f.Used)
	}
	return cells
}

// crash goes on with what a power cut would leave, where that is promised.
func (s *suite) crash() {
	s.Helper()
	if s.opened.Crash != nil {
		s.Depot = s.opened.Crash(s.T)
	}
}

// ends is every front end that can be had.
func (s *suite) ends() []depot.Depot {
	s.Helper()
	ends := []depot.Depot{s.Depot}
	if s.opened.Other != nil {
		ends = append(ends, s.opened.Other(s.T))
	}
	return ends
}

func testEmpty(s *suite) {
	ctx := s.Context()
	keys, err := s.Keys(ctx)
	if err != nil || keys != nil {
		s.Errorf("keys: %x, %v", keys, err)
	}
	for name, get := range map[string]func(context.Context, time.Time, [16]byte) ([]byte, error){"look": s.Look, "read": s.ReadCell} {
		if got, err := get(ctx, s.now, s.id()); err != nil || got != nil {
			s.Errorf("%s: %x, %v", name, got, err)
		}
	}
	if v, err := s.Deposit(ctx, s.now, nil); err != nil || len(v) != 0 {
		s.Errorf("no deposits: %v, %v", v, err)
	}
	if got, err := s.Stats(ctx); err != nil || got != (depot.Stats{}) {
		s.Errorf("stats: %+v, %v", got, err)
	}
	o := s.bare()
	if f := o.fetch(); len(f.Cells) != 0 || f.Left != 0 || f.Refused != 0 || f.Used != 0 || f.Quota != depot.DefaultQuota {
		s.Errorf("a page of nothing: %+v", f)
	}
	if got, err := s.Standing(ctx, s.now, o.Account); err != nil || got != (identity.Standing{Quota: depot.DefaultQuota}) {
		s.Errorf("standing: %+v, %v", got, err)
	}
}

// everyCall of an owner, and of the operator.
func (s *suite) everyCall(ctx context.Context, a depot.Account) map[string]error {
	_, standing := s.Standing(ctx, s.now, a)
	_, fetch := s.Fetch(ctx, s.now, a, nil)
	return map[string]error{
		"standing": standing, "fetch": fetch,
		"lot":      s.PutLot(ctx, s.now, a, &s.purse().Lot),
		"drop":     s.DropLot(ctx, s.now, a, s.id()),
		"presence": s.PutPresence(ctx, s.now, a, 0, new(depot.PresencePage)),
		"register": s.Register(ctx, s.now, a, s.now.Add(time.Hour), [][16]byte{s.id()}),
		"leave":    s.Leave(ctx, s.now, a),
	}
}

func testStrangers(s *suite) {
	s.owner()
	for name, err := range s.everyCall(s.Context(), depot.Account(make([]byte, 32))) {
		if !errors.Is(err, depot.ErrStranger) {
			s.Errorf("%s: %v, want %v", name, err, depot.ErrStranger)
		}
	}
}

func testCancelled(s *suite) {
	o := s.owner()
	d := o.deposit(1)
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	errs := s.everyCall(ctx, o.Account)
	_, errs["deposit"] = s.Deposit(ctx, s.now, []identity.Deposit{d})
	_, errs["look"] = s.Look(ctx, s.now, s.id())
	_, errs["leave cell"] = s.LeaveCell(ctx, s.now, s.id(), make([]byte, depot.CellSize))
	_, errs["read cell"] = s.ReadCell(ctx, s.now, s.id())
	errs["admit"] = s.Admit(ctx, s.now, o.Account, depot.Ticket{})
	errs["expire"] = s.Expire(ctx, s.now)
	for name, err := range errs {
		if !errors.Is(err, context.Canceled) {
			s.Errorf("%s: %v, want %v", name, err, context.Canceled)
		}
	}
	o.holds()
	s.put(identity.DepositKept, d)
}
