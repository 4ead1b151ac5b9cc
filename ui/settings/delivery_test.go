package settings

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/ui/lang"
)

// mailboxes are nodes as a messenger has them; what is asked of it waits in kept.run.
type mailboxes struct {
	nodes    []app.Node
	offers   []app.Offer
	err      error
	added    []string
	removed  []app.NodeID
	forgot   []app.NodeID
	chosen   app.NodeID
	checks   []app.NodeCheck
	told     func() // after each check
	testings int
}

func (m *mailboxes) Nodes(context.Context) ([]app.Node, error)   { return slices.Clone(m.nodes), m.err }
func (m *mailboxes) Offers(context.Context) ([]app.Offer, error) { return m.offers, m.err }

func (m *mailboxes) AddNode(_ context.Context, address string) (app.Node, error) {
	m.added = append(m.added, address)
	if m.err != nil {
		return app.Node{}, m.err
	}
	n := app.Node{ID: app.NodeID(10 + len(m.added)), Address: address, Host: "new.example:4001", State: app.NodeNew}
	m.nodes = append(m.nodes, n)
	return n, nil
}

func (m *mailboxes) TestNode(_ context.Context, _ app.NodeID, told func(app.NodeCheck)) ([]app.NodeCheck, error) {
	m.testings++
	for _, c := range m.checks {
		told(c)
		m.told()
	}
	return m.checks, m.err
}

func (m *mailboxes) SetDefaultNode(_ context.Context, id app.NodeID) error {
	m.chosen = id
	return m.err
}

func (m *mailboxes) RemoveNode(_ context.Context, id app.NodeID) error {
	m.removed = append(m.removed, id)
	return m.err
}

func (m *mailboxes) ForgetNode(_ context.Context, id app.NodeID) error {
	m.forgot = append(m.forgot, id)
	m.nodes = slices.DeleteFunc(m.nodes, func(n app.Node) bool { return n.ID == id })
	return m.err
}

func twoMailboxes(t *testing.T) (*Delivery, *mailboxes, *kept) {
	t.Helper()
	k := &kept{}
	m := &mailboxes{told: func() {}, nodes: []app.Node{
		{ID: 1, Host: "node.example:4001", State: app.NodeGood, Default: true},
		{ID: 2, Host: "192.0.2.7:4001", State: app.NodeAway, OfferedBy: 7},
	}}
	d := NewDelivery(m, k.run(t), func(f func()) { f() })
	d.Load()
	k.letGo()
	if !d.Ready || len(d.Nodes) != 2 {
		t.Fatalf("loaded %+v, %v", d.Nodes, d.Err)
	}
	return d, m, k
}

func TestDeliveryFollowsTheMessenger(t *testing.T) {
	d, m, k := twoMailboxes(t)
	d.Handle(app.NodeChanged{Node: app.Node{ID: 2, Host: "192.0.2.7:4001", State: app.NodeGood}})
	d.Handle(app.NodeChanged{Node: app.Node{ID: 3, Host: "c.example:1", State: app.NodeNew}})
	if len(d.Nodes) != 3 || d.Nodes[1].State != app.NodeGood || d.Nodes[2].ID != 3 {
		t.Fatalf("nodes %+v", d.Nodes)
	}
	d.Handle(app.NodeRemoved{Node: 1})
	if len(d.Nodes) != 2 || d.Nodes[0].ID != 2 {
		t.Errorf("nodes %+v", d.Nodes)
	}
	m.offers = []app.Offer{{Contact: 7, Address: "TACITNODE1:A"}}
	d.Handle(app.OfferChanged{Contact: 7, Offered: true})
	k.letGo()
	if len(d.Offers) != 1 {
		t.Errorf("offers %+v", d.Offers)
	}
}

// What is told while the list is being loaded must not be undone by the older answer.
func TestDeliveryLoadsAnewWhatChangedMeanwhile(t *testing.T) {
	d, m, k := twoMailboxes(t)
	d.Load()
	m.nodes[1].State = app.NodeGood
	load := k.waiting
	k.waiting = nil
	k.run(t)(func(context.Context) func() { return func() {} })
	d.Handle(app.NodeChanged{Node: m.nodes[1]})
	m.nodes[1].State = app.NodeShut
	k.waiting = append(load, k.waiting...)
	k.letGo()
	if d.Nodes[1].State != app.NodeShut || len(k.waiting) != 0 {
		t.Errorf("shown %q", d.Nodes[1].State)
	}
}

func TestTestIsToldStepByStep(t *testing.T) {
	d, m, k := twoMailboxes(t)
	broken := fmt.Errorf("test: %w", app.ErrNodeRefused)
	m.checks = []app.NodeCheck{
		{Step: app.StepReach, Tried: true, Took: 40 * time.Millisecond}, {Step: app.StepKey, Tried: true},
		{Step: app.StepAdmit, Tried: true, Err: broken}, {Step: app.StepHold}, {Step: app.StepRelay}, {Step: app.StepForward},
	}
	var seen []int
	m.told = func() { seen = append(seen, len(d.Test(1).Checks)) }
	d.Try(1)
	d.Try(1) // while it runs
	if !d.Test(1).Running || d.Test(2).Running {
		t.Fatal("the test does not show")
	}
	k.letGo()
	if want := []int{1, 2, 3, 4, 5, 6}; !slices.Equal(seen, want) || m.testings != 1 {
		t.Errorf("steps were seen as %v in %d tests", seen, m.testings)
	}
	if got := d.Test(1); got.Running || !reflect.DeepEqual(got.Checks, m.checks) {
		t.Errorf("at the end %+v", got)
	}
	d.Handle(app.NodeRemoved{Node: 1})
	if len(d.Test(1).Checks) != 0 {
		t.Error("the test outlives its node")
	}
}

func TestATestThatCannotBe(t *testing.T) {
	d, m, k := twoMailboxes(t)
	m.err = app.ErrNotFound
	d.Try(1)
	if k.letGo(); d.Test(1).Running || !errors.Is(d.Err, app.ErrNotFound) {
		t.Errorf("%+v, %v", d.Test(1), d.Err)
	}
}

func TestAMailboxGoesOnlyWhenAsked(t *testing.T) {
	d, m, k := twoMailboxes(t)
	d.Confirm()
	k.letGo()
	if len(m.removed)+len(m.forgot) != 0 {
		t.Fatal("it went without a question")
	}
	d.Ask(AskRemove, d.Nodes[0])
	if d.Last(1) != false || d.Last(2) != false {
		t.Error("one of two is the last")
	}
	m.err = app.ErrDiskFull
	d.Confirm()
	k.letGo()
	if d.Question != AskRemove || !errors.Is(d.Err, app.ErrDiskFull) {
		t.Errorf("after a refusal: %d, %v", d.Question, d.Err)
	}
	m.err = nil
	d.Confirm()
	k.letGo()
	if d.Question != AskNothing || !slices.Equal(m.removed, []app.NodeID{1, 1}) || len(d.Nodes) != 2 {
		t.Errorf("asked to remove %v; listed %+v", m.removed, d.Nodes)
	}
	d.Handle(app.NodeChanged{Node: app.Node{ID: 1, State: app.NodeLeaving}})
	if !d.Last(2) {
		t.Error("one that is being left counts as another")
	}
	d.Ask(AskForget, d.Nodes[1])
	d.Confirm()
	k.letGo()
	if !slices.Equal(m.forgot, []app.NodeID{2}) || len(d.Nodes) != 1 {
		t.Errorf("gave up %v", m.forgot)
	}
}

func TestTheQuestionGoesWithItsNode(t *testing.T) {
	d, _, _ := twoMailboxes(t)
	d.Ask(AskForget, d.Nodes[1])
	d.Handle(app.NodeRemoved{Node: 2})
	if d.Question != AskNothing {
		t.Error("it is still asked about a node that is gone")
	}
}

func TestDefaultAndOffer(t *testing.T) {
	d, m, k := twoMailboxes(t)
	d.MakeDefault(2)
	d.Use(app.Offer{Contact: 9, Address: "TACITNODE1:ABC"}) // busy
	k.letGo()
	d.Use(app.Offer{Contact: 9, Address: "TACITNODE1:ABC"})
	k.letGo()
	if m.chosen != 2 || !slices.Equal(m.added, []string{"TACITNODE1:ABC"}) || len(d.Nodes) != 3 {
		t.Errorf("default %d, added %v, listed %d", m.chosen, m.added, len(d.Nodes))
	}
	m.err = app.ErrBusy
	d.Use(app.Offer{Contact: 8, Address: "TACITNODE1:ABD"})
	if k.letGo(); !errors.Is(d.Err, ErrManyMailboxes) {
		t.Errorf("one too many: %v", d.Err)
	}
}

func TestSamePlace(t *testing.T) {
	d, _, _ := twoMailboxes(t)
	if len(d.SamePlace()) != 0 {
		t.Error("nothing is near")
	}
	d.Handle(app.NodeChanged{Node: app.Node{ID: 2, State: app.NodeGood, SamePlace: true}})
	if near := d.SamePlace(); len(near) != 1 || near[0].ID != 2 {
		t.Errorf("near are %+v", near)
	}
	d.Handle(app.NodeChanged{Node: app.Node{ID: 2, State: app.NodeLeaving, SamePlace: true}})
	if len(d.SamePlace()) != 0 {
		t.Error("one that is being left counts")
	}
}

func TestFacts(t *testing.T) {
	now := time.Date(2026, 11, 22, 21, 4, 0, 0, time.Local)
	n := app.Node{SeenAt: now, Used: 12_000_000, Quota: 64 << 20}
	if got := lang.Plain(factWords(n, "Claire", now)); got != "Offered by Claire · Last answer: 21:04 · 12 MB of 67 MB in use" {
		t.Errorf("%q", got)
	}
	if got := lang.Plain(factWords(app.Node{SeenAt: now.AddDate(0, 0, -1)}, "", now)); got != "Last answer: 21 November 2026, 21:04" {
		t.Errorf("%q", got)
	}
	if got := factWords(app.Node{}, "", now); got != "" {
		t.Errorf("of one that never answered: %q", got)
	}
}

func TestEveryStateAndStepHasWords(t *testing.T) {
	for _, s := range []app.NodeState{app.NodeNew, app.NodeGood, app.NodeAway, app.NodeShut, app.NodeFalse, app.NodeLeaving} {
		words, troubled := stateWords(s)
		if !lang.Has("delivery.state_" + string(s)) {
			t.Errorf("%q reads %q", s, words)
		}
		if want := s == app.NodeAway || s == app.NodeShut || s == app.NodeFalse; troubled != want {
			t.Errorf("%q: trouble %t", s, troubled)
		}
	}
	for _, s := range Steps {
		for _, end := range []string{"", "_yes", "_no"} {
			if key := "delivery.step_" + string(s) + end; !lang.Has(key) {
				t.Errorf("no text for %s", key)
			}
		}
	}
}
