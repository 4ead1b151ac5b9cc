package widget

import (
	"fmt"
	"image"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

// items is a source of which a part is loaded: [lo, hi) of all.
type items struct {
	all    []ThreadItem
	lo, hi int
	thread *Thread
	older  int  // pages that were asked for
	slow   bool // newer pages come later
	seeks  []float64

	pictures        map[int64]*image.RGBA
	asked, unloaded []int64
}

func (s *items) Len() int              { return s.hi - s.lo }
func (s *items) Item(i int) ThreadItem { return s.all[s.lo+i] }
func (s *items) Outside() (int, int)   { return s.lo, len(s.all) - s.hi }
func (s *items) Seek(share float64)    { s.seeks = append(s.seeks, share) }

func (s *items) Picture(id int64, w, h int) image.Image {
	s.asked = append(s.asked, id)
	if p := s.pictures[id]; p != nil {
		return p
	}
	return nil
}

func (s *items) Unload(id int64) { s.unloaded = append(s.unloaded, id) }

func (s *items) Older() { s.older++ }

func (s *items) Newer() {
	if s.slow {
		return
	}
	s.hi = min(len(s.all), s.hi+50)
	s.thread.Changed()
}

func (s *items) prepend(n int) {
	s.lo = max(0, s.lo-n)
	s.thread.Changed()
}

func (s *items) append(text string, own bool) {
	last := s.all[len(s.all)-1]
	s.all = append(s.all, ThreadItem{ID: last.ID + 1, Own: own, Text: text, At: last.At.Add(time.Minute)})
	s.hi = len(s.all)
	s.thread.Changed()
}

var threadStart = time.Date(2019, time.May, 6, 8, 0, 0, 0, time.UTC)

var someWords = strings.Fields("la réunion demain matin dossier contrat confirm we should publish after the minister spoken " +
	"نعم الملف جاهز شكراً النسخة الأخيرة merci d’accord review draft page sources verified train noon")

// manyItems returns n messages as people write them: short, some long, in two directions.
func manyItems(n int) []ThreadItem {
	r := rand.New(rand.NewSource(4))
	at := threadStart
	out := make([]ThreadItem, n)
	for i := range out {
		words := 1 + r.Intn(14)
		if r.Intn(12) == 0 {
			words += 30 + r.Intn(60)
		}
		text := make([]string, words)
		for j := range text {
			text[j] = someWords[r.Intn(len(someWords))]
		}
		at = at.Add(time.Duration(r.Intn(12)) * time.Minute)
		out[i] = ThreadItem{ID: int64(2*i + 1), Own: r.Intn(2) == 0, Text: strings.Join(text, " ") + fmt.Sprint(" ", i), At: at}
		if out[i].Own {
			out[i].State = ThreadDelivered
		}
	}
	return out
}

// newTestThread shows the last loaded of n messages in a window of 776 by 600.
func newTestThread(tb testing.TB, n, loaded int) (*Thread, *items) {
	tb.Helper()
	test.NewTempApp(tb)
	real := Later
	Later = func(time.Duration, func()) func() { return func() {} } // the test calls bar.leave itself
	tb.Cleanup(func() { Later = real })
	s := &items{all: manyItems(n), lo: n - loaded, hi: n}
	t := NewThread(s)
	s.thread = t
	w := test.NewWindow(container.NewClip(t))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(776, 600))
	tb.Cleanup(w.Close)
	if t.Size() != fyne.NewSize(776, 600) {
		tb.Fatalf("the thread is %v", t.Size())
	}
	return t, s
}

func wheel(t *Thread, dy float32) {
	t.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
}

func key(t *Thread, name fyne.KeyName) { t.TypedKey(&fyne.KeyEvent{Name: name}) }

// placesOf returns the top of each bubble in sight by its ID, and fails if two rows
// overlap or leave a hole.
func placesOf(tb testing.TB, t *Thread) map[int64]float32 {
	tb.Helper()
	out := map[int64]float32{}
	for i, r := range t.order {
		out[r.b.item.ID] = r.y
		if i == 0 {
			continue
		}
		p := t.order[i-1]
		if gap := r.y - p.y - p.b.height - r.sep.height; gap < -1 || gap > 1 {
			tb.Errorf("row %d is %v dp off the row above", i, gap)
		}
	}
	return out
}

// moved returns by how much bubbles that are in sight before and after have moved.
func moved(tb testing.TB, before, after map[int64]float32) map[float32]int {
	tb.Helper()
	out := map[float32]int{}
	for id, y := range before {
		if z, ok := after[id]; ok {
			out[z-y]++
		}
	}
	if len(out) == 0 {
		tb.Error("no bubble is in sight before and after")
	}
	return out
}

func expectStill(tb testing.TB, before, after map[int64]float32, what string) {
	tb.Helper()
	if m := moved(tb, before, after); len(m) != 1 || m[0] == 0 {
		tb.Errorf("%s moved bubbles: %v", what, m)
	}
}

func TestThreadBeginsAtTheEnd(t *testing.T) {
	th, s := newTestThread(t, 1000, 1000)
	placesOf(t, th)
	last := th.order[len(th.order)-1]
	if last.b.item.ID != s.all[999].ID || !th.AtEnd() || th.FarFromEnd() {
		t.Errorf("the last row is %d, AtEnd %v", last.b.item.ID, th.AtEnd())
	}
	if bottom := last.y + last.b.height; bottom != 600-threadEdge {
		t.Errorf("the last bubble ends at %v", bottom)
	}
}

func TestThreadScrollsAndStopsAtBothEnds(t *testing.T) {
	th, s := newTestThread(t, 300, 300)
	before := placesOf(t, th)
	wheel(th, 75)
	if m := moved(t, before, placesOf(t, th)); len(m) != 1 || m[75] == 0 {
		t.Errorf("75 dp of wheel moved %v", m)
	}
	wheel(th, -500)
	if !th.AtEnd() {
		t.Error("scrolling down past the end did not end there")
	}
	for range 2000 {
		wheel(th, 75)
		placesOf(t, th)
	}
	first := th.order[0]
	if first.b.item.ID != s.all[0].ID || first.y != first.sep.height {
		t.Errorf("the top is %d at %v", first.b.item.ID, first.y)
	}
	if !first.sep.day {
		t.Error("the first message has no day")
	}
}

func TestThreadPrependMovesNothing(t *testing.T) {
	th, s := newTestThread(t, 100_000, 300)
	for range 40 {
		wheel(th, 75)
	}
	before := placesOf(t, th)
	s.prepend(200)
	expectStill(t, before, placesOf(t, th), "prepending 200")
}

func TestThreadPrependMovesNothingAtTheTop(t *testing.T) {
	th, s := newTestThread(t, 1000, 100)
	for range 200 {
		wheel(th, 75)
	}
	if s.older == 0 {
		t.Error("no older messages were asked for")
	}
	if first := th.order[0]; first.b.item.ID != s.all[900].ID {
		t.Fatalf("the top is %d", first.b.item.ID)
	}
	before := placesOf(t, th)
	s.prepend(50)
	expectStill(t, before, placesOf(t, th), "prepending at the top")
}

func TestThreadAppendKeepsTheEndOnlyAtTheEnd(t *testing.T) {
	th, s := newTestThread(t, 200, 200)
	s.append("at the end", false)
	if !th.AtEnd() || th.Newest() != s.all[200].ID {
		t.Error("a message at the end did not come into sight")
	}
	wheel(th, 300)
	before := placesOf(t, th)
	s.append("not at the end", false)
	expectStill(t, before, placesOf(t, th), "a message below what is in sight")
	if th.AtEnd() {
		t.Error("AtEnd after scrolling up")
	}
}

func TestThreadGrowingBubbleKeepsTheEnd(t *testing.T) {
	th, s := newTestThread(t, 50, 50)
	s.all[49].Own, s.all[49].State = true, ThreadFailed
	th.Changed()
	last := th.order[len(th.order)-1]
	if bottom := last.y + last.b.height; bottom != 600-threadEdge || last.b.height <= last.b.box {
		t.Errorf("the failed bubble ends at %v", bottom)
	}
}

func TestThreadResizeKeepsItsAnchor(t *testing.T) {
	th, _ := newTestThread(t, 500, 500)
	for range 30 {
		wheel(th, 75)
	}
	id, y := th.order[0].b.item.ID, th.order[0].y
	th.Resize(fyne.NewSize(420, 600))
	if r := th.order[0]; r.b.item.ID != id || r.y != y {
		t.Errorf("another width: the first is %d at %v, was %d at %v", r.b.item.ID, r.y, id, y)
	}
	last := th.order[len(th.order)-1]
	from := th.size.Height - last.y
	th.Resize(fyne.NewSize(420, 540))
	r := th.rows[last.b.item.ID]
	if r == nil {
		t.Fatal("another height: the last row is out of sight")
	}
	if th.size.Height-r.y != from {
		t.Errorf("another height: the last row is %v above the bottom, was %v", th.size.Height-r.y, from)
	}
}

func TestThreadAtTheEndStaysThereWhenResized(t *testing.T) {
	th, _ := newTestThread(t, 500, 500)
	for _, size := range []fyne.Size{{Width: 420, Height: 600}, {Width: 900, Height: 300}, {Width: 380, Height: 700}} {
		th.Resize(size)
		if !th.AtEnd() {
			t.Errorf("not at the end at %v", size)
		}
	}
}

func TestThreadJumpToEnd(t *testing.T) {
	th, s := newTestThread(t, 5000, 5000)
	th.ShowItem(s.all[100].ID)
	if !th.FarFromEnd() {
		t.Error("not far from the end")
	}
	th.JumpToEnd() // the test driver runs animations in one step
	if !th.AtEnd() {
		t.Error("a far jump did not end at the end")
	}
	wheel(th, 700)
	theme.SetReducedMotion(true)
	t.Cleanup(func() { theme.SetReducedMotion(false) })
	th.JumpToEnd()
	if !th.AtEnd() || th.jump != nil {
		t.Error("a near jump with reduced motion did not cut to the end")
	}
}

func TestThreadJumpMovesByTheRest(t *testing.T) {
	th, _ := newTestThread(t, 500, 500)
	wheel(th, 700)
	before := placesOf(t, th)
	rest, near := th.below(3 * 600)
	if !near || rest != 700 {
		t.Fatalf("the rest is %v, near %v", rest, near)
	}
	th.JumpToEnd()
	th.ShowEnd()
	wheel(th, 700)
	expectStill(t, before, placesOf(t, th), "to the end and back")
}

func TestThreadAsksForTheEndThatIsNotLoaded(t *testing.T) {
	th, s := newTestThread(t, 1000, 100)
	s.lo, s.hi = 400, 500
	th.ShowItem(s.all[450].ID)
	th.JumpToEnd()
	key(th, fyne.KeyHome)
	if len(s.seeks) != 2 || s.seeks[0] != 1 || s.seeks[1] != 0 {
		t.Errorf("sought %v", s.seeks)
	}
}

func TestThreadLoadsNewerWithoutMoving(t *testing.T) {
	th, s := newTestThread(t, 1000, 100)
	s.lo, s.hi = 400, 440
	th.ShowItem(s.all[420].ID)
	before := placesOf(t, th)
	if s.hi == 440 {
		t.Error("nothing newer was asked for")
	}
	th.Changed()
	expectStill(t, before, placesOf(t, th), "loading newer messages")
	if th.AtEnd() {
		t.Error("AtEnd at the end of what is loaded")
	}
}

func TestThreadStaysWhereLoadingStopped(t *testing.T) {
	th, s := newTestThread(t, 1000, 100)
	s.lo, s.hi, s.slow = 400, 440, true
	th.ShowItem(s.all[430].ID)
	wheel(th, -5000) // to the end of what is loaded, before more has come
	if th.AtEnd() || !th.FarFromEnd() || th.Newest() != s.all[439].ID {
		t.Errorf("AtEnd %v, FarFromEnd %v", th.AtEnd(), th.FarFromEnd())
	}
	before := placesOf(t, th)
	s.hi = 490
	th.Changed()
	expectStill(t, before, placesOf(t, th), "a page that came late")
	th.ShowEnd()
	before = placesOf(t, th)
	s.hi = 540
	th.Changed()
	expectStill(t, before, placesOf(t, th), "a page below the end of what was loaded")
}

func TestThreadKeepsFewRowsAndBubbles(t *testing.T) {
	th, s := newTestThread(t, 100_000, 100_000)
	r := rand.New(rand.NewSource(1))
	for range 300 {
		th.ShowItem(s.all[r.Intn(len(s.all))].ID)
		for range 5 {
			wheel(th, 75)
		}
	}
	if n := th.bubbles.order.Len(); n > maxBubbles || len(th.bubbles.byID) != n {
		t.Errorf("%d bubbles are kept", n)
	}
	if n := len(th.rows) + len(th.free); n > 60 {
		t.Errorf("%d rows were made for a window of 600", n)
	}
	if len(th.objects) != len(th.order)+2 { // the spot and the scroll bar
		t.Errorf("%d objects for %d rows", len(th.objects), len(th.order))
	}
}

func TestThreadKeyboard(t *testing.T) {
	th, s := newTestThread(t, 500, 500)
	th.FocusGained()
	if th.current != s.all[499].ID || !th.rows[th.current].ring {
		t.Fatal("the ring is not on the newest message")
	}
	key(th, fyne.KeyUp)
	if th.current != s.all[498].ID {
		t.Errorf("Up went to %d", th.current)
	}
	before := placesOf(t, th)
	key(th, fyne.KeyPageUp)
	if m := moved(t, before, placesOf(t, th)); m[600-lineStep] == 0 {
		t.Errorf("PageUp moved %v", m)
	}
	key(th, fyne.KeyPageDown)
	key(th, fyne.KeyHome)
	if th.order[0].b.item.ID != s.all[0].ID || th.current != s.all[0].ID {
		t.Error("Home is not the first message")
	}
	key(th, fyne.KeyEnd)
	if !th.AtEnd() || th.current != s.all[499].ID {
		t.Error("End is not the last message")
	}
	for range 60 {
		key(th, fyne.KeyUp)
		r := th.rows[th.current]
		if r == nil || r.y < 0 {
			t.Fatal("the message that the keyboard stands on is out of sight")
		}
	}
	var asked int64
	th.OnMenu = func(id int64, _ fyne.Position) { asked = id }
	key(th, fyne.KeyReturn)
	if asked != th.current {
		t.Errorf("Enter asked for the menu of %d", asked)
	}
	typed := ' '
	th.OnTyped = func(r rune) { typed = r }
	th.TypedRune('é')
	if typed != 'é' {
		t.Error("a character did not go on to the composer")
	}
	th.FocusLost()
	for _, r := range th.order {
		if r.ring {
			t.Error("a ring without focus")
		}
	}
}

// press, drag and release with the primary button.
func dragOver(t *Thread, from, to fyne.Position) {
	pressAt(t, from, desktop.MouseButtonPrimary)
	e := &fyne.DragEvent{}
	e.Position = to
	t.Dragged(e)
	t.DragEnd()
}

func pressAt(t *Thread, p fyne.Position, b desktop.MouseButton) {
	e := &desktop.MouseEvent{Button: b}
	e.Position = p
	t.MouseDown(e)
}

func releaseAt(t *Thread, p fyne.Position) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = p
	t.MouseUp(e)
}

func TestThreadSelection(t *testing.T) {
	th, s := newTestThread(t, 3, 3)
	s.all[0].Text, s.all[1].Text, s.all[2].Text = "first line", "second", "third one"
	th.Changed()
	a, c := th.order[0], th.order[2]
	textAt := func(r *threadRow, i int) fyne.Position {
		x, y := r.b.text.Caret(i)
		return fyne.NewPos(r.x+r.b.textX+x+0.5, r.y+r.b.textY+y+5)
	}
	dragOver(th, textAt(a, 6), textAt(a, 10))
	if got := th.SelectedText(); got != "line" {
		t.Errorf("in one bubble: %q", got)
	}
	if len(a.marks) != 1 || len(c.marks) != 0 {
		t.Error("marks are not where the selection is")
	}
	dragOver(th, textAt(c, 5), textAt(a, 6))
	if got := th.SelectedText(); got != "line\nsecond\nthird" {
		t.Errorf("across bubbles, upward: %q", got)
	}
	pressAt(th, textAt(a, 1), desktop.MouseButtonSecondary)
	if th.SelectedText() == "" {
		t.Error("the right button ended the selection")
	}
	th.TypedShortcut(&fyne.ShortcutCopy{})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "line\nsecond\nthird" {
		t.Errorf("copied %q", got)
	}
	key(th, fyne.KeyEscape)
	if th.SelectedText() != "" || len(a.marks) != 0 {
		t.Error("Escape did not end the selection")
	}
	th.DoubleTapped(&fyne.PointEvent{Position: textAt(a, 8)})
	if got := th.SelectedText(); got != "line" {
		t.Errorf("a double click selected %q", got)
	}
	escaped := false
	canvasOf(th).SetOnTypedKey(func(*fyne.KeyEvent) { escaped = true })
	key(th, fyne.KeyEscape)
	key(th, fyne.KeyEscape)
	if !escaped {
		t.Error("Escape without a selection was not handed on")
	}
}

func TestThreadPointerShowsNoRing(t *testing.T) {
	th, _ := newTestThread(t, 20, 20)
	rings := func() (n int) {
		for _, r := range th.order {
			if r.ring {
				n++
			}
		}
		return n
	}
	for _, b := range []desktop.MouseButton{desktop.MouseButtonPrimary, desktop.MouseButtonSecondary} {
		pressAt(th, fyne.NewPos(60, 300), b)
		if canvasOf(th).Focused() != fyne.Focusable(th) || rings() != 0 {
			t.Errorf("button %v: %d rings", b, rings())
		}
		canvasOf(th).Unfocus()
	}
	pressAt(th, fyne.NewPos(60, 300), desktop.MouseButtonPrimary)
	key(th, fyne.KeyUp)
	if rings() != 1 {
		t.Errorf("%d rings after a key", rings())
	}
}

func TestThreadPointsOut(t *testing.T) {
	th, s := newTestThread(t, 2000, 2000)
	id := s.all[700].ID
	th.PointOut(id)
	if r := th.rows[id]; r == nil || !r.ring || r.y != 200 {
		t.Fatal("the message is not in sight with a ring")
	}
	wheel(th, 20)
	if !th.rows[id].ring {
		t.Error("the wheel took the ring away")
	}
	pressAt(th, fyne.NewPos(60, 30), desktop.MouseButtonPrimary)
	if th.rows[id].ring {
		t.Error("the ring outlives a click")
	}
}

func TestThreadSaysTheWordOfAState(t *testing.T) {
	th, s := newTestThread(t, 2, 2)
	s.all[1].Own, s.all[1].State = true, ThreadQueued
	th.Changed()
	h := NewHints()
	t.Cleanup(h.Close)
	var rested func()
	Later = func(_ time.Duration, f func()) func() { rested = f; return func() { rested = nil } }
	r := th.order[1]
	move := func(p fyne.Position) {
		e := &desktop.MouseEvent{}
		e.Position = p
		th.MouseMoved(e)
	}
	on := r.box.Position().Add(r.glyph.Position()).AddXY(5, 5)
	move(on)
	if rested == nil {
		t.Fatal("the pointer rests on a glyph, and nothing waits")
	}
	rested()
	if h.word != "Waiting" || h.of != fyne.CanvasObject(r.glyph) {
		t.Errorf("the word is %q", h.word)
	}
	move(on.AddXY(-60, 0))
	if h.of != nil || rested != nil {
		t.Error("the word stays when the pointer has left")
	}
}

func TestThreadRetry(t *testing.T) {
	th, s := newTestThread(t, 2, 2)
	s.all[1].Own, s.all[1].State = true, ThreadFailed
	s.all[1].Note = "Claire cannot be reached with the keys you have. Meet again to pair anew."
	th.Changed()
	r := th.order[1]
	var retried []int64
	th.OnRetry = func(id int64) { retried = append(retried, id) }
	p := fyne.NewPos(r.footX+r.foot.Size().Width/2, r.y+r.b.box+footGap+10)
	pressAt(th, p, desktop.MouseButtonPrimary)
	releaseAt(th, fyne.NewPos(5, 5))
	pressAt(th, p, desktop.MouseButtonPrimary)
	releaseAt(th, p)
	if len(retried) != 1 || retried[0] != s.all[1].ID {
		t.Errorf("retried %v", retried)
	}
	th.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
	if th.Cursor() != desktop.PointerCursor {
		t.Error("no hand over the button")
	}
}

func TestThreadScrollBar(t *testing.T) {
	th, s := newTestThread(t, 10_000, 10_000)
	if th.bar.shown {
		t.Error("the bar is shown before anything was scrolled")
	}
	wheel(th, 75)
	thumb := th.bar.thumb
	if !th.bar.shown || thumb.Hidden || thumb.Size().Height != theme.ScrollBarMin {
		t.Errorf("the thumb is %v high", thumb.Size().Height)
	}
	grip := fyne.NewPos(776-6, thumb.Position().Y+5)
	pressAt(th, grip, desktop.MouseButtonPrimary)
	e := &fyne.DragEvent{}
	e.Position = fyne.NewPos(grip.X, 300)
	th.Dragged(e)
	i := th.index(th.order[0].b.item.ID)
	if i < 4500 || i > 5500 {
		t.Errorf("half way is message %d of 10000", i)
	}
	e.Position.Y = 5000
	th.Dragged(e)
	th.DragEnd()
	if !th.AtEnd() {
		t.Error("the bottom of the bar is not the end")
	}
	if th.SelectedText() != "" {
		t.Error("the bar selected text")
	}
	s.lo = 9000
	th.Changed()
	pressAt(th, fyne.NewPos(776-6, thumb.Position().Y+5), desktop.MouseButtonPrimary)
	e.Position.Y = 100
	th.Dragged(e)
	if len(s.seeks) == 0 || s.seeks[0] > 0.3 {
		t.Errorf("a place that is not loaded: sought %v", s.seeks)
	}
	th.bar.leave()
	if !th.bar.shown {
		t.Error("the bar left while it was held")
	}
	th.DragEnd()
	th.bar.leave()
	if th.bar.shown || !thumb.Hidden {
		t.Error("the bar did not leave")
	}
}

func TestThreadEmptyAndRefilled(t *testing.T) {
	th, s := newTestThread(t, 10, 10)
	th.SetSource(&items{})
	if len(th.order) != 0 || th.Newest() != 0 {
		t.Error("rows of another source are in sight")
	}
	th.FocusGained()
	key(th, fyne.KeyUp)
	key(th, fyne.KeyReturn)
	wheel(th, 10)
	th.DoubleTapped(&fyne.PointEvent{})
	th.SetSource(s)
	if th.Newest() != s.all[9].ID {
		t.Error("the end is not in sight")
	}
}

func TestThreadHugeMessage(t *testing.T) {
	th, s := newTestThread(t, 3, 3)
	s.all[1].Text = strings.Repeat("long ", 2400)
	th.Changed()
	for range 200 {
		wheel(th, 75)
		placesOf(t, th)
		if len(th.order) == 0 {
			t.Fatal("nothing in sight inside a long message")
		}
	}
	if th.order[0].b.item.ID != s.all[0].ID {
		t.Error("the top was not reached through the long message")
	}
}

// TestThreadNotice: a notice has the middle of the column and belongs to no group.
func TestThreadNotice(t *testing.T) {
	th, src := newTestThread(t, 3, 3)
	for i := range src.all {
		src.all[i] = ThreadItem{ID: src.all[i].ID, Text: "Session renewed", At: threadStart, Notice: i == 1}
	}
	th.Changed()
	if th.above(1).joined || th.above(2).joined {
		t.Error("a notice is of the same group as a message")
	}
	x, w := th.column()
	row := th.rows[src.all[1].ID]
	if row == nil {
		t.Fatal("the notice is not in sight")
	}
	left, right := row.x-x, x+w-row.x-row.back.Size().Width
	if left < 1 || left-right > 1 || right-left > 1 {
		t.Errorf("%v are left of it and %v right", left, right)
	}
	if row.b.time != nil {
		t.Error("it has a time")
	}
	src.all[1].Own = true // the user did what it tells
	th.Changed()
	if row := th.rows[src.all[1].ID]; slices.Contains(row.box.Objects, fyne.CanvasObject(row.glyph)) {
		t.Error("it has a state")
	}
}
