package bidi

// weakMarks is rule W1: a nonspacing mark takes the type before it.
func (q *sequence) weakMarks() {
	prev := q.sos
	for k, t := range q.types {
		switch {
		case t == nsm:
			q.types[k] = prev
		case isIsolate(t) || t == pdi:
			prev = on
		default:
			prev = t
		}
	}
}

// weakNumbers is rules W2 to W4: digits after Arabic letters are Arabic
// numbers, Arabic letters right-to-left, and single separators between two
// numbers of one kind part of the number. W4 looks at what W2 made of the
// following number, hence the two passes.
func (q *sequence) weakNumbers() {
	strong := q.sos
	for k, t := range q.types {
		switch t {
		case l, r:
			strong = t
		case al:
			strong = al
			q.types[k] = r
		case en:
			if strong == al {
				q.types[k] = an
			}
		}
	}
	for k := 1; k+1 < len(q.types); k++ {
		before, after := q.types[k-1], q.types[k+1]
		switch t := q.types[k]; {
		case before != after:
		case t == es && before == en, t == cs && (before == en || before == an):
			q.types[k] = before
		}
	}
}

// weakSeparators is rules W5 to W7: terminators beside European numbers join
// them, what is left is neutral, and numbers after left-to-right text are
// left-to-right.
func (q *sequence) weakSeparators() {
	for k := 0; k < len(q.types); {
		if q.types[k] != et {
			k++
			continue
		}
		end := k
		for end < len(q.types) && q.types[end] == et {
			end++
		}
		to := on
		if k > 0 && q.types[k-1] == en || end < len(q.types) && q.types[end] == en {
			to = en
		}
		for ; k < end; k++ {
			q.types[k] = to
		}
	}
	strong := q.sos
	for k, t := range q.types {
		switch t {
		case es, cs:
			q.types[k] = on
		case l, r:
			strong = t
		case en:
			if strong == l {
				q.types[k] = l
			}
		}
	}
}
