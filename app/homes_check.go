package app

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// TestNode tries, step by step and in order, what an own node is needed for, and hands
// each result to told (nil: nobody) before the next step. A step that another one's
// failure rules out is not tried. The whole takes at most 30 seconds. ErrNotFound.
func (m *Messenger) TestNode(ctx context.Context, id NodeID, told func(NodeCheck)) ([]NodeCheck, error) {
	var t nodeTest
	err := m.do(ctx, inMemory, func(w *work) error {
		n := w.node(id)
		if n == nil || m.nodes == nil {
			return refuse(ErrNotFound)
		}
		t = nodeTest{m: m, id: id, home: n.home}
		for _, other := range w.nodes() {
			if other.rec.ID != id && !other.leaving() {
				t.others = append(t.others, other.home.Node)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	inTime, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	t.run(inTime, told)
	return t.checks, ctx.Err()
}

// nodeTest is a test of a node under way.
type nodeTest struct {
	m      *Messenger
	id     NodeID
	home   identity.Home
	others []identity.Hint
	checks []NodeCheck
}

// run reports in the order of the steps. The first two are one conversation: whether
// somebody answers, and whether it proves to be that node.
func (t *nodeTest) run(ctx context.Context, told func(NodeCheck)) {
	report := func(c NodeCheck) bool {
		t.checks = append(t.checks, c)
		if told != nil {
			told(c)
		}
		return c.Tried && c.Err == nil
	}
	try := func(step NodeStep, f func(context.Context) error) bool {
		began := t.m.clock.Elapsed()
		inTime, cancel := context.WithTimeout(ctx, stepFor) // so that those after it are tried, too
		defer cancel()
		err := nodeError(f(inTime))
		return report(NodeCheck{Step: step, Tried: true, Err: err, Took: t.m.clock.Elapsed() - began})
	}
	began := t.m.clock.Elapsed()
	_, err := t.m.nodes.Observe(ctx, t.home)
	took := t.m.clock.Elapsed() - began
	isFalse := errors.Is(err, identity.ErrNodeFalse)
	reached := NodeCheck{Step: StepReach, Tried: true, Took: took}
	if !isFalse {
		reached.Err = nodeError(err)
	}
	ok := report(reached)
	key := NodeCheck{Step: StepKey, Tried: ok}
	if isFalse {
		key.Err = ErrNodeFalse
	}
	ok = report(key) && try(StepAdmit, t.admit)
	if !ok {
		t.skip(report)
		return
	}
	try(StepHold, t.hold)
	if relays, can := t.m.transport.(relays); can {
		try(StepRelay, func(ctx context.Context) error { return t.relay(ctx, relays) })
	} else {
		report(NodeCheck{Step: StepRelay})
	}
	if len(t.others) == 0 {
		report(NodeCheck{Step: StepForward})
		return
	}
	try(StepForward, func(ctx context.Context) error { return t.m.nodes.Forward(ctx, t.home, t.others[0]) })
}

// skip reports the steps that are left as not tried.
func (t *nodeTest) skip(report func(NodeCheck) bool) {
	for _, step := range []NodeStep{StepAdmit, StepHold, StepRelay, StepForward} {
		if !slices.ContainsFunc(t.checks, func(c NodeCheck) bool { return c.Step == step }) {
			report(NodeCheck{Step: step})
		}
	}
}

// relays is a transport that knows over which nodes this computer can be reached.
type relays interface {
	// Relayed returns nil while a circuit is reserved at a node, else why none is.
	Relayed(identity.Hint) error
}

func (t *nodeTest) admit(ctx context.Context) error {
	turn := t.m.turns.Load()
	s, err := t.m.nodes.Standing(ctx, t.home)
	if err != nil {
		return t.m.noteNode(t.id, turn, err)
	}
	return t.m.doWhile(ctx, inMemory, func(w *work) error {
		w.nodeAnswered(t.id, nodeNews{used: s.Used, quota: s.Quota})
		return nil
	})
}

// hold leaves a cell as contacts do, paid by a lot of its own, and fetches it, unless the
// one who fetches all the time is quicker.
func (t *nodeTest) hold(ctx context.Context) error {
	lot := newLot(t.id, time.Time{}, t.m.clock.Now())
	lot.Until = t.m.clock.Now().Add(time.Hour) // it goes by itself, should the program end here
	if err := t.m.nodes.PutLot(ctx, t.home, lotOf(lot)); err != nil {
		return err
	}
	defer func() {
		dropping, cancel := context.WithTimeout(context.WithoutCancel(ctx), choreFirst)
		defer cancel()
		if err := t.m.nodes.DropLot(dropping, t.home, lot.ID); err != nil {
			t.m.log.Debug("lot of a test stays for an hour", "err", err)
		}
	}()
	token := envelope.Grant{Seed: lot.Spares[0], Count: envelope.GrantCount}.Token(0)
	came := make(chan struct{})
	if err := t.m.doWhile(ctx, inMemory, func(w *work) error {
		w.later(func() { w.m.probes[token] = sync1(came) })
		return nil
	}); err != nil {
		return err
	}
	defer func() {
		t.m.begin(context.WithoutCancel(ctx), inMemory, func(w *work) error {
			w.later(func() { delete(w.m.probes, token) })
			return nil
		})
	}()
	cell := make([]byte, envelope.SmallCell)
	rand.Read(cell)
	copy(cell, token[:])
	d := identity.Deposit{Lot: lot.ID, Tokens: [][16]byte{token}, Cell: cell}
	verdicts, err := t.m.nodes.Put(ctx, t.home.Node, []identity.Deposit{d})
	switch {
	case err != nil:
		return err
	case len(verdicts) != 1 || verdicts[0] == identity.DepositLater:
		return identity.ErrNodeLater
	case verdicts[0] != identity.DepositKept:
		return identity.ErrNodeFalse
	}
	return t.fetch(ctx, cell, came)
}

// sync1 returns a function that closes c, once.
func sync1(c chan struct{}) func() {
	open := true // the loop alone calls it
	return func() {
		if open {
			open = false
			close(c)
		}
	}
}

// fetch looks for a cell until it, or whoever else fetches, has it.
func (t *nodeTest) fetch(ctx context.Context, cell []byte, came <-chan struct{}) error {
	for {
		page, err := t.m.nodes.Fetch(ctx, t.home, nil, 0)
		if err != nil {
			return err
		}
		for i, c := range page.Cells {
			if slices.Equal(c, cell) {
				_, err := t.m.nodes.Fetch(ctx, t.home, page.Marks[i:i+1], 0)
				return err
			}
		}
		again, cancel := context.WithTimeout(ctx, time.Second)
		select {
		case <-came:
			cancel()
			return nil
		case <-again.Done():
			cancel()
		}
		if ctx.Err() != nil {
			return identity.ErrNodeFalse // it took the cell, and does not give it back
		}
	}
}

// relay waits for a circuit to be reserved.
func (t *nodeTest) relay(ctx context.Context, r relays) error {
	for {
		err := r.Relayed(t.home.Node)
		if err == nil {
			return nil
		}
		again, cancel := context.WithTimeout(ctx, time.Second)
		<-again.Done()
		cancel()
		if ctx.Err() != nil {
			return err
		}
	}
}

// probed reports whether a token is of a cell that a test left, and tells the test.
func (w *work) probed(t envelope.Token) bool {
	tell := w.m.probes[t]
	if tell != nil {
		w.later(tell)
	}
	return tell != nil
}

// nodeError puts an error of a conversation with a node in this package's words.
func nodeError(err error) error {
	for _, e := range []struct{ theirs, ours error }{
		{identity.ErrNodeFalse, ErrNodeFalse},
		{identity.ErrNodeRefused, ErrNodeRefused},
		{identity.ErrNodeLater, ErrNodeLater},
		{identity.ErrNoForwarder, ErrNodeRefused},
		{identity.ErrNodeUnreachable, ErrNodeUnreachable},
		{context.DeadlineExceeded, ErrNodeUnreachable},
	} {
		if errors.Is(err, e.theirs) {
			return e.ours
		}
	}
	return err
}
