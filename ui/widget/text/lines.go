package text

import "tacit/ui/widget/bidi"

// breakLines fills lines with as much as they hold: to the last opportunity of
// UAX #14, or, within a word longer than a line, to a grapheme. White space at
// the end of a line hangs over. more says that the paragraph goes on beyond
// what was read of it.
func (lay *layouter) breakLines(pa *paragraph, more bool) {
	n := len(pa.text)
	flags, adv := lay.flags[pa.at:], lay.adv[pa.at:]
	limit := lay.limit()
	start, opportunity := 0, 0
	x := float32(0)
	end := func(at int) (done bool) {
		if lay.o.MaxLines > 0 && len(lay.Lines) == lay.o.MaxLines-1 {
			lay.ellipsis(pa, start)
			return true
		}
		lay.line(pa, start, at, at == n)
		start, x = at, 0
		return false
	}
	for i := 0; i < n; i++ {
		if i > start && flags[i]&(breakable|cut) == breakable|cut {
			opportunity = i
			if flags[i]&mandatory != 0 && end(i) {
				return
			}
		}
		if i > start && flags[i]&cut != 0 && !isHanging(pa.text[i]) && x+lay.cluster(pa, i) > limit {
			to := i
			if opportunity > start {
				to = opportunity
			}
			if end(to) {
				return
			}
			i = to
		}
		x += adv[i]
	}
	if more {
		lay.ellipsis(pa, start)
		return
	}
	lay.line(pa, start, n, true)
}

// holdsTogether is our tailoring of UAX #14: no line ends between rune i and the one
// before it. A bracket that touches what stands before it stays there, as in ":(" and
// "f-(x)", and the scheme of an address keeps its host. So it is in browsers.
func holdsTogether(rs []rune, i int) bool {
	switch before, c := rs[i-1], rs[i]; {
	case before <= ' ' || before > '~':
		return false
	case c == '(' || c == '[' || c == '{':
		return true
	}
	return i > 2 && rs[i-1] == '/' && rs[i-2] == '/' && rs[i-3] == ':'
}

// cluster is the advance of what cannot be parted from rune i.
func (lay *layouter) cluster(pa *paragraph, i int) float32 {
	w := lay.adv[pa.at+i]
	for i++; i < len(pa.text) && lay.flags[pa.at+i]&cut == 0; i++ {
		w += lay.adv[pa.at+i]
	}
	return w
}

// line adds the line of the paragraph's runes from a up to b.
func (lay *layouter) line(pa *paragraph, a, b int, last bool) {
	l := Line{Start: pa.at + a, End: pa.at + b, RTL: lay.beginsRight(pa), last: last, base: pa.uba.Base, panel: lay.panel}
	lay.levels = pa.uba.Line(lay.levels[:0], a, b)
	visible := b
	for visible > a && !lay.o.KeepSpaces && isHanging(pa.text[visible-1]) {
		visible--
	}
	levels := lay.levels
	l.runs = lay.cutRuns(pa, pa.runs, a, b, levels)
	hanging := lay.order(&l, pa.at+visible)
	if l.base.RTL() {
		for i := range l.runs {
			l.runs[i].x -= hanging
		}
	}
	lay.Lines = append(lay.Lines, l)
}

func (lay *layouter) beginsRight(pa *paragraph) bool {
	if lay.o.Align == AlignStart && !lay.code() {
		return lay.o.RTL
	}
	return pa.rtl
}

// cutRuns cuts shaped runs to the runes from a up to b and to their levels.
func (lay *layouter) cutRuns(pa *paragraph, runs []shaped, a, b int, levels []bidi.Level) []run {
	var out []run
	for k := firstRun(runs, a); k < len(runs) && runs[k].start < b; k++ {
		r := &runs[k]
		for i := max(a, r.start); i < min(b, r.end); {
			j := i + 1
			for j < min(b, r.end) && levels[j-a] == levels[i-a] {
				j++
			}
			out = append(out, run{
				start: pa.at + i, end: pa.at + j, level: levels[i-a], face: r.face,
				glyphs: r.glyphsOf(pa.at+i, pa.at+j),
			})
			i = j
		}
	}
	return out
}

// firstRun finds the run that holds rune a.
func firstRun(runs []shaped, a int) int {
	lo, hi := 0, len(runs)
	for lo < hi {
		mid := (lo + hi) / 2
		if runs[mid].end <= a {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// order puts a line's runs into visual order and gives them their places. It
// sets the line's width, and returns that of the white space from visible on.
func (lay *layouter) order(l *Line, visible int) (hanging float32) {
	levels := make([]bidi.Level, len(l.runs))
	for i := range l.runs {
		r := &l.runs[i]
		levels[i] = r.level
		for k := r.start; k < r.end; k++ {
			r.w += lay.adv[k]
			if k >= visible {
				hanging += lay.adv[k]
			}
		}
	}
	visual := make([]run, 0, len(l.runs))
	x := float32(0)
	for _, k := range bidi.Order(levels) {
		r := l.runs[k]
		r.x = x
		x += r.w
		visual = append(visual, r)
	}
	l.runs = visual
	l.Width = max(0, x-hanging)
	return hanging
}
