package bidi

// A sequence is an isolating run sequence (BD13): the characters, in order and
// without those that X9 removes, which rules W, N and I treat as neighbours.
type sequence struct {
	text     []rune
	index    []int   // of each member in the paragraph
	types    []Class // of each member, as the rules change it
	level    Level
	sos, eos Class // l or r: what stands before and after (X10)
}

// sequences is rule X10: level runs, joined from isolate initiator to PDI.
func sequences(e *explicit, base Level) []*sequence {
	var out []*sequence
	open := map[int]*sequence{} // by index of the initiator that ended a run
	for i := 0; i < len(e.levels); {
		if isRemoved(e.classes[i]) {
			i++
			continue
		}
		var q *sequence
		if e.classes[i] == pdi && e.match != nil && e.match[i] != noMatch {
			q = open[e.match[i]]
			delete(open, e.match[i])
		}
		if q == nil {
			q = &sequence{level: e.levels[i]}
			out = append(out, q)
		}
		last := i
		for ; i < len(e.levels); i++ {
			if isRemoved(e.classes[i]) {
				continue
			}
			if e.levels[i] != q.level {
				break
			}
			q.index = append(q.index, i)
			last = i
		}
		if isIsolate(e.classes[last]) && e.match[last] != noMatch {
			open[last] = q
		}
	}
	for _, q := range out {
		q.bound(e, base)
	}
	return out
}

// bound sets sos and eos, and takes the members' types.
func (q *sequence) bound(e *explicit, base Level) {
	before, after := base, base
	for i := q.index[0] - 1; i >= 0; i-- {
		if !isRemoved(e.classes[i]) {
			before = e.levels[i]
			break
		}
	}
	last := q.index[len(q.index)-1]
	if !isIsolate(e.classes[last]) || e.match[last] != noMatch {
		for i := last + 1; i < len(e.levels); i++ {
			if !isRemoved(e.classes[i]) {
				after = e.levels[i]
				break
			}
		}
	}
	q.sos, q.eos = direction(max(q.level, before)), direction(max(q.level, after))
	q.types = make([]Class, len(q.index))
	for k, i := range q.index {
		q.types[k] = e.types[i]
	}
}

func direction(v Level) Class {
	if v.RTL() {
		return r
	}
	return l
}

func (q *sequence) resolve(e *explicit) {
	q.weakMarks()
	q.weakNumbers()
	q.weakSeparators()
	q.brackets(e)
	q.neutrals()
	q.implicit(e)
}

// implicit is rules I1 and I2.
func (q *sequence) implicit(e *explicit) {
	for k, t := range q.types {
		v := q.level
		switch {
		case v.RTL() && t != r:
			v++
		case !v.RTL() && t == r:
			v++
		case !v.RTL() && (t == an || t == en):
			v += 2
		}
		e.levels[q.index[k]] = v
	}
}
