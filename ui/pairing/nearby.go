package pairing

import (
	"context"

	"tacit/app"
)

// Nearby is the tab that shows this computer to others who pair on this network, for as
// long as it is open. When two have picked each other, the card goes on with their codes.
//
// Owner of every field: the window's goroutine.
type Nearby struct {
	OnChange func() // something that is shown has changed

	State app.Nearby // as last told
	Err   error      // why this computer is not shown

	m       Messenger
	run     Run
	wanted  bool
	running bool // was started, and not stopped
	busy    bool // one of the two is under way
}

func newNearbyModel(m Messenger, run Run) *Nearby {
	return &Nearby{OnChange: func() {}, m: m, run: run}
}

// Open shows this computer to others, again where that has ended.
func (n *Nearby) Open() {
	if n.wanted && n.Err == nil {
		return
	}
	n.wanted, n.running, n.Err, n.State = true, false, nil, app.Nearby{}
	n.settle()
	n.OnChange()
}

// Close shows it to nobody any more.
func (n *Nearby) Close() {
	n.wanted, n.Err, n.State = false, nil, app.Nearby{}
	n.settle()
}

// settle starts or stops, one after the other.
func (n *Nearby) settle() {
	if n.busy || n.wanted == n.running {
		return
	}
	n.busy = true
	start := n.wanted
	n.run(func(ctx context.Context) func() {
		var state app.Nearby
		var err error
		if start {
			state, err = n.m.StartNearby(ctx)
		} else {
			err = n.m.StopNearby(ctx)
		}
		return func() {
			n.busy, n.running = false, start
			if start && n.wanted {
				n.began(state, err)
			}
			n.settle()
		}
	})
}

func (n *Nearby) began(state app.Nearby, err error) {
	n.Err = err
	if err == nil && !n.State.Open { // its events may have come first
		n.State = state
	}
	n.OnChange()
}

// take takes what the messenger told.
func (n *Nearby) take(state app.Nearby) {
	if !n.wanted {
		return
	}
	if n.State.Open && !state.Open { // over by itself
		n.Err = state.Err
	}
	n.State = state
	n.OnChange()
}

// Pick picks a partner, or takes the pick back.
func (n *Nearby) Pick(id string) {
	if !n.State.Open {
		return
	}
	if n.State.Picked == id {
		id = ""
	}
	n.run(func(ctx context.Context) func() {
		// Who has left meanwhile cannot be picked; that is told by itself.
		_ = n.m.PickNearby(ctx, id)
		return func() {}
	})
}

// Chosen is the partner who is picked; ok is false while nobody is.
func (n *Nearby) Chosen() (p app.NearbyPartner, ok bool) {
	for _, p := range n.State.Partners {
		if p.ID == n.State.Picked {
			return p, true
		}
	}
	return p, false
}
