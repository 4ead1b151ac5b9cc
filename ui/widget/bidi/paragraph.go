package bidi

// A Level is an embedding level: even reads left to right, odd right to left.
type Level int8

// Auto, as a base level, takes the direction of the first strong character
// (rules P2 and P3), and left to right where there is none.
const Auto Level = -1

// RTL reports whether text of this level reads right to left.
func (v Level) RTL() bool { return v&1 == 1 }

// A Paragraph is the outcome for one paragraph. It does not change and may be
// read by several goroutines.
type Paragraph struct {
	// Base is the paragraph embedding level, 0 or 1.
	Base Level

	levels  []Level // one per character; nil: all of them are 0
	classes []Class // as they were before resolution, for L1
}

// Resolve runs rules P2 to I2 over one paragraph, whose separator, if it is
// part of text, is its last character. Characters that X9 removes get the level
// of what precedes them, so that they never split a run.
func Resolve(text []rune, base Level) Paragraph {
	classes := make([]Class, len(text))
	for i, c := range text {
		classes[i] = ClassOf(c)
	}
	return resolve(text, classes, base)
}

// resolve is Resolve on given classes; text is asked for brackets only and may
// be nil.
func resolve(text []rune, classes []Class, base Level) Paragraph {
	p := Paragraph{Base: base, classes: classes}
	if isPlain(classes) && base <= 0 {
		p.Base = 0
		return p
	}
	match := matchIsolates(classes)
	if base == Auto {
		p.Base = firstStrong(classes, match, 0, len(classes))
	}
	e := explicit{classes: classes, match: match, levels: make([]Level, len(classes)), types: make([]Class, len(classes))}
	e.run(p.Base)
	p.levels = e.levels
	for _, q := range sequences(&e, p.Base) {
		q.text = text
		q.resolve(&e)
	}
	last := p.Base
	for i, c := range classes {
		if isRemoved(c) {
			p.levels[i] = last
		}
		last = p.levels[i]
	}
	return p
}

// isPlain reports whether every level is 0 in a left-to-right paragraph: there
// is neither a right-to-left character nor a formatting one.
func isPlain(classes []Class) bool {
	for _, c := range classes {
		switch c {
		case l, en, es, et, cs, nsm, bn, b, s, ws, on:
		default:
			return false
		}
	}
	return true
}

// Len is the number of characters.
func (p *Paragraph) Len() int { return len(p.classes) }

// Level is the resolved level of character i.
func (p *Paragraph) Level(i int) Level {
	if p.levels == nil {
		return 0
	}
	return p.levels[i]
}

// Line appends to dst the levels of the line that holds the characters from
// start up to end, after rule L1: separators, and white space before them or at
// the end of the line, fall back to the paragraph's level.
func (p *Paragraph) Line(dst []Level, start, end int) []Level {
	at := len(dst)
	for i := start; i < end; i++ {
		dst = append(dst, p.Level(i))
	}
	reset := true
	for i := end - 1; i >= start; i-- {
		switch c := p.classes[i]; {
		case c == b || c == s:
			reset = true
		case c == ws || isIsolate(c) || c == pdi || isRemoved(c):
		default:
			reset = false
		}
		if reset {
			dst[at+i-start] = p.Base
		}
	}
	return dst
}

// Order returns the indices of levels from left to right (rule L2). The levels
// may be those of characters or of runs.
func Order(levels []Level) []int {
	order := make([]int, len(levels))
	var highest Level
	lowestOdd := Level(maxDepth + 2)
	for i, v := range levels {
		order[i] = i
		highest = max(highest, v)
		if v.RTL() {
			lowestOdd = min(lowestOdd, v)
		}
	}
	for v := highest; v >= lowestOdd; v-- {
		for i := 0; i < len(levels); {
			j := i
			for j < len(levels) && levels[j] >= v {
				j++
			}
			reverse(order[i:j])
			i = max(j, i+1)
		}
	}
	return order
}

func reverse(a []int) {
	for i, j := 0, len(a)-1; i < j; i, j = i+1, j-1 {
		a[i], a[j] = a[j], a[i]
	}
}

// Cut returns the characters from start up to end with the levels they have in
// p, and one more after them, at the paragraph's own level: an ellipsis.
func (p *Paragraph) Cut(start, end int) Paragraph {
	out := Paragraph{Base: p.Base, classes: append(append([]Class(nil), p.classes[start:end]...), on)}
	for i := start; i < end; i++ {
		out.levels = append(out.levels, p.Level(i))
	}
	out.levels = append(out.levels, p.Base)
	return out
}

// FirstStrong returns the level that rules P2 and P3 give a paragraph, and
// whether it has a strong character at all.
func FirstStrong(text []rune) (v Level, ok bool) {
	depth := 0
	for i, c := range text {
		switch class := ClassOf(c); {
		case isIsolate(class):
			depth++
		case class == pdi && depth > 0:
			depth--
		case depth > 0:
		case class == l:
			return 0, true
		case class == r || class == al:
			return 1, true
		case class == b && i < len(text)-1:
			return 0, false
		}
	}
	return 0, false
}
