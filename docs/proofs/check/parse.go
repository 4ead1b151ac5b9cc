package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

type token struct {
	text string
	note string // the comment right before it
	line int
	pos  int
}

var (
	lexeme = regexp.MustCompile(`^(?s:\s+|\(\*.*?\*\)|inj-event|[A-Za-z0-9_']+|==>|<>|\|\||[][(),.;:|!=])`)
	word   = regexp.MustCompile(`^[A-Za-z0-9_']+$`)
)

func lex(src string) ([]token, error) {
	var out []token
	note := ""
	for pos := 0; pos < len(src); {
		m := lexeme.FindString(src[pos:])
		line := 1 + strings.Count(src[:pos], "\n")
		switch {
		case m == "":
			return nil, fmt.Errorf("line %d: cannot read %.10q", line, src[pos:])
		case strings.HasPrefix(m, "(*"):
			note = strings.Join(strings.Fields(strings.Trim(m, "(*)")), " ")
		case strings.TrimSpace(m) != "":
			out = append(out, token{m, note, line, pos})
			note = ""
		}
		pos += len(m)
	}
	return append(out, token{text: "", line: 1 + strings.Count(src, "\n"), pos: len(src)}), nil
}

// A parser reads by recursive descent; a syntax error is a panic that model.parse turns into an error.
type parser struct {
	src    string
	tokens []token
	at     int
	model  *model
}

type syntaxError struct{ error }

// parse adds the declarations of a source to a model.
func (m *model) parse(src string) (err error) {
	p := &parser{src: src, model: m}
	if p.tokens, err = lex(src); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			bad, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			err = bad
		}
	}()
	for p.peek() != "" {
		p.declaration()
	}
	return nil
}

func (p *parser) fail(format string, args ...any) {
	panic(syntaxError{fmt.Errorf("line %d: %s", p.tokens[p.at].line, fmt.Sprintf(format, args...))})
}

func (p *parser) peek() string { return p.tokens[p.at].text }

func (p *parser) next() string {
	t := p.peek()
	if t == "" {
		p.fail("the file ends too early")
	}
	p.at++
	return t
}

func (p *parser) accept(text string) bool {
	if p.peek() != text {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(texts ...string) {
	for _, text := range texts {
		if !p.accept(text) {
			p.fail("%q stands where %q should", p.peek(), text)
		}
	}
}

func (p *parser) name() string {
	t := p.next()
	if !word.MatchString(t) {
		p.at--
		p.fail("%q stands where a name should", t)
	}
	return t
}

// list reads items with commas between them up to the closing text.
func (p *parser) list(closing string, item func()) {
	for !p.accept(closing) {
		item()
		if p.peek() != closing {
			p.expect(",")
		}
	}
}

// typed reads "a: t, b: t" up to the closing text.
func (p *parser) typed(closing string) (names []string) {
	p.list(closing, func() {
		names = append(names, p.name())
		p.expect(":")
		p.name()
	})
	return names
}

func (p *parser) declaration() {
	first := p.tokens[p.at]
	switch p.next() {
	case "type":
		p.name()
	case "free":
		names := p.names()
		private := p.accept("[")
		if private {
			p.expect("private", "]")
		}
		for _, n := range names {
			p.model.free[n] = private
		}
	case "const":
		for _, n := range p.names() {
			p.model.funs[n] = 0
		}
	case "fun":
		name := p.name()
		p.model.funs[name] = p.types()
		p.expect(":")
		p.name()
	case "event":
		p.name()
		p.types()
	case "reduc":
		p.rewrite()
	case "query":
		p.query(first)
	case "let":
		name, m := p.name(), macro{}
		if p.accept("(") {
			m.params = p.typed(")")
		}
		p.expect("=")
		m.body = p.process()
		p.model.macros[name] = m
	case "process":
		p.model.main = p.process()
		return
	default:
		p.at--
		p.fail("%q begins no declaration", first.text)
	}
	p.expect(".")
}

// types reads "(t, t)" and counts.
func (p *parser) types() (n int) {
	if p.accept("(") {
		p.list(")", func() { p.name(); n++ })
	}
	return n
}

func (p *parser) rewrite() {
	p.expect("forall")
	r := rewrite{vars: p.typed(";")}
	lhs := p.expr()
	r.args = lhs.args
	p.expect("=")
	r.rhs = p.expr()
	p.model.rules[lhs.name] = r
}

// names reads "a, b: t".
func (p *parser) names() (names []string) {
	p.list(":", func() { names = append(names, p.name()) })
	p.name()
	return names
}

func (p *parser) query(first token) {
	q := query{}
	q.expect, q.note, _ = strings.Cut(first.note, ": ")
	if p.tokens[p.at+1].text == ":" || p.tokens[p.at+1].text == "," {
		q.vars = p.typed(";")
	}
	start := p.tokens[p.at].pos
	if p.accept("attacker") {
		p.expect("(")
		secret := p.expr()
		q.secret = &secret
		p.expect(")")
	} else {
		c := p.cause()
		q.event, q.inj = c.event, c.inj
		if p.accept("==>") {
			q.before = append(q.before, p.cause())
			for p.accept("||") {
				q.before = append(q.before, p.cause())
			}
		}
	}
	q.text = strings.Join(strings.Fields(p.src[start:p.tokens[p.at].pos]), " ")
	p.model.queries = append(p.model.queries, q)
}

func (p *parser) cause() cause {
	c := cause{inj: p.peek() == "inj-event"}
	if !c.inj && p.peek() != "event" {
		p.fail("%q stands where an event should", p.peek())
	}
	p.next()
	p.expect("(")
	c.event = p.expr()
	p.expect(")")
	return c
}

func (p *parser) expr() expr {
	var e expr
	if p.peek() != "(" {
		e.name = p.name()
	}
	if p.accept("(") {
		p.list(")", func() { e.args = append(e.args, p.expr()) })
		if e.name == "" && len(e.args) == 1 {
			return e.args[0]
		}
	}
	return e
}

func (p *parser) pattern() (pat pattern) {
	switch {
	case p.accept("="):
		e := p.expr()
		pat.equal = &e
	case p.accept("("):
		p.list(")", func() { pat.parts = append(pat.parts, p.pattern()) })
	default:
		pat.bind = p.name()
		if p.accept(":") {
			p.name()
		}
	}
	return pat
}

// process reads P | Q | ...; as in ProVerif, | binds closer than everything before it, so
// what follows a prefix is a whole process again.
func (p *parser) process() proc {
	left := p.single()
	if p.accept("|") {
		return parallel{left, p.process()}
	}
	return left
}

// then reads what follows a prefix, which may be nothing.
func (p *parser) then() proc {
	if p.accept(";") {
		return p.process()
	}
	return nil
}

func (p *parser) single() proc {
	switch p.next() {
	case "0":
		return parallel{}
	case "!":
		return replicate{p.process()}
	case "(":
		inner := p.process()
		p.expect(")")
		return inner
	case "new":
		n := p.name()
		p.expect(":")
		p.name()
		return restrict{n, p.then()}
	case "in":
		p.expect("(")
		in := input{channel: p.expr()}
		p.expect(",")
		in.pattern = p.pattern()
		p.expect(")")
		in.then = p.then()
		return in
	case "out":
		p.expect("(")
		out := output{channel: p.expr()}
		p.expect(",")
		out.message = p.expr()
		p.expect(")")
		out.then = p.then()
		return out
	case "event":
		e := p.expr()
		return happen{e, p.then()}
	case "phase":
		n, err := strconv.Atoi(p.next())
		if err != nil {
			p.fail("a phase has a number")
		}
		return phase{n, p.then()}
	case "let", "if":
		p.at--
		return p.condition()
	}
	p.at--
	return call{p.expr()}
}

// condition reads "let ... in P" or "if ... then P".
func (p *parser) condition() proc {
	if p.accept("let") {
		l := let{pattern: p.pattern()}
		p.expect("=")
		l.value = p.expr()
		p.expect("in")
		l.then = p.process()
		return l
	}
	p.expect("if")
	c := compare{left: p.expr()}
	if c.equal = p.accept("="); !c.equal {
		p.expect("<>")
	}
	c.right = p.expr()
	p.expect("then")
	c.then = p.process()
	return c
}
