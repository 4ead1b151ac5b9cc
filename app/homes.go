package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tacit/identity"
)

// AddNode makes a mailbox node an own one: what is sent to this profile while it is away
// can wait there. It does not wait for the node to answer: NodeChanged tells. The first is
// the default. A node that is being left stays; one that has moved is found at the new
// address from then on.
//
// ErrNodeAddress, ErrNodeNewer, ErrNodeKnown, ErrBusy (too many).
func (m *Messenger) AddNode(ctx context.Context, address string) (Node, error) {
	addr, err := identity.ParseNodeAddress(address)
	switch {
	case errors.Is(err, identity.ErrNodeNewer):
		return Node{}, ErrNodeNewer
	case err != nil:
		return Node{}, ErrNodeAddress
	}
	var out Node
	err = m.do(ctx, writing, func(w *work) error {
		n, err := w.addNode(addr)
		if err != nil {
			return err
		}
		out = n.view()
		return nil
	})
	if err != nil {
		return Node{}, err
	}
	return out, nil
}

func (w *work) addNode(addr identity.NodeAddress) (*node, error) {
	rec := NodeRecord{Address: addr.String(), State: NodeNew, AddedAt: w.now}
	if known := w.nodeByKey(addr.Node); known != nil {
		if known.rec.Address == rec.Address && !known.leaving() {
			return nil, refuse(ErrNodeKnown)
		}
		return w.keepNode(known, rec.Address)
	}
	if len(w.nodes()) >= maxNodes {
		return nil, refuse(ErrBusy)
	}
	rec.Account = identity.New().Root() // 32 random bytes
	rec.Default = w.defaultNode() == nil
	var err error
	if rec.OfferedBy, err = w.offererOf(addr.Node); err != nil {
		return nil, err
	}
	if rec.ID, err = w.tx.AddNode(rec); err != nil {
		return nil, fmt.Errorf("add node: %w", err)
	}
	n, err := newNode(rec)
	if err != nil {
		return nil, err
	}
	w.op.nodes[rec.ID] = n
	w.op.homes = true
	w.emit(NodeChanged{n.view()})
	return n, nil
}

// keepNode takes a known node back that was being left, or at another address.
func (w *work) keepNode(known *node, address string) (*node, error) {
	rec := known.rec
	rec.Address, rec.State, rec.LeavingAt = address, NodeNew, time.Time{}
	rec.Default = rec.Default || w.defaultNode() == nil
	n, err := newNode(rec)
	if err != nil {
		return nil, err
	}
	n.lots = known.lots
	w.op.nodes[rec.ID] = n
	w.op.homes = true
	w.nodeChanged(n)
	return n, w.grantAll()
}

// Nodes returns the own nodes in the order in which they were added.
func (m *Messenger) Nodes(ctx context.Context) ([]Node, error) {
	var out []Node
	err := m.do(ctx, inMemory, func(w *work) error {
		out = w.nodeViews()
		return nil
	})
	return out, err
}

func (w *work) nodeViews() []Node {
	var out []Node
	for _, n := range w.nodes() {
		out = append(out, n.view())
	}
	return out
}

// SetDefaultNode has cards and new grants name another own node. Contacts are told, and
// leave what they send there as soon as they know. ErrNotFound, also for one that is
// being left.
func (m *Messenger) SetDefaultNode(ctx context.Context, id NodeID) error {
	return m.do(ctx, writing, func(w *work) error {
		n := w.node(id)
		switch {
		case n == nil || n.leaving():
			return refuse(ErrNotFound)
		case n.rec.Default:
			return nil
		}
		return w.setDefault(n)
	})
}

// setDefault makes n the default node, or none where it is nil.
func (w *work) setDefault(n *node) error {
	for _, old := range w.nodes() {
		if old.rec.Default {
			old = w.editNode(old.rec.ID)
			old.rec.Default = false
			w.nodeChanged(old)
		}
	}
	if n != nil {
		n = w.editNode(n.rec.ID)
		n.rec.Default = true
		w.nodeChanged(n)
	}
	w.op.homes = true
	if err := w.stockUp(); err != nil {
		return err
	}
	return w.grantAll()
}

// nextDefault returns the node to take the place of one that goes: one that serves, else any.
func (w *work) nextDefault() (next *node) {
	for _, n := range w.nodes() {
		if n.leaving() {
			continue
		}
		if n.rec.State == NodeGood {
			return n
		}
		if next == nil {
			next = n
		}
	}
	return next
}

// SetHideFrom has a contact never learn an address of this computer, or ends that. What
// it learned before it still knows. ErrNotFound.
func (m *Messenger) SetHideFrom(ctx context.Context, c ContactID, hide bool) error {
	return m.changeContact(ctx, c, func(w *work, p *peer) error {
		if p.rec.Hide == hide {
			return nil
		}
		p.rec.Hide = hide
		w.op.homes = true
		w.meet()
		return w.offerAgain(p)
	})
}

// nodeBecameGood follows when a node begins to serve this profile.
func (m *Messenger) nodeBecameGood(id NodeID) {
	m.todo = append(m.todo, func(w *work) error {
		if err := w.stockUp(); err != nil {
			return err
		}
		return w.grantAll()
	})
}

// noteNode notes why a node did not serve since that turn (Messenger.turns), and returns
// the reason. What a change of what may be opened has ended says nothing of the node.
func (m *Messenger) noteNode(id NodeID, turn int64, err error) error {
	m.doWhile(m.lifetime, inMemory, func(w *work) error {
		if w.m.turns.Load() == turn {
			w.nodeFailed(id, err)
		}
		return nil
	})
	return err
}

// askNode logs in at a node that is not known to serve this profile.
func (m *Messenger) askNode(id NodeID) func(context.Context) (time.Duration, error) {
	n := m.state.nodes[id]
	if n == nil {
		return nil
	}
	home, turn := n.home, m.turns.Load()
	return func(ctx context.Context) (time.Duration, error) {
		s, err := m.nodes.Standing(ctx, home)
		if err != nil {
			return 0, m.noteNode(id, turn, err)
		}
		at, observeErr := m.nodes.Observe(ctx, home)
		return choreMax, m.doWhile(m.lifetime, inMemory, func(w *work) error {
			n := w.editNode(id)
			if n == nil {
				return nil
			}
			if observeErr == nil {
				n.samePlace = sameHost(home.Node, at)
			}
			w.nodeAnswered(id, nodeNews{used: s.Used, quota: s.Quota})
			return nil
		})
	}
}
