package widget

import (
	"math"
	"time"

	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// Distances between bubbles.
const (
	gapGroup   float32 = 3  // within a group: one writer, within groupTime
	gapWriter  float32 = 14 // between groups
	gapDay     float32 = 36 // above and below the name of a day, which has a line of its own
	gapFresh   float32 = 28 // the same of the line above the first new message
	threadEdge float32 = theme.Space12
	groupTime          = 5 * time.Minute
)

// Limits of a thread.
const (
	// maxBubbles bounds the laid out bubbles that are kept: some ten screens. All of
	// 3,000 would take 100 MiB.
	maxBubbles = 300
	// lookAhead is how many items from the ends of what is loaded more is asked for:
	// a screen or two, so that it is there before it is scrolled to.
	lookAhead = 25
)

// separation is what stands above an item.
type separation struct {
	height float32
	day    bool // the name of the day
	fresh  bool // the line "New messages", below it
	joined bool // same group as the item before
}

// dayHeight is how much of the height belongs to the name of the day.
func (s separation) dayHeight() float32 {
	switch {
	case !s.day:
		return 0
	case s.fresh:
		return gapDay/2 + theme.Caption.LineHeight
	}
	return s.height
}

// above returns what stands between item i and the one before it.
func (t *Thread) above(i int) separation {
	s := t.gap(i)
	if t.src.Item(i).Fresh {
		s.fresh, s.joined = true, false
		s.height = s.dayHeight() + gapFresh + theme.Caption.LineHeight
	}
	return s
}

// gap is above, but for the line of the new messages.
func (t *Thread) gap(i int) separation {
	day := separation{height: gapDay + theme.Caption.LineHeight, day: true}
	if i == 0 {
		if before, _ := t.src.Outside(); before > 0 {
			return separation{height: gapWriter}
		}
		return day
	}
	a, b := t.src.Item(i-1), t.src.Item(i)
	switch {
	case !sameDay(a.At, b.At):
		return day
	case a.Own != b.Own || a.Notice != b.Notice || b.At.Sub(a.At) > groupTime:
		return separation{height: gapWriter}
	}
	return separation{height: gapGroup, joined: true}
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// bubble returns item i laid out.
func (t *Thread) bubble(i int) *bubble {
	return t.bubbles.get(t.src.Item(i), t.bubbleMax())
}

// column returns where the column of bubbles begins and how wide it is.
func (t *Thread) column() (x, w float32) {
	w = min(t.size.Width-2*theme.Gutter, theme.ColumnMax)
	return (t.size.Width - w) / 2, w
}

func (t *Thread) bubbleMax() float32 {
	_, w := t.column()
	return float32(math.Floor(float64(min(theme.BubbleMax, w*0.76))))
}

// place puts every message that is in sight where it belongs.
func (t *Thread) place() {
	n := t.src.Len()
	if n == 0 || t.size.Width < 1 {
		t.recycle(nil)
		t.show()
		return
	}
	first, y := t.settle(n)
	t.anchor, t.off = t.src.Item(first).ID, y
	t.fill(first, y, n)
	t.hover()
	t.show()
	t.awaitTimers()
	if first < lookAhead {
		if before, _ := t.src.Outside(); before > 0 {
			t.src.Older()
		}
	}
	if first+len(t.order) > n-lookAhead {
		if _, after := t.src.Outside(); after > 0 {
			t.src.Newer()
		}
	}
}

// settle returns the first item in sight and the top of its bubble, with the ends of
// the list held at the edges of the thread.
func (t *Thread) settle(n int) (first int, y float32) {
	edge := t.size.Height - threadEdge
	_, after := t.src.Outside()
	if t.end {
		t.end = after == 0 // the end of what is loaded is not worth staying at
		first = n - 1
		return t.climb(first, edge-t.bubble(first).height)
	}
	first = min(t.index(t.anchor), n-1)
	first, y = t.climb(first, t.off)
	if top := t.above(0).height; first == 0 && y > top {
		y = top
	}
	for first < n-1 && y+t.bubble(first).height <= 0 {
		y += t.bubble(first).height + t.above(first+1).height
		first++
	}
	// Does the list end above the bottom edge?
	bottom := y
	for i := first; bottom < edge; i++ {
		bottom += t.bubble(i).height
		if i == n-1 {
			if bottom <= edge+0.5 {
				t.end = after == 0
				return t.climb(first, y+edge-bottom)
			}
			break
		}
		bottom += t.above(i + 1).height
	}
	return first, y
}

// climb walks up from item i, whose bubble is at y, to the first one in sight.
func (t *Thread) climb(i int, y float32) (int, float32) {
	for i > 0 {
		gap := t.above(i).height
		if y-gap <= 0 {
			break
		}
		i--
		y -= gap + t.bubble(i).height
	}
	return i, y
}

// fill gives a row to each item from first on that is in sight.
func (t *Thread) fill(first int, y float32, n int) {
	keep := map[int64]bool{}
	last := first
	for i, top := first, y; i < n && top < t.size.Height; i++ {
		keep[t.src.Item(i).ID] = true
		last = i
		top += t.bubble(i).height
		if i+1 < n {
			top += t.above(i + 1).height
		}
	}
	t.recycle(keep)
	t.order = t.order[:0]
	now := time.Now()
	sep := t.above(first)
	for i := first; i <= last; i++ {
		next := separation{}
		if i+1 < n {
			next = t.above(i + 1)
		}
		b := t.bubble(i)
		row := t.row(b.item.ID)
		row.update(t, b, sep, next.joined, now)
		row.move(t.snap(y))
		t.order = append(t.order, row)
		y += b.height + next.height
		sep = next
	}
}

// row returns the row of an item, taking a free one where it has none.
func (t *Thread) row(id int64) *threadRow {
	if r := t.rows[id]; r != nil {
		return r
	}
	var r *threadRow
	if n := len(t.free); n > 0 {
		r, t.free = t.free[n-1], t.free[:n-1]
	} else {
		r = newThreadRow()
	}
	t.rows[id] = r
	return r
}

// recycle frees the rows of items that are not kept.
func (t *Thread) recycle(keep map[int64]bool) {
	for id, r := range t.rows {
		if !keep[id] {
			delete(t.rows, id)
			r.unload(t)
			t.free = append(t.free, r)
		}
	}
	if keep == nil {
		t.order = t.order[:0]
	}
}

// show hands the rows to the canvas.
func (t *Thread) show() {
	t.objects = t.objects[:0]
	for _, r := range t.order {
		t.objects = append(t.objects, r.box)
	}
	t.bar.place()
	t.tools.place()
	t.objects = append(t.objects, t.tools.objects...)
	t.objects = append(t.objects, t.spot, t.bar.thumb)
	canvas.Refresh(t)
	t.OnMoved()
}

// below returns how far the list goes on below the bottom edge, and whether that is
// at most limit; beyond it nothing is measured.
func (t *Thread) below(limit float32) (rest float32, within bool) {
	if len(t.order) == 0 {
		return 0, true
	}
	n := t.src.Len()
	last := t.order[len(t.order)-1]
	rest = last.y + last.b.height + threadEdge - t.size.Height
	for i := t.index(last.b.item.ID) + 1; i < n; i++ {
		if rest > limit {
			return rest, false
		}
		rest += t.above(i).height + t.bubble(i).height
	}
	return max(0, rest), rest <= limit
}

// snap rounds to a whole device pixel: a picture of text between two is blurred.
func (t *Thread) snap(v float32) float32 { return snap(v, deviceScale(t)) }

// snapUp rounds up to a whole device pixel.
func (t *Thread) snapUp(v float32) float32 {
	s := float64(deviceScale(t))
	return float32(math.Ceil(float64(v)*s-0.01) / s)
}
