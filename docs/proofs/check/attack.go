package main

const maxTries = 5000 // steps of the search for an attack

// never answers whether nothing is derived by clauses that still are what was looked for
// when they became part of an attack.
func (s *solver) never(cs []*clause, still func(*clause) bool) string {
	answer := "true"
	for _, c := range cs {
		budget := maxTries
		if s.attack(c, c.history(s.bank), still, &budget) {
			return "false"
		}
		answer = "open"
	}
	return answer
}

// attack looks for a derivation without hypotheses that the attacker cannot meet, in which each
// session gets one message at each of its inputs. Where two differ, they are made equal, and
// what then must be derived is searched for again.
func (s *solver) attack(c *clause, steps []*term, still func(*clause) bool, budget *int) bool {
	if *budget--; *budget < 0 {
		return false
	}
	if c.selected < 0 {
		x, y := conflict(steps)
		if x == nil {
			return still(c)
		}
		ok := s.bank.unify(x, y)
		if !ok {
			s.bank.reset()
			return false
		}
		joint, steps, ok := c.rebuilt(s.bank, 0, steps)
		return ok && s.attackAny(joint, steps, still, budget)
	}
	found := false
	s.given.near(c.hyps[c.selected], func(giver *clause) bool {
		if joint, steps, ok := resolve(s.bank, giver, c, giver.history(s.bank), steps); ok {
			found = s.attackAny(joint, steps, still, budget)
		}
		return !found && *budget > 0
	})
	return found
}

func (s *solver) attackAny(c *clause, steps []*term, still func(*clause) bool, budget *int) bool {
	for _, simple := range c.simplify(s.bank) {
		if s.attack(simple, steps, still, budget) {
			return true
		}
	}
	return false
}

// conflict returns two messages that one session is given at one input, if there are.
// Sessions that are not the same variable are different, and so are messages.
func conflict(steps []*term) (x, y *term) {
	got := map[*term]*term{}
	for _, s := range steps {
		at, m := s.args[0], s.args[1]
		if got[at] != nil && got[at] != m {
			return got[at], m
		}
		got[at] = m
	}
	return nil, nil
}
