package markup

import (
	"sort"
	"strings"
)

// Kind says what a span is. Kinds of one text may overlap, so each is a bit.
type Kind uint8

const (
	Quote Kind = 1 << iota // lines that somebody else wrote
	Block                  // lines of code
	Bold
	Italic
	Strike
	Code
	Link
)

// Span is a part of what is shown, of one kind.
type Span struct {
	Kind     Kind
	From, To int    // runes of Shown; never empty
	URL      string // of a link, as it was typed
}

// Text is what was typed, as it is to be shown.
type Text struct {
	Shown string
	Spans []Span // by where they begin, the longer first

	raw   []rune  // nil where all of it is shown
	at    []int32 // place in raw of each rune shown, and of the end
	shown []int32 // rune shown at each place in raw or next after it, and at the end
	sign  []int32 // index in signs, plus 1, of the sign that each rune of raw is part of
	signs []sign
}

// A sign is what was typed to mark a part of the text, and is not shown. Places are in raw.
type sign struct {
	from, to       int // of the sign
	inFrom, inThru int // of what it marks
}

// Raw returns what was typed for the runes shown from a up to b. A sign belongs to it if
// all that it marks does, so that a bold word is copied bold and half of it plain.
func (t Text) Raw(a, b int) string {
	if t.raw == nil {
		rs := []rune(t.Shown)
		a = clamp(a, 0, len(rs))
		return string(rs[a:clamp(b, a, len(rs))])
	}
	n := len(t.at) - 1
	a = clamp(a, 0, n)
	b = clamp(b, a, n)
	if a == 0 && b == n {
		return string(t.raw)
	}
	var out strings.Builder
	for i, r := range t.raw {
		if t.wanted(i, a, b) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// wanted reports whether the rune at place i of raw belongs to the runes shown from a up
// to b.
func (t *Text) wanted(i, a, b int) bool {
	if a == b {
		return false
	}
	if k := t.sign[i]; k > 0 {
		s := &t.signs[k-1]
		return int(t.shown[s.inFrom]) >= a && int(t.shown[s.inThru]) <= b
	}
	return int(t.shown[i]) >= a && int(t.shown[i]) < b
}

// Range returns the runes shown of those typed from a up to b. It is empty where these
// are all signs.
func (t Text) Range(a, b int) (from, to int) {
	if t.raw == nil {
		return a, b
	}
	find := func(i int) int {
		return sort.Search(len(t.at)-1, func(k int) bool { return int(t.at[k]) >= i })
	}
	return find(a), find(b)
}

func clamp(v, lo, hi int) int { return max(lo, min(v, hi)) }
