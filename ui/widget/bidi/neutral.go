package bidi

import "sort"

// strongOf is the direction a resolved type counts as in the N rules: numbers
// read as right-to-left. ok is false for neutrals.
func strongOf(t Class) (d Class, ok bool) {
	switch t {
	case l:
		return l, true
	case r, en, an:
		return r, true
	}
	return on, false
}

// A pair is a bracket pair, as positions in the sequence.
type pair struct{ open, close int }

// pairs is BD16. Only characters still neutral are brackets.
func (q *sequence) pairs() []pair {
	type opening struct {
		pair rune
		at   int
	}
	var stack []opening
	var out []pair
	for k, i := range q.index {
		if q.types[k] != on {
			continue
		}
		id, opens, ok := bracket(q.text[i])
		switch {
		case !ok:
		case opens:
			if len(stack) == maxPairs {
				return sorted(out)
			}
			stack = append(stack, opening{id, k})
		default:
			for d := len(stack) - 1; d >= 0; d-- {
				if stack[d].pair == id {
					out = append(out, pair{stack[d].at, k})
					stack = stack[:d]
					break
				}
			}
		}
	}
	return sorted(out)
}

func sorted(p []pair) []pair {
	sort.Slice(p, func(i, j int) bool { return p[i].open < p[j].open })
	return p
}

// brackets is rule N0. context runs forward with the pairs, whose opening
// brackets come in order, so that long texts stay linear.
func (q *sequence) brackets(e *explicit) {
	if q.text == nil {
		return
	}
	embedding := direction(q.level)
	context, seen := q.sos, 0
	for _, p := range q.pairs() {
		for ; seen < p.open; seen++ {
			if d, ok := strongOf(q.types[seen]); ok {
				context = d
			}
		}
		same, opposite := q.inside(p, embedding)
		switch {
		case same:
			q.setPair(e, p, embedding)
		case opposite && context != embedding:
			q.setPair(e, p, context)
		case opposite:
			q.setPair(e, p, embedding)
		}
	}
}

// inside reports whether a pair holds a strong type of the embedding direction,
// or else one of the other.
func (q *sequence) inside(p pair, embedding Class) (same, opposite bool) {
	for k := p.open + 1; k < p.close; k++ {
		switch d, ok := strongOf(q.types[k]); {
		case !ok:
		case d == embedding:
			return true, false
		default:
			opposite = true
		}
	}
	return false, opposite
}

// setPair gives both brackets a direction, and the marks that stood on them.
func (q *sequence) setPair(e *explicit, p pair, d Class) {
	for _, k := range [2]int{p.open, p.close} {
		q.types[k] = d
		for k++; k < len(q.index) && e.classes[q.index[k]] == nsm && e.types[q.index[k]] == nsm; k++ {
			q.types[k] = d
		}
	}
}

// neutrals is rules N1 and N2.
func (q *sequence) neutrals() {
	before := q.sos
	for k := 0; k < len(q.types); {
		if d, ok := strongOf(q.types[k]); ok {
			before = d
			k++
			continue
		}
		end := k
		for end < len(q.types) && isNeutral(q.types[end]) {
			end++
		}
		after := q.eos
		if end < len(q.types) {
			after, _ = strongOf(q.types[end])
		}
		to := direction(q.level)
		if before == after {
			to = before
		}
		for ; k < end; k++ {
			q.types[k] = to
		}
	}
}
