package settings

import (
	"context"
	"slices"

	"tacit/app"
)

// Mailboxes is what the models Delivery and AddMailbox ask of *app.Messenger.
type Mailboxes interface {
	Nodes(ctx context.Context) ([]app.Node, error)
	Offers(ctx context.Context) ([]app.Offer, error)
	// AddNode adds the node at an address, without waiting for its answer. Errors:
	// app.ErrNodeAddress, app.ErrNodeNewer, app.ErrNodeKnown and those of the disk.
	AddNode(ctx context.Context, address string) (app.Node, error)
	// TestNode tries all steps. told is called after each, in order, from elsewhere.
	TestNode(ctx context.Context, id app.NodeID, told func(app.NodeCheck)) ([]app.NodeCheck, error)
	SetDefaultNode(ctx context.Context, id app.NodeID) error
	RemoveNode(ctx context.Context, id app.NodeID) error
	ForgetNode(ctx context.Context, id app.NodeID) error
}

// Post calls a function on the window's goroutine, in the order of the calls.
type Post func(func())

// Steps are what a test of a node tries, in order.
var Steps = []app.NodeStep{app.StepReach, app.StepKey, app.StepAdmit, app.StepHold, app.StepRelay, app.StepForward}

// Test is what is known of a node from trying it.
type Test struct {
	Running bool
	Checks  []app.NodeCheck // of the steps that are over
}

// Question is what is asked before a node goes.
type Question int

const (
	AskNothing Question = iota
	AskRemove           // what is there is moved first
	AskForget           // at once: nobody answers there
)

// Delivery is the own nodes and what contacts offer.
//
// Owner of every field: the window's goroutine.
type Delivery struct {
	OnChange func()
	Ready    bool // Nodes and Offers are known
	Nodes    []app.Node
	Offers   []app.Offer
	Err      error // why the last thing that was asked for was not done
	Busy     bool  // something is asked for

	Question Question
	Asked    app.Node // what Question is about

	tests    map[app.NodeID]*Test
	m        Mailboxes
	run      Run
	post     Post
	loading  bool
	outdated bool // something changed while it was being loaded
}

// NewDelivery returns a model that knows nothing before Load.
func NewDelivery(m Mailboxes, run Run, post Post) *Delivery {
	return &Delivery{OnChange: func() {}, tests: map[app.NodeID]*Test{}, m: m, run: run, post: post}
}

// Load asks for all of it anew.
func (d *Delivery) Load() {
	if d.loading {
		d.outdated = true
		return
	}
	d.loading = true
	d.run(func(ctx context.Context) func() {
		nodes, err := d.m.Nodes(ctx)
		var offers []app.Offer
		if err == nil {
			offers, err = d.m.Offers(ctx)
		}
		return func() {
			d.loading = false
			if err != nil {
				d.Err = err
			} else {
				d.Nodes, d.Offers, d.Ready = nodes, offers, true
				d.forgetTests()
			}
			if d.outdated {
				d.outdated = false
				d.Load()
			}
			d.OnChange()
		}
	})
}

// Handle takes what the messenger told.
func (d *Delivery) Handle(e app.Event) {
	switch e := e.(type) {
	case app.NodeChanged:
		if d.loading {
			d.outdated = true
		}
		i := slices.IndexFunc(d.Nodes, func(n app.Node) bool { return n.ID == e.Node.ID })
		if i < 0 {
			d.Nodes = append(d.Nodes, e.Node)
		} else {
			d.Nodes[i] = e.Node
		}
		if e.Node.ID == d.Asked.ID {
			d.Asked = e.Node
		}
		d.OnChange()
	case app.NodeRemoved:
		d.gone(e.Node)
	case app.Snapshot, app.OfferChanged, app.ContactRemoved:
		d.Load()
	}
}

// gone takes a node out of the list.
func (d *Delivery) gone(id app.NodeID) {
	if d.loading {
		d.outdated = true
	}
	d.Nodes = slices.DeleteFunc(d.Nodes, func(n app.Node) bool { return n.ID == id })
	if d.Asked.ID == id {
		d.Question, d.Asked = AskNothing, app.Node{}
	}
	d.forgetTests()
	d.OnChange()
}

func (d *Delivery) forgetTests() {
	for id := range d.tests {
		if !slices.ContainsFunc(d.Nodes, func(n app.Node) bool { return n.ID == id }) {
			delete(d.tests, id)
		}
	}
}

// Test is what is known of a node from trying it; zero where it was not tried.
func (d *Delivery) Test(id app.NodeID) Test {
	if t := d.tests[id]; t != nil {
		return *t
	}
	return Test{}
}

// Try begins to test a node. Each step is told as soon as it is over.
func (d *Delivery) Try(id app.NodeID) {
	if t := d.tests[id]; t != nil && t.Running {
		return
	}
	t := &Test{Running: true}
	d.tests[id] = t
	d.Err = nil
	d.OnChange()
	d.run(func(ctx context.Context) func() {
		checks, err := d.m.TestNode(ctx, id, func(c app.NodeCheck) {
			d.post(func() {
				if t.Running {
					t.Checks = append(t.Checks, c)
					d.OnChange()
				}
			})
		})
		return func() {
			t.Running, d.Err = false, err
			if err == nil {
				t.Checks = checks
			}
			d.OnChange()
		}
	})
}

// MakeDefault lets cards and contacts use a node.
func (d *Delivery) MakeDefault(id app.NodeID) {
	d.do(func(ctx context.Context) error { return d.m.SetDefaultNode(ctx, id) }, func() {})
}

// Use takes what a contact offers.
func (d *Delivery) Use(o app.Offer) {
	d.do(func(ctx context.Context) error {
		_, err := addNode(ctx, d.m, o.Address)
		return err
	}, d.Load)
}

// Ask opens a question about a node, or with AskNothing closes it.
func (d *Delivery) Ask(q Question, of app.Node) {
	if d.Busy || q == d.Question && of.ID == d.Asked.ID {
		return
	}
	d.Question, d.Asked, d.Err = q, of, nil
	d.OnChange()
}

// Confirm does what was asked about.
func (d *Delivery) Confirm() {
	id, call := d.Asked.ID, d.m.RemoveNode
	switch d.Question {
	case AskNothing:
		return
	case AskForget:
		call = d.m.ForgetNode
	}
	d.do(func(ctx context.Context) error { return call(ctx, id) }, func() {
		d.Question, d.Asked = AskNothing, app.Node{}
		d.Load()
	})
}

// Last reports whether the profile would be without a node if this one went.
func (d *Delivery) Last(id app.NodeID) bool {
	return !slices.ContainsFunc(d.Nodes, func(n app.Node) bool { return n.ID != id && n.State != app.NodeLeaving })
}

// SamePlace returns the nodes that stand behind the own address: who knows where they are
// knows where this computer is.
func (d *Delivery) SamePlace() (near []app.Node) {
	for _, n := range d.Nodes {
		if n.SamePlace && n.State != app.NodeLeaving {
			near = append(near, n)
		}
	}
	return near
}

func (d *Delivery) do(call func(context.Context) error, well func()) {
	if d.Busy {
		return
	}
	d.Busy, d.Err = true, nil
	d.OnChange()
	d.run(func(ctx context.Context) func() {
		err := call(ctx)
		return func() {
			d.Busy, d.Err = false, err
			if err == nil {
				well()
			}
			d.OnChange()
		}
	})
}
