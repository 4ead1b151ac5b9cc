package apptest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity"
)

// NodesWorld is what NodesSuite needs: two nodes that admit everybody and forward to one
// another, and messengers' ways to them, closed at first.
type NodesWorld struct {
	Nodes [2]identity.Hint
	Open  func(t *testing.T) app.Nodes
}

// NodesSuite proves that an implementation of app.Nodes, with the nodes that it speaks to,
// keeps the promises of the port. world makes a world for one test.
func NodesSuite(t *testing.T, world func(t *testing.T) NodesWorld) {
	for _, tt := range []struct {
		name string
		run  func(*nodeSuite)
	}{
		{"Standing", testStanding},
		{"Put", testPut},
		{"Fetch", testFetch},
		{"FetchWaits", testFetchWaits},
		{"Lots", testNodeLots},
		{"Slots", testSlots},
		{"Leave", testLeave},
		{"Forward", testForward},
		{"Hide", testHideAddress},
		{"Closed", testClosed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := world(t)
			ctx, cancel := context.WithTimeout(context.Background(), Patience)
			defer cancel()
			tt.run(&nodeSuite{T: t, ctx: ctx, w: w})
		})
	}
}

type nodeSuite struct {
	*testing.T
	ctx context.Context
	w   NodesWorld
}

// client returns a way to nodes that is open, with these homes.
func (s *nodeSuite) client(homes ...identity.Home) app.Nodes {
	s.Helper()
	c := s.w.Open(s.T)
	c.SetInternet(identity.Internet{Open: true, Homes: homes})
	return c
}

func (s *nodeSuite) home(node int) identity.Home {
	h := identity.Home{Node: s.w.Nodes[node]}
	rand.Read(h.Account[:])
	return h
}

func (s *nodeSuite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *nodeSuite) wantErr(what string, got, want error) {
	s.Helper()
	if !errors.Is(got, want) {
		s.Errorf("%s: %v, want %v", what, got, want)
	}
}

// purse is the tokens of a lot.
type purse struct {
	lot    identity.Lot
	tokens [identity.LotTokens][16]byte
	next   int
}

func newPurse() *purse {
	p := &purse{lot: identity.Lot{Until: time.Now().Add(24 * time.Hour).Unix()}}
	rand.Read(p.lot.ID[:])
	for i := range p.tokens {
		rand.Read(p.tokens[i][:])
		sum := sha256.Sum256(p.tokens[i][:])
		p.lot.Hashes[i] = [16]byte(sum[:])
	}
	return p
}

// deposit returns a cell of so many places, and what pays for it.
func (p *purse) deposit(places int) identity.Deposit {
	d := identity.Deposit{Lot: p.lot.ID, Tokens: slices.Clone(p.tokens[p.next : p.next+places]), Cell: make([]byte, 4096*places)}
	p.next += places
	rand.Read(d.Cell)
	copy(d.Cell, d.Tokens[0][:])
	return d
}

func (s *nodeSuite) put(c app.Nodes, at identity.Hint, want identity.Verdict, ds ...identity.Deposit) {
	s.Helper()
	verdicts, err := c.Put(s.ctx, at, ds)
	s.must(err)
	if len(verdicts) != len(ds) {
		s.Fatalf("%d verdicts for %d deposits", len(verdicts), len(ds))
	}
	for i, v := range verdicts {
		if v != want {
			s.Errorf("deposit %d: verdict %d, want %d", i, v, want)
		}
	}
}

func testStanding(s *nodeSuite) {
	h := s.home(0)
	c := s.client(h)
	st, err := c.Standing(s.ctx, h)
	s.must(err)
	if st.Used != 0 || st.Cells != 0 || st.Lots != 0 || st.Quota < 1<<20 {
		s.Errorf("a new account: %+v", st)
	}
	p := newPurse()
	s.must(c.PutLot(s.ctx, h, p.lot))
	s.put(c, h.Node, identity.DepositKept, p.deposit(1), p.deposit(4))
	if st, err = c.Standing(s.ctx, h); err != nil || st.Cells != 2 || st.Lots != 1 || st.Used < 5*4096 {
		s.Errorf("with two cells and a lot: %+v, %v", st, err)
	}
	seen, err := c.Observe(s.ctx, h)
	s.must(err)
	if at, err := netip.ParseAddrPort(seen); err != nil || !at.IsValid() {
		s.Errorf("observed at %q", seen)
	}
}

func testPut(s *nodeSuite) {
	h := s.home(0)
	owner, other := s.client(h), s.client()
	p := newPurse()
	s.put(other, h.Node, identity.DepositRefused, p.deposit(1)) // no such lot yet
	s.must(owner.PutLot(s.ctx, h, p.lot))
	one, four := p.deposit(1), p.deposit(4)
	s.put(other, h.Node, identity.DepositKept, one, four)
	s.put(other, h.Node, identity.DepositKept, one, four) // again
	spent := identity.Deposit{Lot: one.Lot, Tokens: one.Tokens, Cell: bytes.Clone(one.Cell)}
	spent.Cell[100] ^= 1
	forged := p.deposit(1)
	rand.Read(forged.Tokens[0][:])
	copy(forged.Cell, forged.Tokens[0][:])
	half := p.deposit(4)
	half.Tokens[3] = one.Tokens[0]
	s.put(other, h.Node, identity.DepositRefused, spent, forged, half)
	half.Tokens[3] = p.tokens[p.next]
	s.put(other, h.Node, identity.DepositKept, half) // the others were not spent
}

func testFetch(s *nodeSuite) {
	h := s.home(0)
	c, p := s.client(h), newPurse()
	s.must(c.PutLot(s.ctx, h, p.lot))
	var cells [][]byte
	for i := range 20 {
		d := p.deposit(1 + 3*(i%2))
		cells = append(cells, d.Cell)
		s.put(c, h.Node, identity.DepositKept, d)
	}
	first, err := c.Fetch(s.ctx, h, nil, 0)
	s.must(err)
	again, err := c.Fetch(s.ctx, h, nil, 0)
	s.must(err)
	if len(first.Cells) == 0 || !slices.EqualFunc(first.Cells, again.Cells, bytes.Equal) || !slices.Equal(first.Marks, again.Marks) {
		s.Fatal("what was not marked as done does not come again")
	}
	var got [][]byte
	var done [][16]byte
	for page, rounds := first, 0; rounds < 20; rounds++ {
		got, done = append(got, page.Cells...), page.Marks
		if len(page.Cells) == 0 {
			break
		}
		if left := len(cells) - len(got); page.Left != left {
			s.Errorf("%d are said to be left, want %d", page.Left, left)
		}
		if page, err = c.Fetch(s.ctx, h, done, 0); err != nil {
			s.Fatal(err)
		}
	}
	if !slices.EqualFunc(got, cells, bytes.Equal) {
		s.Errorf("%d cells came, want %d, the oldest first", len(got), len(cells))
	}
	if st, err := c.Standing(s.ctx, h); err != nil || st.Cells != 0 || st.Used != 0 {
		s.Errorf("in the end: %+v, %v", st, err)
	}
}

// testFetchWaits: who waits for something gets it when it comes, and nothing in the end.
func testFetchWaits(s *nodeSuite) {
	h := s.home(0)
	c, p := s.client(h), newPurse()
	s.must(c.PutLot(s.ctx, h, p.lot))
	if page, err := c.Fetch(s.ctx, h, nil, time.Second); err != nil || len(page.Cells) != 0 {
		s.Fatalf("nothing was there: %d cells, %v", len(page.Cells), err)
	}
	type answer struct {
		page identity.Fetched
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		page, err := c.Fetch(s.ctx, h, nil, 20*time.Second)
		came <- answer{page, err}
	}()
	began := time.Now()
	d := p.deposit(1)
	s.put(s.client(), h.Node, identity.DepositKept, d)
	a := <-came
	s.must(a.err)
	if len(a.page.Cells) != 1 || !bytes.Equal(a.page.Cells[0], d.Cell) || time.Since(began) > 15*time.Second {
		s.Errorf("%d cells after %v", len(a.page.Cells), time.Since(began))
	}
	ctx, cancel := context.WithCancel(s.ctx)
	go func() {
		_, err := c.Fetch(ctx, h, a.page.Marks, 20*time.Second)
		came <- answer{err: err}
	}()
	cancel()
	s.wantErr("ended", (<-came).err, context.Canceled)
}

func testNodeLots(s *nodeSuite) {
	h := s.home(0)
	c, p := s.client(h), newPurse()
	s.must(c.PutLot(s.ctx, h, p.lot))
	s.must(c.PutLot(s.ctx, h, p.lot))
	if st, err := c.Standing(s.ctx, h); err != nil || st.Lots != 1 {
		s.Errorf("the same lot twice: %d lots, %v", st.Lots, err)
	}
	for range 15 {
		s.must(c.PutLot(s.ctx, h, newPurse().lot))
	}
	s.wantErr("the seventeenth lot", c.PutLot(s.ctx, h, newPurse().lot), identity.ErrNodeRefused)
	s.must(c.DropLot(s.ctx, h, p.lot.ID))
	s.must(c.DropLot(s.ctx, h, p.lot.ID))
	s.put(c, h.Node, identity.DepositRefused, p.deposit(1))
	late := newPurse().lot
	late.Until = time.Now().Add(500 * 24 * time.Hour).Unix()
	s.wantErr("a lot for too long", c.PutLot(s.ctx, h, late), identity.ErrNodeRefused)
}

func testSlots(s *nodeSuite) {
	h := s.home(0)
	owner, other := s.client(h), s.client()
	slots := [][16]byte{{1}, {2}}
	for i := range slots {
		rand.Read(slots[i][1:])
	}
	cell, another := make([]byte, 4096), make([]byte, 4096)
	rand.Read(cell)
	write := func(slot [16]byte, cell []byte, want identity.Verdict) {
		s.Helper()
		if v, err := other.WriteSlot(s.ctx, h.Node, slot, cell); err != nil || v != want {
			s.Errorf("verdict %d, want %d; %v", v, want, err)
		}
	}
	read := func(slot [16]byte, want []byte) {
		s.Helper()
		if got, err := owner.ReadSlot(s.ctx, h.Node, slot); err != nil || !bytes.Equal(got, want) {
			s.Errorf("read %d bytes, want %d; %v", len(got), len(want), err)
		}
	}
	write(slots[0], cell, identity.DepositRefused)
	read(slots[0], nil)
	s.must(owner.Register(s.ctx, h, slots, time.Now().Add(time.Hour)))
	read(slots[0], nil)
	write(slots[0], cell, identity.DepositKept)
	write(slots[0], cell, identity.DepositKept)
	write(slots[0], another, identity.DepositRefused)
	s.must(owner.Register(s.ctx, h, slots, time.Now().Add(2*time.Hour))) // for longer, and nothing is lost
	read(slots[0], cell)
	read(slots[1], nil)
	s.wantErr("slots for too long", owner.Register(s.ctx, h, [][16]byte{{9}}, time.Now().Add(20*24*time.Hour)), identity.ErrNodeRefused)
}

func testLeave(s *nodeSuite) {
	h := s.home(0)
	c, p := s.client(h), newPurse()
	s.must(c.PutLot(s.ctx, h, p.lot))
	s.put(c, h.Node, identity.DepositKept, p.deposit(1))
	s.must(c.Leave(s.ctx, h))
	s.put(s.client(), h.Node, identity.DepositRefused, p.deposit(1))
	if st, err := c.Standing(s.ctx, h); err != nil || st.Cells != 0 || st.Lots != 0 {
		s.Errorf("an account that was made anew: %+v, %v", st, err)
	}
}

func testForward(s *nodeSuite) {
	h := s.home(0)
	c := s.client(h)
	s.must(c.Forward(s.ctx, h, s.w.Nodes[1]))
	s.wantErr("to itself", c.Forward(s.ctx, h, s.w.Nodes[0]), identity.ErrNoForwarder)
}

// testHideAddress: hidden, only a forwarder leads to another's node.
func testHideAddress(s *nodeSuite) {
	theirs := s.home(1)
	p := newPurse()
	s.must(s.client(theirs).PutLot(s.ctx, theirs, p.lot))
	for name, net := range map[string]identity.Internet{
		"hidden":                {Open: true, Hide: true},
		"hidden from that node": {Open: true, HideFrom: [][32]byte{theirs.Node.Node}},
	} {
		c := s.w.Open(s.T)
		c.SetInternet(net)
		_, err := c.Put(s.ctx, theirs.Node, []identity.Deposit{p.deposit(1)})
		s.wantErr(name, err, identity.ErrNoForwarder)
		_, err = c.ReadSlot(s.ctx, theirs.Node, [16]byte{1})
		s.wantErr(name+", reading", err, identity.ErrNoForwarder)
		own := s.home(0)
		net.Homes = []identity.Home{own}
		c.SetInternet(net)
		_, err = c.Standing(s.ctx, own)
		s.must(err)
		s.put(c, theirs.Node, identity.DepositKept, p.deposit(1))
	}
}

func testClosed(s *nodeSuite) {
	h := s.home(0)
	c := s.w.Open(s.T)
	_, err := c.Standing(s.ctx, h)
	s.wantErr("closed at first", err, identity.ErrNodeUnreachable)
	c.SetInternet(identity.Internet{Open: true, Homes: []identity.Home{h}})
	_, err = c.Standing(s.ctx, h)
	s.must(err)
	ended := make(chan error, 1)
	go func() {
		_, err := c.Fetch(s.ctx, h, nil, 20*time.Second)
		ended <- err
	}()
	c.SetInternet(identity.Internet{})
	s.wantErr("closed under way", <-ended, identity.ErrNodeUnreachable)
	_, err = c.Put(s.ctx, h.Node, []identity.Deposit{newPurse().deposit(1)})
	s.wantErr("closed", err, identity.ErrNodeUnreachable)
	nowhere := h
	rand.Read(nowhere.Node.Node[:])
	c.SetInternet(identity.Internet{Open: true})
	if _, err := c.Standing(s.ctx, nowhere); !errors.Is(err, identity.ErrNodeUnreachable) && !errors.Is(err, identity.ErrNodeFalse) {
		s.Errorf("a node of another key: %v", err)
	}
}
