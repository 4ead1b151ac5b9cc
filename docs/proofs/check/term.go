package main

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// A symbol heads a term: a constructor, a name, a predicate.
type symbol struct {
	name string
	kind kind
	id   uint32
}

type kind uint8

const (
	plain    kind = iota // a constructor, a session
	name                 // what a process made: few ways lead to it
	tuple                // whoever has it has its parts, and the other way round
	attacker             // predicate: the attacker has the argument
	message              // predicate: the second argument was sent on the channel that is the first
	begin                // predicate: an event that a query asks for happened, in the environment given
	end                  // predicate: an event that a query starts from happens, in the session given
	goal                 // predicate: what a query of secrecy looks for
)

// A term is a variable (no symbol) or a symbol with arguments. Facts are terms headed by
// a predicate. A bank holds each term once, so that equal terms are the same pointer.
type term struct {
	sym    *symbol
	args   []*term
	num    uint32 // of a variable its name, of any other term its place in the bank
	ground bool
	size   int // nodes, written out as a tree; at most maxSize

	// Scratch of unification and matching, empty between operations.
	rep   *term // the term that this one was made equal to
	built *term // the result of build, of a match the instance
	busy  bool  // build is inside this term
}

const maxSize = 1 << 30

// A bank owns all terms of one run.
type bank struct {
	terms   map[string]*term
	vars    []*term
	symbols uint32
	key     []byte
	joined  []*term // terms with rep set
	touched []*term // terms with built set
	next    int     // the number that build gives to the next variable; negative: variables keep theirs
}

func newBank() *bank { return &bank{terms: map[string]*term{}, next: -1} }

func (b *bank) symbol(name string, k kind) *symbol {
	b.symbols++
	return &symbol{name, k, b.symbols}
}

func (b *bank) variable(n int) *term {
	for len(b.vars) <= n {
		b.vars = append(b.vars, &term{num: uint32(len(b.vars)), size: 1})
	}
	return b.vars[n]
}

// make returns the one term with this symbol and these arguments.
func (b *bank) make(sym *symbol, args ...*term) *term {
	b.key = binary.LittleEndian.AppendUint32(b.key[:0], sym.id)
	for _, a := range args {
		n := a.num << 1
		if a.sym == nil {
			n |= 1
		}
		b.key = binary.LittleEndian.AppendUint32(b.key, n)
	}
	if t, ok := b.terms[string(b.key)]; ok {
		return t
	}
	t := &term{sym: sym, args: append([]*term(nil), args...), num: uint32(len(b.terms)), ground: true, size: 1}
	for _, a := range args {
		t.ground = t.ground && a.ground
		t.size = min(t.size+a.size, maxSize)
	}
	b.terms[string(b.key)] = t
	return t
}

func (t *term) find() *term {
	for t.rep != nil {
		t = t.rep
	}
	return t
}

// unify makes two terms equal, in the manner of Huet: classes of terms are joined, and
// whether that is possible without a term inside itself is found by build. What was
// joined stays so until reset.
func (b *bank) unify(x, y *term) bool {
	x, y = x.find(), y.find()
	switch {
	case x == y:
		return true
	case x.sym == nil:
		b.join(x, y)
		return true
	case y.sym == nil:
		b.join(y, x)
		return true
	case x.sym != y.sym || len(x.args) != len(y.args) || x.ground && y.ground:
		return false
	}
	b.join(x, y)
	for i := range x.args {
		if !b.unify(x.args[i], y.args[i]) {
			return false
		}
	}
	return true
}

func (b *bank) join(x, y *term) {
	x.rep = y
	b.joined = append(b.joined, x)
}

// build writes out a term under what was unified. It fails where a term would contain itself.
func (b *bank) build(t *term) (*term, bool) {
	if t.ground {
		return t, true
	}
	t = t.find()
	switch {
	case t.built != nil:
		return t.built, true
	case t.busy:
		return nil, false
	case t.ground:
		return t, true
	}
	if t.sym == nil {
		v := t
		if b.next >= 0 {
			v = b.variable(b.next)
			b.next++
		}
		return b.remember(t, v), true
	}
	t.busy = true
	defer func() { t.busy = false }()
	args := make([]*term, len(t.args))
	for i, a := range t.args {
		var ok bool
		if args[i], ok = b.build(a); !ok {
			return nil, false
		}
	}
	return b.remember(t, b.make(t.sym, args...)), true
}

func (b *bank) buildAll(ts []*term) ([]*term, bool) {
	out := make([]*term, len(ts))
	for i, t := range ts {
		var ok bool
		if out[i], ok = b.build(t); !ok {
			return nil, false
		}
	}
	return out, true
}

func (b *bank) remember(t, built *term) *term {
	t.built = built
	b.touched = append(b.touched, t)
	return built
}

// reset forgets what was unified, built and matched.
func (b *bank) reset() {
	for _, t := range b.joined {
		t.rep = nil
	}
	b.joined = b.joined[:0]
	b.forget(0)
	b.next = -1
}

// forget undoes matches down to an earlier length of touched.
func (b *bank) forget(mark int) {
	for _, t := range b.touched[mark:] {
		t.built = nil
	}
	b.touched = b.touched[:mark]
}

// unifiable tells whether two terms have a common instance. It leaves nothing behind.
func (b *bank) unifiable(x, y *term) bool {
	ok := b.unify(x, y)
	if ok {
		_, ok = b.build(x)
	}
	b.reset()
	return ok
}

// match finds what the variables of pattern must be for it to equal t, whose own variables
// stand for themselves. Each subterm of the pattern has one instance, so a second visit
// is a comparison.
func (b *bank) match(pattern, t *term) bool {
	if pattern.ground {
		return pattern == t
	}
	if pattern.built != nil {
		return pattern.built == t
	}
	if pattern.sym != nil && (pattern.sym != t.sym || len(pattern.args) != len(t.args)) {
		return false
	}
	b.remember(pattern, t)
	for i := range pattern.args {
		if !b.match(pattern.args[i], t.args[i]) {
			return false
		}
	}
	return true
}

// instance writes out a term under the matches made so far; variables without one stay.
func (b *bank) instance(t *term) *term {
	if t.ground || t.built != nil {
		if t.built != nil {
			return t.built
		}
		return t
	}
	if t.sym == nil {
		return t
	}
	args := make([]*term, len(t.args))
	for i, a := range t.args {
		args[i] = b.instance(a)
	}
	return b.make(t.sym, args...)
}

func (t *term) String() string {
	if t.sym == nil {
		return "x" + strconv.Itoa(int(t.num))
	}
	if len(t.args) == 0 {
		return t.sym.name
	}
	parts := make([]string, len(t.args))
	for i, a := range t.args {
		parts[i] = a.String()
	}
	return t.sym.name + "(" + strings.Join(parts, ", ") + ")"
}
