package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
	"tacit/transport/mailbox/node"
)

// TestMain looks for what is left running. Connections of libp2p take leave on goroutines
// of their own, which a busy computer gives their turn late.
func TestMain(m *testing.M) {
	code := m.Run()
	for deadline := time.Now().Add(15 * time.Second); code == 0; {
		err := goleak.Find()
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// startNode runs a node on loopback until the test ends, or stop is called.
func startNode(t *testing.T, o node.Options) (at identity.Hint, stop func()) {
	t.Helper()
	if o.Depot == nil {
		d := memory.New(depot.Options{})
		t.Cleanup(func() { d.Close() })
		o.Depot = d
	}
	if !o.Listen.IsValid() {
		o.Listen = netip.AddrPortFrom(loopback, 0)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n, err := node.New(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := n.Run(ctx); err != nil {
			t.Errorf("node: %v", err)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return n.Address().Hint, stop
}

func newHome(at identity.Hint) identity.Home {
	h := identity.Home{Node: at}
	rand.Read(h.Account[:])
	return h
}

// newClient is open towards these homes until the test ends.
func newClient(t *testing.T, n identity.Internet) *Client {
	t.Helper()
	c := New(Options{})
	n.Open = true
	c.SetInternet(n)
	t.Cleanup(c.Close)
	return c
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// tokens are those of a lot.
type tokens struct {
	lot  identity.Lot
	next int
	all  [][16]byte
}

func newTokens() *tokens {
	l := &tokens{lot: identity.Lot{Until: time.Now().Add(24 * time.Hour).Unix()}, all: make([][16]byte, identity.LotTokens)}
	rand.Read(l.lot.ID[:])
	for i := range l.all {
		rand.Read(l.all[i][:])
		sum := sha256.Sum256(l.all[i][:])
		l.lot.Hashes[i] = [16]byte(sum[:])
	}
	return l
}

// deposit makes a cell of a class, with unspent tokens.
func (l *tokens) deposit(c mailbox.Class) identity.Deposit {
	d := identity.Deposit{Lot: l.lot.ID, Tokens: slices.Clone(l.all[l.next : l.next+c.Cost()]), Cell: make([]byte, c.CellSize())}
	l.next += c.Cost()
	rand.Read(d.Cell)
	copy(d.Cell, d.Tokens[0][:])
	return d
}

func TestCellsPassThroughANode(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home, l := newHome(at), newTokens()
	owner := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	ctx := within(t, 20*time.Second)
	if err := owner.PutLot(ctx, home, l.lot); err != nil {
		t.Fatal(err)
	}
	sender := newClient(t, identity.Internet{})
	ds := []identity.Deposit{l.deposit(mailbox.Small), l.deposit(mailbox.Large), l.deposit(mailbox.Page), l.deposit(mailbox.Small)}
	ds[3].Tokens[0][3] ^= 1 // of nobody
	copy(ds[3].Cell, ds[3].Tokens[0][:])
	again := slices.Concat(ds[:1], ds)
	verdicts, err := sender.Put(ctx, at, again)
	kept, refused := identity.DepositKept, identity.DepositRefused
	if want := []identity.Verdict{kept, kept, kept, kept, refused}; err != nil || !slices.Equal(verdicts, want) {
		t.Fatalf("verdicts %v, %v", verdicts, err)
	}
	s, err := owner.Standing(ctx, home)
	if err != nil || s.Cells != 3 || s.Lots != 1 || s.Skew < -2 || s.Skew > 2 {
		t.Errorf("standing %+v, %v", s, err)
	}
	var got [][]byte
	var marks [][16]byte
	for range 4 {
		page, err := owner.Fetch(ctx, home, marks, 0)
		if err != nil {
			t.Fatal(err)
		}
		got, marks = append(got, page.Cells...), page.Marks
	}
	if len(got) != 3 {
		t.Fatalf("%d cells", len(got))
	}
	for i, cell := range got {
		if !bytes.Equal(cell, ds[i].Cell) {
			t.Errorf("cell %d is another", i)
		}
	}
	if err := owner.DropLot(ctx, home, l.lot.ID); err != nil {
		t.Error(err)
	}
	if verdicts, err = sender.Put(ctx, at, []identity.Deposit{l.deposit(mailbox.Small)}); err != nil || verdicts[0] != refused {
		t.Errorf("a token of a dropped lot: %v, %v", verdicts, err)
	}
	if verdicts, err = sender.Put(ctx, at, []identity.Deposit{{Cell: make([]byte, 5)}}); err != nil || verdicts[0] != refused {
		t.Errorf("a cell of no size: %v, %v", verdicts, err)
	}
}

// TestLongPollSaysAtOnce: who waits for something hears of it when it comes, and others can
// ask meanwhile.
func TestLongPollSaysAtOnce(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home, l := newHome(at), newTokens()
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	ctx := within(t, 20*time.Second)
	if err := c.PutLot(ctx, home, l.lot); err != nil {
		t.Fatal(err)
	}
	type result struct {
		page identity.Fetched
		err  error
	}
	fetched := make(chan result, 1)
	go func() {
		page, err := c.Fetch(ctx, home, nil, 10*time.Minute)
		fetched <- result{page, err}
	}()
	if _, err := c.Standing(ctx, home); err != nil {
		t.Errorf("while a fetch waits: %v", err)
	}
	if verdicts, err := c.Put(ctx, at, []identity.Deposit{l.deposit(mailbox.Small)}); err != nil || verdicts[0] != identity.DepositKept {
		t.Fatalf("%v, %v", verdicts, err)
	}
	if r := <-fetched; r.err != nil || len(r.page.Cells) != 1 {
		t.Errorf("%d cells, %v", len(r.page.Cells), r.err)
	}
}

func TestSlotsAndPresence(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home := newHome(at)
	owner, other := newClient(t, identity.Internet{Homes: []identity.Home{home}}), newClient(t, identity.Internet{})
	ctx := within(t, 20*time.Second)
	card := identity.NewCard(identity.Fingerprint{1}, time.Hour, false, time.Now())
	cell := bytes.Repeat([]byte{7}, mailbox.SmallCell)
	if v, err := other.WriteSlot(ctx, at, card.Slot(1), cell); err != nil || v != identity.DepositRefused {
		t.Errorf("an unregistered slot: %v, %v", v, err)
	}
	if err := owner.Register(ctx, home, [][16]byte{card.Slot(1), card.Slot(2)}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, err := owner.ReadSlot(ctx, at, card.Slot(1)); err != nil || got != nil {
		t.Errorf("an empty slot: %d bytes, %v", len(got), err)
	}
	another := bytes.Repeat([]byte{8}, mailbox.SmallCell)
	for i, c := range []struct {
		cell []byte
		want identity.Verdict
	}{{cell, identity.DepositKept}, {cell, identity.DepositKept}, {another, identity.DepositRefused}, {nil, identity.DepositRefused}} {
		if v, err := other.WriteSlot(ctx, at, card.Slot(1), c.cell); err != nil || v != c.want {
			t.Errorf("cell %d: verdict %v, %v", i, v, err)
		}
	}
	if got, err := owner.ReadSlot(ctx, at, card.Slot(1)); err != nil || !bytes.Equal(got, cell) {
		t.Errorf("%d bytes, %v", len(got), err)
	}

	kb, now := identity.LinkKey{1}, time.Now()
	page := &mailbox.Presences{}
	for i := range page.Slots {
		rand.Read(page.Slots[i].ID[:])
		rand.Read(page.Slots[i].Content[:])
	}
	want := mailbox.Presence{Peer: [32]byte{5}, Until: now.Add(time.Hour).Unix(), Relays: []identity.Hint{at}}
	slot, err := mailbox.SealPresence(kb, want)
	if err != nil {
		t.Fatal(err)
	}
	page.Slots[40] = slot
	if err := owner.PutPresence(ctx, home, page); err != nil {
		t.Fatal(err)
	}
	content, err := other.Look(ctx, at, mailbox.PresenceID(kb), false)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := mailbox.OpenPresence(kb, content, now); err != nil || got.Peer != want.Peer || len(got.Relays) != 1 || got.Relays[0] != at {
		t.Errorf("%v", err)
	}
	if content, err = other.Look(ctx, at, [16]byte{9}, false); err != nil || content == [mailbox.ContentSize]byte{} {
		t.Errorf("a presence of nobody: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	at, _ := startNode(t, node.Options{Closed: true})
	c := newClient(t, identity.Internet{})
	ctx := within(t, 20*time.Second)
	if _, err := c.Standing(ctx, newHome(at)); err != identity.ErrNodeRefused {
		t.Errorf("a closed node: %v", err)
	}
	open, _ := startNode(t, node.Options{})
	home := newHome(open)
	if err := c.Register(ctx, home, nil, time.Now()); err != identity.ErrNodeRefused {
		t.Errorf("no slot: %v", err)
	}
	lot := newTokens().lot
	lot.Until = time.Now().Add(500 * 24 * time.Hour).Unix()
	if err := c.PutLot(ctx, home, lot); err != identity.ErrNodeRefused {
		t.Errorf("a lot for too long: %v", err)
	}
	if _, err := c.Fetch(ctx, home, nil, 0); err != nil {
		t.Errorf("after refusals: %v", err)
	}
	if err := c.Leave(ctx, home); err != nil {
		t.Errorf("leave: %v", err)
	}
	if s, err := c.Standing(ctx, home); err != nil || s.Lots != 0 {
		t.Errorf("back again: %+v, %v", s, err)
	}
	if at, err := c.Observe(ctx, home); err != nil || netip.MustParseAddrPort(at).Addr() != loopback {
		t.Errorf("seen at %q, %v", at, err)
	}
}

// TestNodeComesBack: a node that has gone is unreachable, and is found again when it is back
// under the same key.
func TestNodeComesBack(t *testing.T) {
	d := memory.New(depot.Options{})
	at, stop := startNode(t, node.Options{Depot: d})
	home := newHome(at)
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	ctx := within(t, 30*time.Second)
	c.times.dial = time.Second
	if _, err := c.Fetch(ctx, home, nil, 0); err != nil {
		t.Fatal(err)
	}
	stop()
	if _, err := c.Fetch(ctx, home, nil, 0); err != identity.ErrNodeUnreachable {
		t.Errorf("a node that has gone: %v", err)
	}
	if _, err := c.Put(ctx, at, []identity.Deposit{newTokens().deposit(mailbox.Small)}); err != identity.ErrNodeUnreachable {
		t.Errorf("a deposit there: %v", err)
	}
	startNode(t, node.Options{Depot: d, Listen: netip.AddrPortFrom(loopback, at.Port)})
	if _, err := c.Fetch(ctx, home, nil, 0); err != nil {
		t.Errorf("back again: %v", err)
	}
}

// busy reports whether a call uses a room.
func (c *Client) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.rooms {
		if r.users > 0 {
			return true
		}
	}
	return false
}

func TestClosedClientOpensNothing(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home := newHome(at)
	c := New(Options{})
	ctx := within(t, 20*time.Second)
	if _, err := c.Standing(ctx, home); err != identity.ErrNodeUnreachable || len(c.Connections()) != 0 {
		t.Errorf("at first: %v, %d connections", err, len(c.Connections()))
	}
	c.SetInternet(identity.Internet{Open: true, Homes: []identity.Home{home}})
	if _, err := c.Standing(ctx, home); err != nil {
		t.Fatal(err)
	}
	if w := c.Connections(); len(w) != 1 || w[0].Kind != WireNode || w[0].Since.IsZero() {
		t.Errorf("%+v", w)
	}
	waiting := make(chan error, 1)
	go func() {
		_, err := c.Fetch(ctx, home, nil, 10*time.Minute)
		waiting <- err
	}()
	for !c.busy() {
		time.Sleep(time.Millisecond)
	}
	c.SetInternet(identity.Internet{})
	if w := c.Connections(); len(w) != 0 {
		t.Errorf("%d connections when it is closed", len(w))
	}
	if err := <-waiting; err != identity.ErrNodeUnreachable {
		t.Errorf("a fetch under way: %v", err)
	}
	if _, err := c.Standing(ctx, home); err != identity.ErrNodeUnreachable {
		t.Errorf("afterwards: %v", err)
	}
}

func TestContextEndsACall(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home := newHome(at)
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := c.Fetch(ctx, home, nil, 0); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := c.Fetch(ctx, home, nil, 10*time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := c.Fetch(within(t, 10*time.Second), home, nil, 0); err != nil {
		t.Errorf("the next: %v", err)
	}
}

func TestNodeByItsName(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	at.Addr, at.Name = netip.Addr{}, "localhost"
	c := newClient(t, identity.Internet{})
	if _, err := c.Standing(within(t, 20*time.Second), newHome(at)); err != nil {
		t.Error(err)
	}
	at.Name = "nobody.invalid" // RFC 6761: there is no such name
	ctx := within(t, 20*time.Second)
	if _, err := c.Standing(ctx, newHome(at)); !errors.Is(err, identity.ErrNodeUnreachable) && ctx.Err() == nil {
		t.Errorf("a name of nobody: %v", err)
	}
}
