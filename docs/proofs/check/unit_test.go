package main

import (
	"strings"
	"testing"
)

// things gives a test a bank with a binary and a unary symbol, a constant and variables.
type things struct {
	*bank
	f, g, att *symbol
	c         *term
}

func newThings() things {
	b := newBank()
	return things{b, b.symbol("f", plain), b.symbol("g", plain), b.symbol("attacker", attacker), b.make(b.symbol("c", plain))}
}

func (x things) v(n int) *term                { return x.variable(n) }
func (x things) has(t *term) *term            { return x.make(x.att, t) }
func (x things) pair(s, t *term) *term        { return x.make(x.f, s, t) }
func (x things) of(t *term) *term             { return x.make(x.g, t) }
func rule(concl *term, hyps ...*term) *clause { return &clause{concl: concl, hyps: hyps} }

func TestEqualTermsAreOne(t *testing.T) {
	x := newThings()
	one, again, other := x.pair(x.c, x.v(0)), x.pair(x.c, x.v(0)), x.pair(x.c, x.v(1))
	if one != again || one == other {
		t.Error("a bank must hold each term once, and different ones apart")
	}
}

func TestUnify(t *testing.T) {
	x := newThings()
	for _, test := range []struct {
		name string
		a, b *term
		want string // the common instance, or nothing
	}{
		{"variables on both sides", x.pair(x.v(0), x.of(x.c)), x.pair(x.of(x.v(1)), x.of(x.v(1))), "f(g(c), g(c))"},
		{"other symbols", x.of(x.v(0)), x.c, ""},
		{"other constants deep inside", x.pair(x.v(0), x.v(0)), x.pair(x.c, x.of(x.c)), ""},
		{"a term inside itself", x.v(0), x.of(x.v(0)), ""},
		{"inside itself by a detour", x.pair(x.v(0), x.v(1)), x.pair(x.of(x.v(1)), x.of(x.v(0))), ""},
		{"a ground term with a pattern", x.pair(x.c, x.of(x.c)), x.pair(x.v(3), x.v(4)), "f(c, g(c))"},
	} {
		got := ""
		if x.unify(test.a, test.b) {
			if m, ok := x.build(test.a); ok {
				got = m.String()
			}
		}
		x.reset()
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if x.v(0).find() != x.v(0) || x.v(0).built != nil {
		t.Error("reset left something behind")
	}
}

func TestMatchIsOneWay(t *testing.T) {
	x := newThings()
	general, special := x.pair(x.v(0), x.v(1)), x.pair(x.of(x.v(1)), x.v(1))
	for _, test := range []struct {
		pattern, to *term
		want        bool
	}{{general, special, true}, {special, general, false}, {x.pair(x.v(0), x.v(0)), general, false}, {x.c, x.v(0), false}} {
		if got := x.match(test.pattern, test.to); got != test.want {
			t.Errorf("%v to %v: %v", test.pattern, test.to, got)
		}
		x.reset()
	}
}

func TestSubsumption(t *testing.T) {
	x := newThings()
	fact := func(m *term) *term { return x.has(x.of(m)) }
	general := rule(x.has(x.v(0)), fact(x.pair(x.v(0), x.v(1))))
	differ := rule(x.has(x.v(0)), fact(x.pair(x.v(0), x.v(1))))
	differ.differ = [][2]*term{{x.v(0), x.c}}
	met := rule(x.has(x.of(x.c)), fact(x.pair(x.of(x.c), x.c)))
	two := rule(x.has(x.v(0)), fact(x.pair(x.v(0), x.v(1))), fact(x.pair(x.v(0), x.v(2))))
	other := rule(x.has(x.v(0)), fact(x.pair(x.v(0), x.v(1))), fact(x.c))
	for _, c := range []*clause{general, differ, met, two, other} {
		c.choose()
	}
	for _, test := range []struct {
		name string
		c, d *clause
		want bool
	}{
		{"an instance", general, met, true},
		{"not the other way round", met, general, false},
		{"fewer hypotheses", general, two, true},
		{"two hypotheses are not one", two, general, false},
		{"two hypotheses are not the same one", two, other, false},
		{"with a condition that the other lacks", differ, general, false},
		{"without the condition of the other", general, differ, true},
		{"a condition that the instance meets", differ, met, true},
	} {
		if got := test.c.subsumes(x.bank, test.d); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestSimplify(t *testing.T) {
	x := newThings()
	two := x.symbol("tuple2", tuple)
	c := rule(x.has(x.make(two, x.v(0), x.of(x.v(1)))), x.has(x.make(two, x.v(1), x.v(2))), x.has(x.v(1)))
	c.differ = [][2]*term{{x.of(x.v(2)), x.of(x.c)}, {x.c, x.of(x.v(1))}}
	parts := c.simplify(x.bank)
	if len(parts) != 2 {
		t.Fatalf("a pair was taken apart into %d", len(parts))
	}
	if parts[0].concl != x.has(x.v(0)) || len(parts[0].hyps) != 0 {
		t.Errorf("what says nothing of the conclusion must go: %v", parts[0].hyps)
	}
	if got := parts[1]; len(got.hyps) != 1 || got.hyps[0] != x.has(x.v(1)) || len(got.differ) != 0 {
		t.Errorf("got %v, %v", got.hyps, got.differ)
	}
	kept := rule(x.has(x.of(x.v(0))), x.has(x.v(0)))
	kept.differ = [][2]*term{{x.of(x.v(0)), x.of(x.c)}}
	if got := kept.simplify(x.bank)[0]; len(got.differ) != 1 || got.differ[0] != [2]*term{x.v(0), x.c} {
		t.Errorf("a condition on what the conclusion speaks of: %v", got.differ)
	}
	if same := rule(x.has(x.v(0)), x.has(x.v(0))); len(same.simplify(x.bank)) != 0 {
		t.Error("a tautology stayed")
	}
	never := rule(x.has(x.c))
	never.differ = [][2]*term{{x.of(x.c), x.of(x.c)}}
	if len(never.simplify(x.bank)) != 0 {
		t.Error("a condition that is never met stayed")
	}
}

func TestSelectionLeavesTheAttackersOwn(t *testing.T) {
	x := newThings()
	own := x.make(x.symbol("n", name), x.v(0))
	for _, test := range []struct {
		hyps []*term
		want int
	}{
		{[]*term{x.has(x.v(0)), x.make(x.symbol("begin", begin), x.c)}, -1},
		{[]*term{x.has(x.v(0)), x.has(x.of(x.c)), x.has(x.of(x.of(x.c)))}, 2},
		{[]*term{x.has(own), x.has(x.of(x.of(x.of(x.c))))}, 0},
	} {
		c := rule(x.has(x.c), test.hyps...)
		if c.choose(); c.selected != test.want {
			t.Errorf("of %v selected %d", test.hyps, c.selected)
		}
	}
}

// TestOneMessageForOneInput: a derivation in which a session gets two messages at one input is no attack. Where they can be made equal, what
// is left must still be what was looked for.
func TestOneMessageForOneInput(t *testing.T) {
	for _, src := range []string{`
		free c: channel.
		free a, b, secret: bitstring [private].
		fun both(bitstring, bitstring): bitstring.
		(* false: either can be had. *)
		query attacker(a).
		(* open: both cannot, though the clauses say so: there is one session. *)
		query attacker(secret).
		process ( in(c, x: bitstring); new n: bitstring;
			( (if x = c then out(c, a)) | (if x = both(c, c) then out(c, b)) )
		| (in(c, (=a, =b)); out(c, secret)) )`, `
		free c: channel.
		free k: bitstring [private].
		fun hmac(bitstring, bitstring): bitstring.
		event signs(bitstring, bitstring).
		event takes(bitstring, bitstring).
		(* open: two different ones would need two sessions of the signer. *)
		query x: bitstring, y: bitstring; event(takes(x, y)) ==> event(signs(x, y)).
		process (in(c, x: bitstring); event signs(x, x); out(c, hmac(k, x)))
		| (!in(c, (x: bitstring, y: bitstring, tx: bitstring, ty: bitstring)); if tx = hmac(k, x) then if ty = hmac(k, y) then event takes(x, y))`} {
		m := newModel()
		if err := m.parse(src); err != nil {
			t.Fatal(err)
		}
		vs, err := check(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			if v.answer != v.expect {
				t.Errorf("%s: %s", v.text, v.answer)
			}
		}
	}
}

func TestWhatCannotBeReadIsRefused(t *testing.T) {
	for src, want := range map[string]string{
		"free c channel.":                         "line 1",
		"\n\nfoo.":                                `line 3: "foo" begins no declaration`,
		"process out(c, ":                         "the file ends too early",
		"process new n: bitstring; {":             `cannot read "{`,
		"process phase one":                       "a phase has a number",
		"query e(x). process 0":                   "stands where an event should",
		"free c: channel.":                        "there is no process",
		"free c: channel. process out(c, x)":      `"x" with 0 arguments is not declared`,
		"free c: channel. process P(c)":           "P with 1 arguments is no process",
		"fun f(t): t. process event e(f(f, f))":   `"f" with 0 arguments is not declared`,
		"reduc forall x: t; d(x) = y. process 0":  `"y" with 0 arguments is not declared`,
		"free c: channel. process 0 | (out(c, c)": `"" stands where ")" should`,
	} {
		m := newModel()
		err := m.parse(src)
		if err == nil {
			m.queries = append(m.queries, query{secret: &expr{}})
			_, err = check(m)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestEventsThatCannotBeCounted(t *testing.T) {
	const decl = "free c: channel. event e(bitstring). query x: bitstring; event(e(x)). process "
	for _, p := range []string{"event e(c)", "!(event e(c) | event e(c))"} {
		m := newModel()
		if err := m.parse(decl + p); err != nil {
			t.Fatal(err)
		}
		if _, err := check(m); err == nil || !strings.Contains(err.Error(), "must stand once under a replication") {
			t.Errorf("%s: %v", p, err)
		}
	}
}
