package apptest

import (
	"maps"
	"slices"
)

// Copy returns nodes that hold what these hold now, and nothing of what comes; they are
// honest, and nobody looks on.
func (ns *Nodes) Copy() *Nodes {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	c := NewNodes()
	c.hosts = maps.Clone(ns.hosts)
	for key, n := range ns.nodes {
		next := newMailNode(n.name, n.hint)
		next.closed, next.invites = n.closed, slices.Clone(n.invites)
		for k, a := range n.accounts {
			next.accounts[k] = a.copy()
		}
		for id, s := range n.slots {
			slot := *s
			next.slots[id] = &slot
		}
		c.nodes[key], c.names[n.name] = next, next
	}
	return c
}

func (a *account) copy() *account {
	c := &account{cells: slices.Clone(a.cells), lots: map[[16]byte]*heldLot{}, refused: a.refused}
	for id, l := range a.lots {
		c.lots[id] = &heldLot{until: l.until, hashes: maps.Clone(l.hashes), spent: maps.Clone(l.spent)}
	}
	return c
}
