package main

// A model is a text in the subset of ProVerif's typed language that the parser knows. Types are
// read and dropped: an attacker need not keep to them.
type model struct {
	funs    map[string]int  // constructors and constants with their number of arguments
	free    map[string]bool // free names; true: the attacker does not have it
	rules   map[string]rewrite
	macros  map[string]macro
	queries []query
	main    proc
}

func newModel() *model {
	return &model{funs: map[string]int{}, free: map[string]bool{}, rules: map[string]rewrite{}, macros: map[string]macro{}}
}

// A rewrite rule says what a destructor gives.
type rewrite struct {
	vars []string
	args []expr
	rhs  expr
}

type macro struct {
	params []string
	body   proc
}

// An expr is name(args), name alone, or a tuple (no name).
type expr struct {
	name string
	args []expr
}

// A pattern binds a name, compares with a term, or takes a tuple apart.
type pattern struct {
	bind  string
	equal *expr
	parts []pattern
}

// A query asks whether the attacker gets a term, whether an event is reached, or whether
// each event was preceded by one of others.
type query struct {
	text   string // as in the file
	expect string // the comment before it, up to the colon: true or false
	note   string // and what stands behind
	vars   []string
	secret *expr // attacker(secret)
	event  expr
	inj    bool
	before []cause // empty: is the event reached?
}

type cause struct {
	event expr
	inj   bool
}

// A proc is one of the types below; nil is the process that has ended.
type proc any

type (
	parallel  struct{ left, right proc }
	replicate struct{ then proc }
	restrict  struct {
		name string
		then proc
	}
	input struct {
		channel expr
		pattern pattern
		then    proc
	}
	output struct {
		channel, message expr
		then             proc
	}
	let struct {
		pattern pattern
		value   expr
		then    proc
	}
	compare struct {
		left, right expr
		equal       bool
		then        proc
	}
	happen struct {
		event expr
		then  proc
	}
	phase struct {
		number int
		then   proc
	}
	call struct{ target expr }
)
