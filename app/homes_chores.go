package app

import (
	"context"
	"crypto/rand"
	"math/big"
	"time"
)

// choreKind is something that is done at a node.
type choreKind int

const (
	choreAnswer choreKind = iota // does it serve this profile
	choreLots                    // lots to hand over, and to end
	choreLeave                   // nothing is wanted from it any more
	choreSlots                   // the cells of a pairing
)

// choreKey names a chore: at most one of a name runs at a time.
type choreKey struct {
	kind    choreKind
	node    NodeID    // but for choreSlots
	pairing PairingID // of choreSlots
}

// chore is something to be done at a node. The loop owns it. What it does is found in the
// store when it is due, so that a crash forgets nothing.
type chore struct {
	due     time.Duration // Clock.Elapsed
	wait    time.Duration // until it is tried again after it failed
	running bool
	again   bool // it became due while it ran

	look time.Duration // of choreSlots: the pace while somebody watches
	room time.Time     // of choreSlots: until when the slots of an own card are registered; zero: not in this run
}

// lookAgain is returned by a chore that waits for somebody: it looks at short intervals
// while the person watches, else at random ones.
const lookAgain = time.Duration(-1)

// tickChores starts what is due.
func (m *Messenger) tickChores() {
	if m.nodes == nil || !m.state.preferences.Internet {
		return
	}
	now := m.clock.Elapsed()
	m.planChores(now)
	for k, c := range m.chores {
		if !c.running && now >= c.due {
			m.startChore(k, c)
		}
	}
}

// planChores adds the chores that are wanted and takes away those that are not.
func (m *Messenger) planChores(now time.Duration) {
	wanted := map[choreKey]bool{}
	for id, n := range m.state.nodes {
		for kind, want := range map[choreKind]bool{
			choreAnswer: n.rec.State != NodeGood && !n.leaving(),
			choreLots:   n.lotsDue(m.clock.Now()),
			choreLeave:  n.leaving() && m.mayLeave(n),
		} {
			if want {
				wanted[choreKey{kind: kind, node: id}] = true
			}
		}
	}
	for id, p := range m.state.pairings {
		if p.overNode() {
			wanted[choreKey{kind: choreSlots, pairing: id}] = true
		}
	}
	for k := range wanted {
		if m.chores[k] == nil {
			m.chores[k] = &chore{due: now}
		}
	}
	for k, c := range m.chores {
		switch {
		case !wanted[k] && !c.running:
			delete(m.chores, k)
		case k.kind == choreSlots && m.mail.watching && c.wait == 0 && c.due-now > lookMax && c.look == 0:
			c.due = now
		}
	}
}

// hurry has a chore done at once, if it is wanted.
func (m *Messenger) hurry(k choreKey) {
	c := m.chores[k]
	if c == nil {
		return
	}
	c.due, c.wait, c.look, c.again = m.clock.Elapsed(), 0, 0, c.running
}

func (m *Messenger) startChore(k choreKey, c *chore) {
	do := m.choreOf(k)
	if do == nil {
		delete(m.chores, k)
		return
	}
	c.running = true
	m.senders.Go(func() {
		ctx, cancel := context.WithTimeout(m.lifetime, choreFor)
		defer cancel()
		next, err := do(ctx)
		m.doWhile(m.lifetime, inMemory, func(w *work) error {
			w.later(func() { m.choreDone(c, next, err) })
			return nil
		})
	})
}

// choreOf returns what a chore does, or nil where there is nothing (any more). It returns
// how long to rest before the next time; after an error that is longer each time.
func (m *Messenger) choreOf(k choreKey) func(context.Context) (time.Duration, error) {
	switch k.kind {
	case choreAnswer:
		return m.askNode(k.node)
	case choreLots:
		return m.handLots(k.node)
	case choreLeave:
		return m.leaveNode(k.node)
	case choreSlots:
		return m.meetOver(k.pairing)
	}
	return nil
}

func (m *Messenger) choreDone(c *chore, next time.Duration, err error) {
	c.running = false
	now := m.clock.Elapsed()
	switch {
	case c.again:
		c.again, c.due = false, now
	case err != nil:
		c.wait = min(max(2*c.wait, choreFirst), choreMax)
		c.due = now + randomAbout(c.wait)
	case next == lookAgain && m.mail.watching:
		c.wait, c.look = 0, min(max(2*c.look, lookFirst), lookMax)
		c.due = now + c.look
	case next == lookAgain:
		c.wait, c.look, c.due = 0, 0, now+exponential(lookMean)
	default:
		c.wait, c.due = 0, now+next
	}
}

// randomWithin returns a random time below d.
func randomWithin(d time.Duration) time.Duration {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(max(d, 1))))
	if err != nil {
		return d // crypto/rand never fails
	}
	return time.Duration(n.Int64())
}

// randomAbout returns a random time between half of d and one and a half: who waits for
// the same node does not come back at the same moment.
func randomAbout(d time.Duration) time.Duration { return d/2 + randomWithin(d) }
