package app

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// RemoveNode ends the use of a node: what waits there is fetched to the end, the contacts
// who leave messages there are told of another place (or of none), and when they know, or
// after 30 days, the account there is deleted and NodeRemoved told. ErrNotFound.
func (m *Messenger) RemoveNode(ctx context.Context, id NodeID) error {
	return m.do(ctx, writing, func(w *work) error {
		n := w.node(id)
		switch {
		case n == nil:
			return refuse(ErrNotFound)
		case n.leaving():
			return nil
		}
		n = w.editNode(id)
		n.rec.LeavingAt, n.rec.State = w.now, NodeLeaving
		w.nodeChanged(n)
		return w.withoutNode(n)
	})
}

// withoutNode has n, which is a node to change and no longer to be used, replaced by another.
func (w *work) withoutNode(n *node) error {
	w.op.homes = true
	if !n.rec.Default {
		return w.grantAll()
	}
	n.rec.Default = false
	return w.setDefault(w.nextDefault())
}

// ForgetNode gives a node up at once, as one that is dead: what waits there is lost, but
// whoever left it sends it again where they can. ErrNotFound.
func (m *Messenger) ForgetNode(ctx context.Context, id NodeID) error {
	return m.do(ctx, writing, func(w *work) error { return w.forgetNode(id) })
}

func (w *work) forgetNode(id NodeID) error {
	n := w.editNode(id)
	if n == nil {
		return refuse(ErrNotFound)
	}
	if !n.leaving() {
		n.rec.LeavingAt = w.now
		if err := w.withoutNode(n); err != nil {
			return err
		}
	}
	if err := w.tx.RemoveNode(id); err != nil {
		return fmt.Errorf("remove node: %w", err)
	}
	w.op.nodes[id] = nil
	w.op.homes = true
	w.emit(NodeRemoved{id})
	return nil
}

// stillNamed reports whether somebody may yet leave something at a node: a contact who
// knows of no other place, or the other side of a card that names it.
func (m *Messenger) stillNamed(n *node) bool {
	for _, p := range m.state.peers {
		if p.rec.Blocked {
			continue
		}
		for i, g := range p.line.grants.Issued() {
			if bytes.Equal(g.Mailbox, n.hint) {
				return true
			}
			if i == 0 && p.line.grantAcked {
				break // the one before it is used no more
			}
		}
	}
	for _, p := range m.state.pairings {
		if !p.over() && bytes.Equal(p.state.Card().Hint, n.hint) {
			return true
		}
	}
	return false
}

// mayLeave reports whether a node that was removed is needed no more.
func (m *Messenger) mayLeave(n *node) bool {
	return m.clock.Now().Sub(n.rec.LeavingAt) >= leaveFor || !m.stillNamed(n)
}

// leaveNode deletes the account at a node where nothing waits any more. A node that has
// not answered for as long as contacts are waited for is given up.
func (m *Messenger) leaveNode(id NodeID) func(context.Context) (time.Duration, error) {
	n := m.state.nodes[id]
	if n == nil {
		return nil
	}
	home, late := n.home, m.clock.Now().Sub(n.rec.LeavingAt) >= leaveFor
	return func(ctx context.Context) (time.Duration, error) {
		s, err := m.nodes.Standing(ctx, home)
		if err == nil && s.Cells > 0 && !late {
			return choreFirst, nil // they are being fetched
		}
		if err == nil {
			err = m.nodes.Leave(ctx, home)
		}
		if err != nil && !late {
			return 0, err
		}
		return choreMax, m.doWhile(m.lifetime, writing, func(w *work) error {
			if n := w.node(id); n == nil || !n.leaving() {
				return nil // taken back
			}
			return w.forgetNode(id)
		})
	}
}
