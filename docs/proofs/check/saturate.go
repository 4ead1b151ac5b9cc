package main

import "slices"

// A solver saturates clauses by resolution with free selection, after B. Blanchet, "An
// efficient cryptographic protocol verifier based on Prolog rules" (2001): a clause with
// nothing selected gives, a clause with a selected hypothesis takes, until nothing new comes.
// Then every fact that all clauses derive is derived by those that give.
type solver struct {
	bank    *bank
	queue   []*clause
	given   index          // nothing selected, by conclusion
	waiting index          // by selected hypothesis
	all     index          // by conclusion
	known   map[*term]bool // ground facts that hold from the start
	limit   int            // clauses looked at before giving up
	looked  int
}

// An index finds clauses by a fact of theirs: by its predicate and the head of its first
// argument, nil for a variable.
type index map[*symbol]*shelf

type shelf struct {
	heads []*symbol // in the order of their coming, so that every run is the same
	by    map[*symbol][]*clause
}

func head(fact *term) *symbol {
	if len(fact.args) == 0 {
		return nil
	}
	return fact.args[0].sym
}

func (x index) add(fact *term, c *clause) {
	sh, h := x[fact.sym], head(fact)
	if sh == nil {
		sh = &shelf{by: map[*symbol][]*clause{}}
		x[fact.sym] = sh
	}
	if sh.by[h] == nil {
		sh.heads = append(sh.heads, h)
	}
	sh.by[h] = append(sh.by[h], c)
}

// near visits the living clauses whose fact may have an instance in common with this one, until
// visit returns false.
func (x index) near(fact *term, visit func(*clause) bool) {
	sh, h := x[fact.sym], head(fact)
	if sh == nil {
		return
	}
	heads := []*symbol{h, nil}
	if h == nil {
		heads = sh.heads
	}
	for _, h := range heads {
		sh.by[h] = slices.DeleteFunc(sh.by[h], func(c *clause) bool { return c.dead })
		for _, c := range sh.by[h] {
			if !visit(c) {
				return
			}
		}
	}
}

func newSolver(b *bank, limit int) *solver {
	return &solver{bank: b, given: index{}, waiting: index{}, all: index{}, known: map[*term]bool{}, limit: limit}
}

func (s *solver) add(c *clause) {
	for _, simple := range c.simplify(s.bank) {
		if s.trim(simple); !s.subsumed(simple) {
			s.queue = append(s.queue, simple)
		}
	}
}

// trim drops hypotheses that are known.
func (s *solver) trim(c *clause) {
	c.hyps = slices.DeleteFunc(c.hyps, func(h *term) bool { return s.known[h] })
	c.choose()
}

func (s *solver) subsumed(c *clause) bool {
	found := false
	s.all.near(c.concl, func(d *clause) bool {
		found = d.subsumes(s.bank, c)
		return !found
	})
	return found
}

// saturate works the queue off. It returns false if the limit was reached before the end.
func (s *solver) saturate() bool {
	for len(s.queue) > 0 {
		c := s.queue[0]
		s.queue = s.queue[1:]
		if s.trim(c); s.subsumed(c) {
			continue
		}
		if len(c.hyps) == 0 && len(c.steps) == 0 && c.from[0] == nil && c.concl.ground {
			s.known[c.concl] = true
		}
		if s.looked++; s.looked > s.limit {
			return false
		}
		s.all.near(c.concl, func(d *clause) bool {
			d.dead = c.subsumes(s.bank, d)
			return true
		})
		s.all.add(c.concl, c)
		if c.selected < 0 {
			s.given.add(c.concl, c)
			s.waiting.near(c.concl, func(user *clause) bool { s.join(c, user); return true })
		} else {
			s.waiting.add(c.hyps[c.selected], c)
			s.given.near(c.hyps[c.selected], func(giver *clause) bool { s.join(giver, c); return true })
		}
	}
	return true
}

func (s *solver) join(giver, user *clause) {
	if c, _, ok := resolve(s.bank, giver, user, nil, nil); ok {
		s.add(c)
	}
}

// conclusions returns what derives a fact with this predicate.
func (s *solver) conclusions(pred *symbol) (cs []*clause) {
	s.given.near(&term{sym: pred}, func(c *clause) bool { cs = append(cs, c); return true })
	return cs
}
