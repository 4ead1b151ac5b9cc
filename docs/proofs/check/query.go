package main

import (
	"errors"
	"fmt"
	"strconv"
)

// A verdict answers a query as ProVerif does. Clauses forget how often a process ran, so what they
// derive need not happen: "false" stands where a derivation gives each session one
// message at each of its inputs, which is an attack; otherwise the query is "open".
type verdict struct {
	query
	answer  string
	clauses int // looked at
}

const (
	queryVars  = 2 * apartFrom // variables of queries, above those of clauses
	maxClauses = 50000         // looked at for one answer; the models need up to 7000
)

// check answers all queries of a model. Each query about causes needs clauses of its own; the rest share theirs.
func check(m *model) ([]verdict, error) {
	if m.main == nil {
		return nil, errors.New("there is no process")
	}
	out := make([]verdict, len(m.queries))
	var rest []*verdict
	for i, q := range m.queries {
		v := &out[i]
		if v.query = q; len(q.before) == 0 {
			rest = append(rest, v)
			continue
		}
		if err := answer(m, v); err != nil {
			return nil, fmt.Errorf("%s: %w", q.text, err)
		}
	}
	return out, answer(m, rest...)
}

// answer fills in verdicts from one saturation.
func answer(m *model, verdicts ...*verdict) error {
	t := newTranslator(m, verdicts)
	s := newSolver(t.bank, maxClauses)
	clauses, err := t.clauses()
	if err != nil {
		return err
	}
	for _, c := range clauses {
		s.add(c)
	}
	goals := map[*verdict]*symbol{}
	for i, v := range verdicts {
		if v.secret == nil {
			continue
		}
		x, err := t.eval(*v.secret, &state{env: t.globals}, new([]equation))
		if err != nil {
			return err
		}
		goals[v] = t.pred("goal"+strconv.Itoa(i), goal)
		s.add(&clause{hyps: []*term{t.attacker(t.phases, x)}, concl: t.make(goals[v])})
	}
	done := s.saturate()
	for _, v := range verdicts {
		v.clauses = s.looked
		switch {
		case !done:
			v.answer = "open"
		case v.secret != nil:
			v.answer = s.never(s.conclusions(goals[v]), func(*clause) bool { return true })
		default:
			if v.answer, err = t.preceded(s, v.query, s.conclusions(t.pred("end", end))); err != nil {
				return err
			}
		}
	}
	return nil
}

// preceded answers whether each derivation of the event carries one of its causes and, if
// that is asked, a different one in each session.
func (t *translator) preceded(s *solver, q query, ends []*clause) (string, error) {
	event, causes, err := t.patterns(q)
	if err != nil {
		return "", err
	}
	lacks := func(c *clause) bool {
		t.match(event, c.concl.args[0])
		found, other := t.causesIn(c, q.before, causes)
		t.reset()
		return len(found) == 0 && !other
	}
	var bad []*clause
	var counted []occurrence
	for _, c := range ends {
		what := c.concl.args[0]
		if what.sym != event.sym {
			continue
		}
		if !t.match(event, what) {
			t.reset()
			return "", fmt.Errorf("the first event must have variables only")
		}
		found, other := t.causesIn(c, q.before, causes)
		t.reset()
		switch {
		case len(found) == 0 && !other:
			bad = append(bad, c)
		case !other:
			counted = append(counted, t.separate(found))
		}
	}
	if answer := s.never(bad, lacks); answer != "true" {
		return answer, nil
	}
	for i, x := range counted {
		for _, y := range counted[i:] {
			if t.shared(x, y) {
				return "open", nil
			}
		}
	}
	return "true", nil
}

// An occurrence is a clause for an event with the environment of the cause that it carries.
type occurrence struct {
	clause *clause
	cause  int // its place among the hypotheses
}

// patterns returns the events of a query with its variables.
func (t *translator) patterns(q query) (event *term, causes []*term, err error) {
	st := &state{env: map[string]*term{}}
	for name, global := range t.globals {
		st.env[name] = global
	}
	for i, name := range q.vars {
		st.env[name] = t.bank.variable(queryVars + i)
	}
	one := func(e expr) *term {
		args, bad := t.eval(expr{args: e.args}, st, new([]equation))
		if bad != nil {
			err = bad
			return nil
		}
		return t.make(t.fun("event "+e.name, len(e.args)), args.args...)
	}
	for _, c := range q.before {
		causes = append(causes, one(c.event))
	}
	return one(q.event), causes, err
}

// causesIn looks for the causes among the hypotheses. other: one that is not counted is there.
func (t *translator) causesIn(c *clause, before []cause, causes []*term) (found []occurrence, other bool) {
	mark := len(t.touched)
	for i, h := range c.hyps {
		for j := range causes {
			if h.sym.kind == begin && t.match(causes[j], h.args[0]) {
				if before[j].inj {
					found = append(found, occurrence{c, i})
				} else {
					other = true
				}
			}
			t.forget(mark)
		}
	}
	return found, other
}

// separate returns a cause that two sessions cannot share, or else the first.
func (t *translator) separate(found []occurrence) occurrence {
	for _, x := range found {
		if !t.shared(x, x) {
			return x
		}
	}
	return found[0]
}

// shared tells whether one execution of a cause may stand behind the event in two sessions.
func (t *translator) shared(x, y occurrence) bool {
	defer t.reset()
	other := y.clause.renamed(t.bank)
	one, two := t.make(t.fun("session one", 0)), t.make(t.fun("session two", 0))
	if !t.unify(x.clause.concl.args[1], one) || !t.unify(other.concl.args[1], two) {
		return true
	}
	if !t.unify(x.clause.hyps[x.cause].args[1], other.hyps[y.cause].args[1]) {
		return false
	}
	_, ok := t.build(x.clause.hyps[x.cause].args[1])
	return ok
}
