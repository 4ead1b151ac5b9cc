package text

import "slices"

// A Side says which of its neighbours a caret keeps to where two directions meet and
// these are apart.
type Side uint8

const (
	SideNone   Side = iota // the one in the text of the lower level
	SideBefore             // it stands after the rune before it
	SideAfter              // it stands before the rune after it
)

// A cell is a grapheme as one sees it on a line.
type cell struct {
	start, end int // runes
	rtl        bool
}

// landing is the caret at the right edge of a cell, or at its left.
func (c cell) landing(right bool) (i int, keep Side) {
	if right == c.rtl {
		return c.start, SideAfter
	}
	return c.end, SideBefore
}

// cells are the graphemes of a line that take room, from left to right.
func (b *Block) cells(l *Line) (out []cell) {
	for k := range l.runs {
		r := &l.runs[k]
		first := len(out)
		for i := b.Stop(r.start); i < min(r.end, l.End); i = b.Next(i) {
			if i >= r.start && b.adv[i] > 0 {
				out = append(out, cell{i, b.Next(i), r.level.RTL()})
			}
		}
		if r.level.RTL() {
			slices.Reverse(out[first:])
		}
	}
	return out
}

// gap returns how many of the cells stand to the left of a caret.
func (b *Block) gap(l *Line, cells []cell, i int, keep Side) int {
	for k, c := range cells {
		edge, side := c.landing(false)
		if edge == i && side == keep {
			return k
		}
		edge, side = c.landing(true)
		if edge == i && side == keep {
			return k + 1
		}
	}
	n, at := 0, l.X
	x, _ := b.CaretBeside(i, keep)
	if len(l.runs) > 0 {
		at += l.runs[0].x
	}
	for n < len(cells) && at+b.adv[cells[n].start]/2 < x {
		at += b.adv[cells[n].start]
		n++
	}
	return n
}

// Step moves a caret over the grapheme that is seen to the right or left of it, whatever
// the direction of that. Beyond the end of a line it goes on where the paragraph does.
func (b *Block) Step(i int, keep Side, right bool) (int, Side) {
	i = b.Stop(i)
	n := b.lineShowing(i, keep)
	l := &b.Lines[n]
	cells := b.cells(l)
	at := b.gap(l, cells, i, keep)
	switch {
	case right && at < len(cells):
		return b.landed(n, cells[at], right, at+1 == len(cells))
	case !right && at > 0:
		return b.landed(n, cells[at-1], right, at == 1)
	case right != l.base.RTL():
		return b.lineAfter(n)
	}
	return b.lineBefore(n)
}

// landed is the caret after a step over a cell of line n. Where that was the last one of a
// line that was wrapped, it is shown at the beginning of the next.
func (b *Block) landed(n int, c cell, right, last bool) (int, Side) {
	i, keep := c.landing(right)
	if l := &b.Lines[n]; last && i == l.End && !l.last && right != l.base.RTL() {
		return i, SideNone
	}
	return i, keep
}

func (b *Block) lineAfter(n int) (int, Side) {
	if n+1 == len(b.Lines) {
		return len(b.runes), SideNone
	}
	return b.Lines[n+1].Start, SideNone
}

// lineBefore goes back over the last grapheme of a line that was wrapped, and else to the
// end of the paragraph before.
func (b *Block) lineBefore(n int) (int, Side) {
	if n == 0 {
		return 0, SideNone
	}
	l := &b.Lines[n-1]
	cells := b.cells(l)
	switch {
	case l.last || len(cells) == 0:
		return l.End, SideNone
	case l.base.RTL():
		return cells[0].landing(true)
	}
	return cells[len(cells)-1].landing(false)
}
