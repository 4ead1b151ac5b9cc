package fold

import (
	"bytes"
	"slices"
)

// Query is what somebody seeks. The zero Query finds nothing.
type Query struct {
	pieces []piece
	text   []byte
}

// Parse reads a query. Nothing in it is an operator.
func Parse(s string) Query {
	var f folded
	f.read(s)
	q := Query{text: f.text}
	for _, p := range f.pieces {
		same := func(o piece) bool { return o.kind == p.kind && bytes.Equal(q.of(o), f.of(p)) }
		if len(q.pieces) < MaxPieces && !slices.ContainsFunc(q.pieces, same) {
			q.pieces = append(q.pieces, p)
		}
	}
	return q
}

func (q Query) of(p piece) []byte { return q.text[p.from:p.to] }

// Empty reports that the query has no piece, so that it finds nothing.
func (q Query) Empty() bool { return len(q.pieces) == 0 }

// Term is what an index must have of a text that a query finds.
type Term struct {
	Text   string
	Prefix bool // as the beginning of a term
}

// Terms returns the terms that Terms gives of each text that q finds. With whole, they are of
// the texts that have the words of q and not only their beginnings.
func (q Query) Terms(whole bool) []Term {
	var list []Term
	for _, p := range q.pieces {
		t := q.of(p)
		switch p.kind {
		case word:
			list = append(list, Term{string(short(t)), !whole})
		case symbol:
			list = append(list, Term{string(t), false})
		case run:
			one := runeLen(t)
			if one == len(t) {
				list = append(list, Term{string(t), true})
			}
			for ; one < len(t); one = runeLen(t) {
				list = append(list, Term{string(pair(t)), false})
				t = t[one:]
			}
		}
	}
	return list
}

// Match is how well a text fits a query: a greater one is better in the order of the fields.
type Match struct {
	Whole    int  // pieces of the query that are there as whole words
	Adjacent bool // all pieces stand there one after another
	Hits     int  // places where a piece is, as far as they count
}

// Score returns m as one number, greater for a better one.
func (m Match) Score() int {
	s := m.Whole * 2
	if m.Adjacent {
		s++
	}
	return s*(maxHits+1) + m.Hits
}

// Match reports whether each piece of q is in text: a word at the beginning of a word, a run
// anywhere in a run, a symbol as it is.
func (q Query) Match(text string) (m Match, found bool) {
	if q.Empty() {
		return Match{}, false
	}
	var f folded
	f.read(text)
	var begun, whole [MaxPieces]bool
	row := 0 // so many pieces of the query stand one after another up to here
	for _, p := range f.pieces {
		here, next, first := false, false, false
		for i, o := range q.pieces {
			at, all := q.find(o, p.kind, f.of(p))
			if at < 0 {
				continue
			}
			here, begun[i], whole[i] = true, true, whole[i] || all
			if all || i == len(q.pieces)-1 {
				next, first = next || i == row, first || i == 0
			}
		}
		if here {
			m.Hits = min(m.Hits+1, maxHits)
		}
		switch {
		case next:
			row++
		case first:
			row = 1
		default:
			row = 0
		}
		if row == len(q.pieces) {
			m.Adjacent, row = true, 0
		}
	}
	for i := range q.pieces {
		if !begun[i] {
			return Match{}, false
		}
		if whole[i] {
			m.Whole++
		}
	}
	return m, true
}

// find returns where a piece of the query is in a piece of a text, -1 where it is not, and
// whether it is all of a word there.
func (q Query) find(o piece, k kind, t []byte) (at int, all bool) {
	w := q.of(o)
	switch {
	case o.kind != k:
		return -1, false
	case k == run:
		at = bytes.Index(t, w)
		return at, at >= 0
	case !bytes.HasPrefix(t, w) || k == symbol && len(t) != len(w):
		return -1, false
	}
	return 0, len(t) == len(w)
}
