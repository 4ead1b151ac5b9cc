package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// A translator turns a model into clauses, after the same paper: what a process sends, the
// attacker has if it has what the process received before. A name is a function of the
// sessions and messages before it was made.
type translator struct {
	*bank
	model   *model
	phases  int // the highest
	funs    map[string]*symbol
	preds   map[string]*symbol
	globals map[string]*term
	public  map[*term]bool
	causes  map[string]bool // events that the query asks for; true: how often matters
	watched map[string]bool // events that queries start from
	places  map[string]bool // where those stand
	out     []*clause
	fresh   int // the next variable, name and occurrence
}

// A state is a process under way: what it has received and under which conditions.
type state struct {
	env     map[string]*term
	hyps    []*term
	differ  [][2]*term
	known   []*term // sessions and inputs so far
	session *term   // of the innermost replication
	copied  int     // which replication that is; 0: none
	steps   []*term
	phase   int
}

// newTranslator makes one for the events that the queries are about.
func newTranslator(m *model, verdicts []*verdict) *translator {
	t := &translator{bank: newBank(), model: m, funs: map[string]*symbol{}, preds: map[string]*symbol{}, globals: map[string]*term{},
		public: map[*term]bool{}, causes: map[string]bool{}, watched: map[string]bool{}, places: map[string]bool{}}
	for _, v := range verdicts {
		if v.secret == nil {
			t.watched[v.event.name] = true
		}
		for _, c := range v.before {
			t.causes[c.event.name] = t.causes[c.event.name] || c.inj
		}
	}
	return t
}

func (t *translator) variable() *term {
	t.fresh++
	return t.bank.variable(t.fresh)
}

func (t *translator) emit(c *clause) { t.out = append(t.out, c) }

func (t *translator) pred(name string, k kind) *symbol {
	if t.preds[name] == nil {
		t.preds[name] = t.symbol(name, k)
	}
	return t.preds[name]
}

func (t *translator) attacker(phase int, m *term) *term {
	return t.make(t.pred("attacker"+strconv.Itoa(phase), attacker), m)
}

func (t *translator) message(phase int, ch, m *term) *term {
	return t.make(t.pred("message"+strconv.Itoa(phase), message), ch, m)
}

func (t *translator) fun(name string, args int) *symbol {
	k := plain
	if name == "" {
		name, k = "tuple"+strconv.Itoa(args), tuple
	}
	if t.funs[name] == nil {
		t.funs[name] = t.symbol(name, k)
	}
	return t.funs[name]
}

// clauses translates everything: what the attacker can do, then what the processes send.
func (t *translator) clauses() ([]*clause, error) {
	for name, private := range t.model.free {
		t.globals[name] = t.make(t.symbol(name, plain))
		t.public[t.globals[name]] = !private
	}
	st := &state{env: maps.Clone(t.globals), session: t.make(t.symbol("once", plain))}
	if err := t.process(t.model.main, st); err != nil {
		return nil, err
	}
	sent := t.out
	t.out = nil
	for p := range t.phases + 1 {
		if err := t.abilities(p); err != nil {
			return nil, err
		}
	}
	return append(t.out, sent...), nil
}

// abilities are the clauses of what the attacker can do in a phase.
func (t *translator) abilities(p int) error {
	x, y := t.variable(), t.variable()
	if p > 0 {
		t.emit(&clause{hyps: []*term{t.attacker(p-1, x)}, concl: t.attacker(p, x)})
	} else {
		t.emit(&clause{concl: t.attacker(0, t.make(t.symbol("made by the attacker", plain), x))})
		for _, name := range slices.Sorted(maps.Keys(t.model.free)) {
			if n := t.globals[name]; t.public[n] {
				t.emit(&clause{concl: t.attacker(0, n)})
			}
		}
	}
	t.emit(&clause{hyps: []*term{t.message(p, x, y), t.attacker(p, x)}, concl: t.attacker(p, y)})
	t.emit(&clause{hyps: []*term{t.attacker(p, x), t.attacker(p, y)}, concl: t.message(p, x, y)})
	for _, name := range slices.Sorted(maps.Keys(t.model.funs)) {
		var args, hyps []*term
		for range t.model.funs[name] {
			args = append(args, t.variable())
			hyps = append(hyps, t.attacker(p, args[len(args)-1]))
		}
		t.emit(&clause{hyps: hyps, concl: t.attacker(p, t.make(t.fun(name, len(args)), args...))})
	}
	for _, name := range slices.Sorted(maps.Keys(t.model.rules)) {
		args, rhs, err := t.rule(t.model.rules[name])
		if err != nil {
			return err
		}
		for i, a := range args {
			args[i] = t.attacker(p, a)
		}
		t.emit(&clause{hyps: args, concl: t.attacker(p, rhs)})
	}
	return nil
}

// rule returns a rewrite rule with new variables.
func (t *translator) rule(r rewrite) (args []*term, rhs *term, err error) {
	st := &state{env: map[string]*term{}}
	for _, v := range r.vars {
		st.env[v] = t.variable()
	}
	var none []equation
	for _, a := range r.args {
		m, err := t.eval(a, st, &none)
		if err != nil {
			return nil, nil, err
		}
		args = append(args, m)
	}
	rhs, err = t.eval(r.rhs, st, &none)
	return args, rhs, err
}

type equation [2]*term

// eval returns the value of an expression, given that the equations hold which it adds: a
// destructor has a value only where its rule fits.
func (t *translator) eval(e expr, st *state, eqs *[]equation) (*term, error) {
	var args []*term
	for _, a := range e.args {
		m, err := t.eval(a, st, eqs)
		if err != nil {
			return nil, err
		}
		args = append(args, m)
	}
	if r, ok := t.model.rules[e.name]; ok && len(r.args) == len(args) {
		lhs, rhs, err := t.rule(r)
		for i := range lhs {
			*eqs = append(*eqs, equation{lhs[i], args[i]})
		}
		return rhs, err
	}
	if v, ok := st.env[e.name]; ok && len(args) == 0 {
		return v, nil
	}
	if n, ok := t.model.funs[e.name]; ok && n == len(args) || e.name == "" {
		return t.make(t.fun(e.name, len(args)), args...), nil
	}
	return nil, fmt.Errorf("%q with %d arguments is not declared", e.name, len(args))
}

// bind adds the equations for a value to have the shape of a pattern, and its names.
func (t *translator) bind(p pattern, value *term, st *state, eqs *[]equation) error {
	switch {
	case p.bind != "":
		st.env[p.bind] = value
	case p.equal != nil:
		m, err := t.eval(*p.equal, st, eqs)
		if err != nil {
			return err
		}
		*eqs = append(*eqs, equation{m, value})
	default:
		parts := make([]*term, len(p.parts))
		for i := range parts {
			parts[i] = t.variable()
		}
		*eqs = append(*eqs, equation{t.make(t.fun("", len(parts)), parts...), value})
		for i, sub := range p.parts {
			if err := t.bind(sub, parts[i], st, eqs); err != nil {
				return err
			}
		}
	}
	return nil
}

// under returns the state in which the equations hold; none if they cannot.
func (t *translator) under(st *state, eqs []equation) (*state, bool) {
	defer t.reset()
	for _, e := range eqs {
		if !t.unify(e[0], e[1]) {
			return nil, false
		}
	}
	ok := true
	one := func(x *term) *term {
		y, fine := t.build(x)
		ok = ok && fine
		return y
	}
	many := func(xs []*term) (ys []*term) {
		for _, x := range xs {
			ys = append(ys, one(x))
		}
		return ys
	}
	out := &state{env: map[string]*term{}, hyps: many(st.hyps), known: many(st.known), session: one(st.session), copied: st.copied, steps: many(st.steps), phase: st.phase}
	for k, v := range st.env {
		out.env[k] = one(v)
	}
	for _, d := range st.differ {
		out.differ = append(out.differ, [2]*term{one(d[0]), one(d[1])})
	}
	return out, ok
}

func (st *state) concludes(fact *term) *clause {
	return &clause{hyps: slices.Clone(st.hyps), concl: fact, differ: slices.Clone(st.differ), steps: st.steps}
}

func (t *translator) process(p proc, st *state) error {
	switch p := p.(type) {
	case nil:
		return nil
	case parallel:
		left, _ := t.under(st, nil)
		return errors.Join(t.process(p.left, left), t.process(p.right, st))
	case replicate:
		st.session = t.variable()
		st.copied = t.fresh
		st.known = append(st.known, st.session)
		return t.process(p.then, st)
	case restrict:
		t.fresh++
		st.env[p.name] = t.make(t.symbol(p.name, name), st.known...)
		return t.process(p.then, st)
	case input:
		return t.input(p, st)
	case output:
		return t.output(p, st)
	case let:
		var eqs []equation
		value, err := t.eval(p.value, st, &eqs)
		return t.proceed(p.pattern, value, eqs, err, p.then, st)
	case compare:
		return t.compare(p, st)
	case happen:
		return t.happen(p, st)
	case phase:
		t.phases = max(t.phases, p.number)
		st.phase = p.number
		return t.process(p.then, st)
	case call:
		return t.call(p, st)
	}
	return fmt.Errorf("no such process: %T", p)
}

// proceed goes on where a value has the shape of a pattern and the equations hold.
func (t *translator) proceed(pat pattern, value *term, eqs []equation, err error, then proc, st *state) error {
	if err = errors.Join(err, t.bind(pat, value, st, &eqs)); err != nil {
		return err
	}
	if st, ok := t.under(st, eqs); ok {
		return t.process(then, st)
	}
	return nil
}

func (t *translator) input(p input, st *state) error {
	var eqs []equation
	ch, err := t.eval(p.channel, st, &eqs)
	if err != nil {
		return err
	}
	x := t.variable()
	if t.public[ch] {
		st.hyps = append(st.hyps, t.attacker(st.phase, x))
	} else {
		st.hyps = append(st.hyps, t.message(st.phase, ch, x))
	}
	at := t.make(t.symbol("input", plain), slices.Clone(st.known)...)
	st.known = append(st.known, x)
	st.steps = append(st.steps, t.make(t.fun("", 2), at, x))
	return t.proceed(p.pattern, x, eqs, nil, p.then, st)
}

func (t *translator) output(p output, st *state) error {
	var eqs []equation
	ch, err1 := t.eval(p.channel, st, &eqs)
	m, err2 := t.eval(p.message, st, &eqs)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if len(eqs) > 0 {
		return errors.New("a destructor must stand in a let")
	}
	if t.public[ch] {
		t.emit(st.concludes(t.attacker(st.phase, m)))
	} else {
		t.emit(st.concludes(t.message(st.phase, ch, m)))
	}
	return t.process(p.then, st)
}

func (t *translator) compare(p compare, st *state) error {
	var eqs []equation
	left, err1 := t.eval(p.left, st, &eqs)
	right, err2 := t.eval(p.right, st, &eqs)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if p.equal {
		eqs = append(eqs, equation{left, right})
	} else if len(eqs) > 0 {
		return errors.New("a destructor must stand in a let")
	} else {
		st.differ = append(st.differ, [2]*term{left, right})
	}
	if st, ok := t.under(st, eqs); ok {
		return t.process(p.then, st)
	}
	return nil
}

func (t *translator) happen(p happen, st *state) error {
	var eqs []equation
	var args []*term
	for _, a := range p.event.args {
		m, err := t.eval(a, st, &eqs)
		if err != nil {
			return err
		}
		args = append(args, m)
	}
	what := t.make(t.fun("event "+p.event.name, len(args)), args...)
	if t.watched[p.event.name] {
		// Counting needs that one session is one event.
		place := fmt.Sprint(p.event.name, " in ", st.copied)
		if t.places[place] || st.copied == 0 {
			return fmt.Errorf("event %s must stand once under a replication", p.event.name)
		}
		t.places[place] = true
		t.emit(st.concludes(t.make(t.pred("end", end), what, st.session)))
	}
	if inj, ok := t.causes[p.event.name]; ok {
		var where []*term
		if inj {
			t.fresh++
			where = []*term{t.make(t.symbol("at", plain), st.known...)}
		}
		st.hyps = append(st.hyps, t.make(t.pred("begin", begin), append([]*term{what}, where...)...))
	}
	return t.process(p.then, st)
}

func (t *translator) call(p call, st *state) error {
	m, ok := t.model.macros[p.target.name]
	if !ok || len(m.params) != len(p.target.args) {
		return fmt.Errorf("%s with %d arguments is no process", p.target.name, len(p.target.args))
	}
	env := maps.Clone(t.globals)
	var eqs []equation
	for i, name := range m.params {
		var err error
		if env[name], err = t.eval(p.target.args[i], st, &eqs); err != nil {
			return err
		}
	}
	st.env = env
	return t.process(m.body, st)
}
