package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// A lot is handed to a node before anybody holds a grant of it, so that what the node
// sees of the own contacts is how often sixteen grants were used up.

func newLot(id NodeID, due, now time.Time) LotRecord {
	l := LotRecord{Node: id, Until: now.Add(lotLife).Truncate(time.Second), Due: due}
	rand.Read(l.ID[:])
	for range identity.LotSpares {
		var seed [32]byte
		rand.Read(seed[:])
		l.Spares = append(l.Spares, seed)
	}
	return l
}

// lotOf returns what the node gets to know of a lot. Sorted, the hashes are shuffled, and
// the same each time.
func lotOf(r LotRecord) identity.Lot {
	l := identity.Lot{ID: r.ID, Until: r.Until.Unix()}
	i := 0
	for _, seed := range r.Spares {
		g := envelope.Grant{Seed: seed, Count: envelope.GrantCount}
		for n := range g.Count {
			token := g.Token(n)
			sum := sha256.Sum256(token[:])
			l.Hashes[i] = [16]byte(sum[:])
			i++
		}
	}
	slices.SortFunc(l.Hashes[:], func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	return l
}

// spares returns how many grants a node still pays for, those of lots on their way included.
func (n *node) spares(now time.Time) (count int) {
	for _, l := range n.lots {
		if l.fresh(now) {
			count += len(l.Spares)
		}
	}
	return count
}

// fresh reports whether grants may be made of the lot: they live as long as the node keeps it.
func (r LotRecord) fresh(now time.Time) bool {
	return r.Until.Sub(now) >= envelope.GrantLife
}

// over reports whether nobody can hold a grant of the lot any more.
func (r LotRecord) over(now time.Time) bool {
	switch {
	case now.After(r.Until):
		return true
	case !r.Uploaded || len(r.Spares) > 0 && r.fresh(now):
		return false
	}
	return now.Sub(r.IssuedAt) > envelope.GrantLife
}

// lotsDue reports whether something of a node's lots is to be done there.
func (n *node) lotsDue(now time.Time) bool {
	if n.rec.State != NodeGood || n.leaving() {
		return false
	}
	for _, l := range n.lots {
		if l.over(now) || !l.Uploaded && !l.Due.After(now) {
			return true
		}
	}
	return false
}

// setLot stores a lot of n, a node to change.
func (w *work) setLot(n *node, l LotRecord) error {
	if err := w.tx.SetLot(l); err != nil {
		return fmt.Errorf("set lot: %w", err)
	}
	n.lots = slices.Clone(n.lots)
	for i := range n.lots {
		if n.lots[i].ID == l.ID {
			n.lots[i] = l
			return nil
		}
	}
	n.lots = append(n.lots, l)
	return nil
}

func (w *work) removeLot(n *node, id [16]byte) error {
	if err := w.tx.RemoveLot(n.rec.ID, id); err != nil {
		return fmt.Errorf("remove lot: %w", err)
	}
	n.lots = slices.DeleteFunc(slices.Clone(n.lots), func(l LotRecord) bool { return l.ID == id })
	return nil
}

// stockUp makes another lot for the default node where few spares are left: for a random
// moment, and for now where there are none.
func (w *work) stockUp() error {
	n := w.defaultNode()
	if n == nil || n.rec.State != NodeGood || len(n.lots) >= maxLots {
		return nil
	}
	left := n.spares(w.now)
	if left > lotLow {
		return nil
	}
	due := w.now
	if left > 0 {
		due = due.Add(randomWithin(lotWithin))
	}
	n = w.editNode(n.rec.ID)
	id := n.rec.ID
	w.later(func() { w.m.hurry(choreKey{kind: choreLots, node: id}) })
	return w.setLot(n, newLot(id, due, w.now))
}

// takeSpare takes a grant out of the lots of the default node. ok is false where none is
// to be had now.
func (w *work) takeSpare() (seed [32]byte, lot [16]byte, mailbox []byte, ok bool, err error) {
	n := w.defaultNode()
	if n == nil {
		return seed, lot, nil, false, nil
	}
	for _, l := range n.lots {
		if !l.Uploaded || len(l.Spares) == 0 || !l.fresh(w.now) {
			continue
		}
		seed, l.Spares, l.IssuedAt = l.Spares[0], l.Spares[1:], w.now
		if err := w.setLot(w.editNode(n.rec.ID), l); err != nil {
			return seed, lot, nil, false, err
		}
		return seed, l.ID, n.hint, true, w.stockUp()
	}
	return seed, lot, nil, false, w.stockUp()
}

// hasSpare reports whether takeSpare would return one.
func (w *work) hasSpare() bool {
	n := w.defaultNode()
	return n != nil && slices.ContainsFunc(n.lots, func(l LotRecord) bool {
		return l.Uploaded && len(l.Spares) > 0 && l.fresh(w.now)
	})
}

// spareComes reports whether a spare will be had within moments: the default node is new,
// or a lot is being handed over.
func (m *Messenger) spareComes(w *work) bool {
	n := w.defaultNode()
	if n == nil || m.nodes == nil || !w.preferences().Internet || w.hasSpare() {
		return false
	}
	soon := func(since time.Time) bool {
		d := w.now.Sub(since)
		return 0 <= d && d < spareWait
	}
	return n.rec.State == NodeNew && soon(n.rec.AddedAt) || n.rec.State == NodeGood && slices.ContainsFunc(n.lots, func(l LotRecord) bool {
		return !l.Uploaded && soon(l.Due)
	})
}

// tickGrants issues the grants that waited for a spare in vain.
func (m *Messenger) tickGrants() {
	for c, p := range m.state.peers {
		if !p.line.grantDue || p.rec.Blocked || !p.line.speaks() {
			continue
		}
		m.todo = append(m.todo, func(w *work) error {
			if p := w.peer(c); p != nil && !w.m.spareComes(w) {
				return w.fill(w.editPeer(c))
			}
			return nil
		})
	}
}

// forgetSpares gives up the grants that nobody holds yet as far as this profile knows: it
// was an older copy of itself, or came out of a backup, and may have issued them. The lots
// stay at the node for as long as one of them may live.
func (w *work) forgetSpares() error {
	for _, n := range w.nodes() {
		n = w.editNode(n.rec.ID)
		for _, l := range n.lots {
			l.Spares, l.Uploaded, l.IssuedAt = nil, true, w.now
			if err := w.setLot(n, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// handLots hands over a lot that is due, or ends one that is over.
func (m *Messenger) handLots(id NodeID) func(context.Context) (time.Duration, error) {
	n := m.state.nodes[id]
	if n == nil {
		return nil
	}
	now, home, turn := m.clock.Now(), n.home, m.turns.Load()
	for _, l := range n.lots {
		switch {
		case l.over(now):
			return func(ctx context.Context) (time.Duration, error) {
				if err := m.nodes.DropLot(ctx, home, l.ID); err != nil {
					return 0, m.noteNode(id, turn, err)
				}
				return 0, m.doWhile(m.lifetime, writing, func(w *work) error { return w.lotDropped(id, l.ID) })
			}
		case !l.Uploaded && !l.Due.After(now):
			return func(ctx context.Context) (time.Duration, error) {
				err := m.nodes.PutLot(ctx, home, lotOf(l))
				if errors.Is(err, identity.ErrNodeRefused) { // too many, or the clocks differ: it serves all the same
					return 0, err
				}
				if err != nil {
					return 0, m.noteNode(id, turn, err)
				}
				return 0, m.doWhile(m.lifetime, writing, func(w *work) error { return w.lotUploaded(id, l.ID) })
			}
		}
	}
	return nil
}

func (w *work) lotDropped(id NodeID, lot [16]byte) error {
	n := w.editNode(id)
	if n == nil {
		return nil
	}
	return w.removeLot(n, lot)
}

// lotUploaded notes that the node has a lot, and has who waited for its grants get them.
func (w *work) lotUploaded(id NodeID, lot [16]byte) error {
	n := w.editNode(id)
	if n == nil {
		return nil
	}
	for _, l := range n.lots {
		if l.ID == lot && !l.Uploaded {
			l.Uploaded = true
			if err := w.setLot(n, l); err != nil {
				return err
			}
			return w.grantAll()
		}
	}
	return nil
}

// grantAll gives new grants to the contacts whose current ones are out of date.
func (w *work) grantAll() error {
	for c, p := range w.peers() {
		if !w.grantStale(p) && !p.line.grantDue {
			continue
		}
		if err := w.fill(w.editPeer(c)); err != nil {
			return err
		}
	}
	return nil
}

// grantStale reports whether a contact is to get a new grant: the current one arrived,
// and is used up, or does not name the node where messages are to be left from now on.
func (w *work) grantStale(p *peer) bool {
	issued := p.line.grants.Issued()
	switch {
	case p.rec.Blocked || p.line.grantDue || len(issued) == 0:
		return false
	case !p.line.grantAcked:
		return p.line.grantSeq != 0 && w.mayReplace(p)
	}
	n := w.defaultNode()
	due := p.line.grants.RenewDue(w.now)
	switch {
	case n != nil && w.hasSpare():
		return due || !bytes.Equal(issued[0].Mailbox, n.hint)
	case n != nil && len(issued[0].Mailbox) > 0 && w.now.Before(issued[0].NotAfter):
		return false // until there are spares again
	case due:
		return true
	case n == nil:
		return len(issued[0].Mailbox) > 0 && !w.homeOf(issued[0].Mailbox)
	}
	return false
}

// mayReplace reports whether a grant that is not known to have arrived may give way to one
// that names a node. It names none itself: the contact has no other way to say that it
// came. The grant before it is accepted no more then, so the new one has to arrive soon;
// what was left with the older one is left again, since the place is another.
func (w *work) mayReplace(p *peer) bool {
	issued := p.line.grants.Issued()
	return len(issued[0].Mailbox) == 0 && w.hasSpare() && (len(issued) == 1 || !p.mailbox().IsZero())
}

// homeOf reports whether a mailbox is at an own node that is not being left.
func (w *work) homeOf(mailbox []byte) bool {
	return slices.ContainsFunc(w.nodes(), func(n *node) bool { return !n.leaving() && bytes.Equal(n.hint, mailbox) })
}
