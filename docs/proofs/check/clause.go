package main

import "slices"

// A clause says: if all hypotheses hold, and no pair of differ is equal, so does the
// conclusion. Hypotheses headed by begin are kept to the end: nothing derives them.
type clause struct {
	hyps     []*term
	concl    *term
	differ   [][2]*term
	selected int    // the hypothesis to resolve; negative: none is worth it
	heads    uint64 // a bit for each kind of hypothesis, by predicate and head of its first argument

	// How it came about: a clause of the model took the steps itself, any other joins two
	// and is asked for its steps by history only.
	steps []*term
	from  [2]*clause
	told  bool // steps holds the history

	apart *clause // the same with variables that no clause uses
	dead  bool    // a more general one is there
}

// apartFrom is above the number of any variable in a clause that is not renamed.
const apartFrom = 1 << 14

func (c *clause) terms() []*term {
	ts := append([]*term{c.concl}, c.hyps...)
	for _, d := range c.differ {
		ts = append(ts, d[0], d[1])
	}
	return ts
}

// rebuilt is the clause under what was unified, with variables numbered from `next`, and
// extra terms likewise.
func (c *clause) rebuilt(b *bank, next int, extra []*term) (*clause, []*term, bool) {
	b.next = next
	defer b.reset()
	ts, ok := b.buildAll(c.terms())
	if !ok {
		return nil, nil, false
	}
	if extra, ok = b.buildAll(extra); !ok {
		return nil, nil, false
	}
	n := 1 + len(c.hyps)
	out := &clause{concl: ts[0], hyps: ts[1:n:n]}
	for i := n; i < len(ts); i += 2 {
		out.differ = append(out.differ, [2]*term{ts[i], ts[i+1]})
	}
	return out, extra, true
}

func (c *clause) renamed(b *bank) *clause {
	if c.apart == nil {
		c.apart, _, _ = c.rebuilt(b, apartFrom, nil)
	}
	return c.apart
}

// resolve derives the selected hypothesis of user by means of the clause giver. Steps of
// both are carried along if they are given.
func resolve(b *bank, giver, user *clause, stepsG, stepsU []*term) (*clause, []*term, bool) {
	apart := user.renamed(b)
	if len(stepsU) > 0 {
		_, stepsU, _ = user.rebuilt(b, apartFrom, stepsU)
	}
	if !b.unify(giver.concl, apart.hyps[user.selected]) {
		b.reset()
		return nil, nil, false
	}
	joint := &clause{concl: apart.concl, hyps: slices.Concat(giver.hyps, apart.hyps[:user.selected], apart.hyps[user.selected+1:]),
		differ: slices.Concat(giver.differ, apart.differ)}
	out, steps, ok := joint.rebuilt(b, 0, slices.Concat(stepsG, stepsU))
	if !ok {
		return nil, nil, false
	}
	out.from = [2]*clause{giver, user}
	return out, steps, true
}

// history returns the steps that processes take in the derivation of a clause.
func (c *clause) history(b *bank) []*term {
	if c.from[0] == nil || c.told {
		return c.steps
	}
	_, steps, _ := resolve(b, c.from[0], c.from[1], c.from[0].history(b), c.from[1].history(b))
	slices.SortFunc(steps, func(x, y *term) int { return int(x.num) - int(y.num) })
	c.steps, c.told = slices.Compact(steps), true
	return c.steps
}

// simplify takes tuples apart and drops what adds nothing. The result may be several clauses
// or none.
func (c *clause) simplify(b *bank) []*clause {
	if c.concl.sym.kind == attacker && c.concl.args[0].sym != nil && c.concl.args[0].sym.kind == tuple {
		var all []*clause
		for _, part := range c.concl.args[0].args {
			sub := *c
			sub.concl = b.make(c.concl.sym, part)
			all = append(all, sub.simplify(b)...)
		}
		return all
	}
	if !c.simplifyDiffer(b) {
		return nil
	}
	var flat []*term
	for _, h := range c.hyps {
		flat = flatten(b, h, flat)
	}
	// The largest first: it says most about what a more general clause may match.
	slices.SortStableFunc(flat, func(x, y *term) int { return y.size - x.size })
	if slices.Contains(flat, c.concl) {
		return nil
	}
	c.hyps = flat
	c.dropIdle()
	c.choose()
	return []*clause{c}
}

func (c *clause) simplifyDiffer(b *bank) bool {
	var kept [][2]*term
	for _, d := range c.differ {
		x, y := difference(d[0], d[1])
		if x == y {
			return false
		}
		if d = [2]*term{x, y}; b.unifiable(x, y) && !slices.Contains(kept, d) {
			kept = append(kept, d)
		}
	}
	c.differ = kept
	return true
}

// difference goes down to where two terms differ, as far as that is one place.
func difference(x, y *term) (*term, *term) {
	if x.sym == nil || x.sym != y.sym || len(x.args) != len(y.args) {
		return x, y
	}
	place := -1
	for i := range x.args {
		switch {
		case x.args[i] == y.args[i]:
		case place >= 0:
			return x, y
		default:
			place = i
		}
	}
	if place < 0 {
		return x, y
	}
	return difference(x.args[place], y.args[place])
}

// flatten adds a hypothesis to others, tuples taken apart and none twice.
func flatten(b *bank, h *term, to []*term) []*term {
	if h.sym.kind == attacker {
		if m := h.args[0]; m.sym != nil && m.sym.kind == tuple {
			for _, part := range m.args {
				to = flatten(b, b.make(h.sym, part), to)
			}
			return to
		}
	}
	if slices.Contains(to, h) {
		return to
	}
	return append(to, h)
}

// dropIdle drops attacker(x) where nothing else speaks of x, or only says what x differs from:
// the attacker always has something, and something else.
func (c *clause) dropIdle() {
	free := func(h *term) bool { return h.sym.kind == attacker && h.args[0].sym == nil }
	if !slices.ContainsFunc(c.hyps, free) {
		return
	}
	seen := map[*term]bool{}
	var visit func(*term)
	visit = func(t *term) {
		if t.ground || seen[t] {
			return
		}
		seen[t] = true
		for _, a := range t.args {
			visit(a)
		}
	}
	visit(c.concl)
	for _, h := range c.hyps {
		if !free(h) {
			visit(h)
		}
	}
	for _, d := range c.differ {
		if d[0].sym != nil && d[1].sym != nil || !d[0].ground && !d[1].ground {
			visit(d[0])
			visit(d[1])
		}
	}
	idle := func(t *term) bool { return t.sym == nil && !seen[t] }
	c.hyps = slices.DeleteFunc(c.hyps, func(h *term) bool { return free(h) && idle(h.args[0]) })
	c.differ = slices.DeleteFunc(c.differ, func(d [2]*term) bool { return idle(d[0]) || idle(d[1]) })
}

// choose selects a hypothesis, never attacker(x): resolving that leads nowhere, since the attacker
// has something in infinitely many ways. A name comes first, having the fewest givers, else the
// largest.
func (c *clause) choose() {
	c.selected, c.heads = -1, 0
	best := 0
	for i, h := range c.hyps {
		s, weight := head(h), h.size
		if s != nil {
			c.heads |= 1 << ((h.sym.id + 7*s.id) % 64)
			if s.kind == name {
				weight += maxSize
			}
		}
		if h.sym.kind == begin || h.sym.kind == attacker && s == nil || weight <= best {
			continue
		}
		c.selected, best = i, weight
	}
}

// subsumes tells whether d says nothing that c does not say already.
func (c *clause) subsumes(b *bank, d *clause) bool {
	if len(c.hyps) > len(d.hyps) || c.heads&^d.heads != 0 {
		return false
	}
	ok := b.match(c.concl, d.concl) && c.cover(b, d, 0, make([]bool, len(d.hyps)))
	b.forget(0)
	return ok
}

// cover matches the hypotheses of c from the i-th on to different ones of d.
func (c *clause) cover(b *bank, d *clause, i int, used []bool) bool {
	if i == len(c.hyps) {
		for _, x := range c.differ {
			m, n := b.instance(x[0]), b.instance(x[1])
			if !distinct(m, n) && !slices.Contains(d.differ, [2]*term{m, n}) && !slices.Contains(d.differ, [2]*term{n, m}) {
				return false
			}
		}
		return true
	}
	mark := len(b.touched)
	for j, h := range d.hyps {
		if used[j] {
			continue
		}
		if b.match(c.hyps[i], h) {
			used[j] = true
			if c.cover(b, d, i+1, used) {
				return true
			}
			used[j] = false
		}
		b.forget(mark)
	}
	return false
}

// distinct tells of some terms at a glance that no instance of them is equal.
func distinct(x, y *term) bool {
	return x.ground && y.ground && x != y || x.sym != nil && y.sym != nil && x.sym != y.sym
}
