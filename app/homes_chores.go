package app

import (
	"context"
	"crypto/rand"
	"math/big"
	"time"

	handshake "tacit/identity/pairing"
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

	look  time.Duration // of choreSlots: the pace while somebody watches
	moved time.Duration // of choreSlots: when something last came or went, by Clock.Elapsed
	room  time.Time     // of choreSlots: until when the slots of an own card are registered; zero: not in this run
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
	for id, n := range m.state.nodes {
		for _, kind := range [...]choreKind{choreAnswer, choreLots, choreLeave} {
			if m.wants(kind, n) {
				m.plan(choreKey{kind: kind, node: id}, now)
			}
		}
	}
	for id, p := range m.state.pairings {
		if p.overNode() {
			m.plan(choreKey{kind: choreSlots, pairing: id}, now)
		}
	}
	for k, c := range m.chores {
		switch {
		case !c.running && now >= c.due && !m.stillWants(k): // not before: what failed is not begun anew at once
			delete(m.chores, k)
		case k.kind == choreSlots && m.mail.watching && c.wait == 0 && c.due-now > lookMax && c.look == 0:
			c.due = now
		}
	}
}

func (m *Messenger) plan(k choreKey, now time.Duration) {
	if m.chores[k] == nil {
		m.chores[k] = &chore{due: now}
	}
}

// wants reports whether something of a kind is to be done at a node.
func (m *Messenger) wants(kind choreKind, n *node) bool {
	switch kind {
	case choreAnswer:
		return n.rec.State != NodeGood && !n.leaving()
	case choreLots:
		return n.lotsDue(m.clock.Now())
	}
	return n.leaving() && m.mayLeave(n)
}

func (m *Messenger) stillWants(k choreKey) bool {
	if k.kind == choreSlots {
		p := m.state.pairings[k.pairing]
		return p != nil && p.overNode()
	}
	n := m.state.nodes[k.node]
	return n != nil && m.wants(k.kind, n)
}

// hurry has a chore done at once, if it is wanted.
func (m *Messenger) hurry(k choreKey) {
	if c := m.chores[k]; c != nil {
		now := m.clock.Elapsed()
		c.due, c.wait, c.look, c.moved, c.again = now, 0, 0, now, c.running
	}
	m.tickChores()
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
			w.later(func() { m.choreDone(k, c, next, err) })
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

func (m *Messenger) choreDone(k choreKey, c *chore, next time.Duration, err error) {
	c.running = false
	now := m.clock.Elapsed()
	switch {
	case c.again:
		c.again, c.due = false, now
		m.tickChores()
	case err != nil:
		c.wait = min(max(2*c.wait, choreFirst), choreMax)
		c.due = now + randomAbout(c.wait)
	case next == lookAgain && m.mail.watching:
		c.wait, c.look = 0, m.lookPace(k.pairing, c, now)
		c.due = now + c.look
	case next == lookAgain:
		c.wait, c.look, c.due = 0, 0, now+exponential(lookMean)
	default:
		c.wait, c.due = 0, now+next
	}
}

// lookPace returns how long to wait before the next look for a pairing's next word: little
// while the two are talking, and more the longer nothing comes.
func (m *Messenger) lookPace(id PairingID, c *chore, now time.Duration) time.Duration {
	if c.moved == 0 {
		c.moved = now
	}
	slowest := lookMax
	if p := m.state.pairings[id]; p != nil && p.state.Phase() == handshake.Offered {
		slowest = lookOffered // somebody may scan it at any moment
	}
	if now-c.moved < lookQuick {
		return lookFirst
	}
	return min(max(2*c.look, lookFirst), slowest)
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
