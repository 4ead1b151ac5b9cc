package text

import (
	"slices"
	"sort"
)

// A Rect is a rectangle in a block, in dp.
type Rect struct{ X, Y, W, H float32 }

// lineOf returns the index of the line that shows rune i.
func (b *Block) lineOf(i int) int {
	n := sort.Search(len(b.Lines), func(k int) bool { return b.Lines[k].Start > i })
	return max(0, n-1)
}

// Line returns the index of the line that a caret at rune i stands on.
func (b *Block) Line(i int) int { return b.lineOf(b.Stop(i)) }

// Stop returns i, moved back to where a caret may stand: the beginning of a
// grapheme.
func (b *Block) Stop(i int) int {
	i = max(0, min(i, len(b.runes)))
	for i > 0 && b.flags[i]&stop == 0 {
		i--
	}
	return i
}

// Next and Prev return the nearest place after and before i where a caret may
// stand.
func (b *Block) Next(i int) int {
	for i++; i < len(b.runes) && b.flags[i]&stop == 0; i++ {
	}
	return min(i, len(b.runes))
}

// Prev is described at Next.
func (b *Block) Prev(i int) int { return b.Stop(max(0, i-1)) }

// edge returns the x of rune i's leading edge in run r.
func (b *Block) edge(r *run, i int) float32 {
	o := float32(0)
	for k := r.start; k < i; k++ {
		o += b.adv[k]
	}
	if r.level.RTL() {
		return r.x + r.w - o
	}
	return r.x + o
}

// around returns the runs that show the runes before and after a caret at i.
func (l *Line) around(i int) (before, after *run) {
	for k := range l.runs {
		r := &l.runs[k]
		if i > l.Start && i-1 >= r.start && i-1 < r.end {
			before = r
		}
		if i < l.End && i >= r.start && i < r.end {
			after = r
		}
	}
	return before, after
}

// ends returns the x of the line's beginning and end in reading order, its
// hanging white space included.
func (l *Line) ends() (begin, end float32) {
	if len(l.runs) > 0 {
		last := l.runs[len(l.runs)-1]
		begin, end = l.runs[0].x, last.x+last.w
	}
	if l.base.RTL() {
		begin, end = end, begin
	}
	return begin, end
}

// Caret returns the place of a caret before rune i: its x, and the top of its
// line. Where two directions meet a caret has two places; this is the one in
// the text of the lower level, so that no two carets of a line coincide.
func (b *Block) Caret(i int) (x, y float32) {
	i = b.Stop(i)
	l := &b.Lines[b.lineOf(i)]
	return b.place(l, b.caret(l, min(i, l.End))), l.Y
}

// caret is Caret within a line, from the line's left end.
func (b *Block) caret(l *Line, i int) float32 {
	before, after := l.around(i)
	begin, end := l.ends()
	switch {
	case before == nil && after == nil:
		return begin
	case before == nil && after.level != l.base:
		return begin
	case before == nil:
		return b.edge(after, i)
	case after == nil && before.level != l.base:
		return end
	case after == nil || before.level <= after.level:
		return b.edge(before, i)
	}
	return b.edge(after, i)
}

// CaretBeside returns the place of a caret that keeps to one of its neighbours: to the
// rune before i where one has just typed, or to rune i.
func (b *Block) CaretBeside(i int, keep Side) (x, y float32) {
	i = b.Stop(i)
	l := &b.Lines[b.lineShowing(i, keep)]
	before, next := l.around(min(i, l.End))
	switch {
	case keep == SideBefore && before != nil:
		return b.place(l, b.edge(before, i)), l.Y
	case keep == SideAfter && next != nil:
		return b.place(l, b.edge(next, i)), l.Y
	}
	return b.Caret(i)
}

// lineShowing returns the line that such a caret stands on: at a break within a word the
// one it keeps to.
func (b *Block) lineShowing(i int, keep Side) int {
	n := b.lineOf(i)
	if keep == SideBefore && n > 0 && i == b.Lines[n].Start && !b.Lines[n-1].last {
		n--
	}
	return n
}

// RTLAt reports whether the letter at rune i reads from right to left.
func (b *Block) RTLAt(i int) bool {
	l := &b.Lines[b.lineOf(i)]
	_, r := l.around(i)
	return r != nil && r.level.RTL() || r == nil && l.base.RTL()
}

// place moves an x of a line into the block: white space that hangs over does
// not take the caret along.
func (b *Block) place(l *Line, x float32) float32 {
	return max(0, min(l.X+x, max(b.Width, l.X+l.Width)))
}

// Hit returns the caret nearest to a point: the rune it stands before.
func (b *Block) Hit(x, y float32) int {
	i, _ := b.HitBeside(x, y)
	return i
}

// HitBeside is Hit, and tells which of its neighbours the point is on.
func (b *Block) HitBeside(x, y float32) (i int, keep Side) {
	return b.HitLine(x, b.lineAt(y))
}

// HitLine is HitBeside on a line.
func (b *Block) HitLine(x float32, line int) (i int, keep Side) {
	l := &b.Lines[max(0, min(line, len(b.Lines)-1))]
	x -= l.X
	if len(l.runs) == 0 {
		return l.Start, SideNone
	}
	r := l.runAt(x)
	if r == nil {
		begin, end := l.ends()
		if atLeft := x < (begin+end)/2; atLeft == (begin < end) {
			return l.Start, SideNone
		}
		return b.lineEnd(l)
	}
	return b.hitRun(l, r, x)
}

// runAt returns the run at x; on the seam of two that of the lower level, and
// nil at the ends of the line and beyond.
func (l *Line) runAt(x float32) *run {
	const seam = 0.01
	var at *run
	for k := range l.runs {
		r := &l.runs[k]
		inside := x > r.x-seam && x < r.x+r.w+seam
		if inside && r.w > 0 && (at == nil || r.level < at.level) {
			at = r
		}
	}
	if first, last := &l.runs[0], &l.runs[len(l.runs)-1]; x < first.x+seam || x > last.x+last.w-seam {
		return nil
	}
	return at
}

// hitRun finds the caret nearest to x among those of a run, which may begin or end
// within a grapheme: a space has another level than the mark it belongs to.
func (b *Block) hitRun(l *Line, r *run, x float32) (i int, keep Side) {
	o := x - r.x
	if r.level.RTL() {
		o = r.x + r.w - x
	}
	end := min(r.end, l.End)
	for i = r.start; i < end; {
		next := min(b.Next(i), end)
		switch {
		case o < 0 && i > r.start: // on the far half of the one before
			return b.Stop(i), SideBefore
		case o < b.adv[i]/2:
			return b.Stop(i), SideAfter
		}
		o -= b.adv[i]
		i = next
	}
	if i == l.End {
		i, keep = b.lineEnd(l)
		if l.last {
			keep = SideBefore
		}
		return i, keep
	}
	return b.Stop(i), SideBefore
}

// lineEnd is the last caret of a line: at its end, or before the white space at
// which it was wrapped.
func (b *Block) lineEnd(l *Line) (i int, keep Side) {
	i = l.End
	if l.last {
		for i < len(b.runes) && b.flags[i]&stop == 0 { // an ellipsis hides the end of a grapheme
			i++
		}
		return i, SideNone
	}
	for i > l.Start && isHanging(b.runes[i-1]) {
		i--
	}
	if i < l.End {
		return b.Stop(i), SideAfter
	}
	return b.Stop(i), SideBefore
}

// LineEnd returns where End leads from line n.
func (b *Block) LineEnd(n int) (i int, keep Side) { return b.lineEnd(&b.Lines[n]) }

// Select returns the rectangles that cover the runes from a up to b, one or
// more for each line, left to right. A selected line break shows as a sliver.
func (b *Block) Select(from, to int) []Rect {
	from, to = b.Stop(from), b.Stop(to)
	if from >= to {
		return nil
	}
	var out []Rect
	for n := b.lineOf(from); n < len(b.Lines) && b.Lines[n].Start < to; n++ {
		out = b.selectLine(out, &b.Lines[n], from, to)
	}
	return out
}

func (b *Block) selectLine(out []Rect, l *Line, from, to int) []Rect {
	first := len(out)
	add := func(x, w float32) {
		x += l.X
		if k := len(out) - 1; k >= first && x-(out[k].X+out[k].W) < 0.01 {
			out[k].W = x + w - out[k].X
			return
		}
		out = append(out, Rect{x, l.Y, w, b.style.LineHeight})
	}
	for k := range l.runs {
		r := &l.runs[k]
		s, e := max(from, r.start), min(to, r.end, l.End)
		if s >= e {
			continue
		}
		x0, x1 := b.edge(r, s), b.edge(r, e)
		add(min(x0, x1), max(x0, x1)-min(x0, x1))
	}
	if l.last && from <= l.End && to > l.End {
		out = b.selectBreak(out, first, l)
	}
	return out
}

// selectBreak adds the sliver for a line break to the rectangles of its line,
// which begin at first.
func (b *Block) selectBreak(out []Rect, first int, l *Line) []Rect {
	w := b.style.Size / 4
	_, x := l.ends()
	s := Rect{l.X + x, l.Y, w, b.style.LineHeight}
	if !l.base.RTL() {
		if k := len(out) - 1; k >= first && s.X-(out[k].X+out[k].W) < 0.01 {
			out[k].W += w
			return out
		}
		return append(out, s)
	}
	s.X -= w
	if first < len(out) && out[first].X-(s.X+w) < 0.01 {
		out[first].X, out[first].W = s.X, out[first].W+w
		return out
	}
	return slices.Insert(out, first, s)
}
