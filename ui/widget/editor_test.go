package widget

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

// newTestEditor returns an editor of a width in a window, with the keyboard.
func newTestEditor(t *testing.T, rows int, width float32) *Editor {
	t.Helper()
	test.NewTempApp(t)
	e := NewEditor(rows)
	w := test.NewTempWindow(t, e)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, 200))
	e.Resize(fyne.NewSize(width, float32(rows)*theme.Body.LineHeight))
	w.Canvas().Focus(e)
	return e
}

func (e *editable) press(names ...fyne.KeyName) {
	for _, n := range names {
		e.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

// with presses keys while Shift is held.
func (e *editable) withShift(names ...fyne.KeyName) {
	e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	e.press(names...)
	e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

func (e *editable) chord(m fyne.KeyModifier, n fyne.KeyName) {
	e.TypedShortcut(&desktop.CustomShortcut{KeyName: n, Modifier: m})
}

func typeIn(e fyne.Focusable, s string) {
	for _, r := range s {
		e.TypedRune(r)
	}
}

// want checks text, caret and selection.
func (e *editable) want(t *testing.T, what, text string, caret int, selected string) {
	t.Helper()
	if e.Text() != text || e.caret != caret || e.SelectedText() != selected {
		t.Errorf("%s: %q, caret %d, selected %q; want %q, %d, %q", what, e.Text(), e.caret, e.SelectedText(), text, caret, selected)
	}
}

func TestEditorTyping(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	var seen []string
	e.OnChanged = func(s string) { seen = append(seen, s) }
	typeIn(e, "سلام ab")
	e.want(t, "typed", "سلام ab", 7, "")
	if len(seen) != 7 || seen[6] != "سلام ab" {
		t.Errorf("changes %q", seen)
	}
	if l := e.layout().Lines[0]; !l.RTL || l.X+l.Width != 300 {
		t.Errorf("a paragraph beginning in Arabic stands at %v, %v wide", l.X, l.Width)
	}
	// The caret keeps to the b just typed, at the right end of a Latin word that
	// stands left of the Arabic one.
	x, _ := e.caretPlace()
	if l := e.layout().Lines[0]; x <= l.X || x >= l.X+l.Width {
		t.Errorf("caret at %v of %v to %v", x, l.X, l.X+l.Width)
	}
	e.press(fyne.KeyReturn)
	typeIn(e, "abc")
	if l := e.layout().Lines[1]; l.RTL || l.X != 0 {
		t.Error("the second paragraph does not stand at the left")
	}
}

func TestEditorArrows(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	e.SetText("abc")
	e.press(fyne.KeyHome)
	e.withShift(fyne.KeyRight, fyne.KeyRight)
	e.want(t, "Shift+Right", "abc", 2, "ab")
	e.press(fyne.KeyLeft)
	e.want(t, "Left leaves at the start", "abc", 0, "")
	e.withShift(fyne.KeyRight, fyne.KeyRight)
	e.press(fyne.KeyRight)
	e.want(t, "Right leaves at the end", "abc", 2, "")

	e.SetText("אבג")
	e.press(fyne.KeyHome)
	e.withShift(fyne.KeyLeft, fyne.KeyLeft)
	e.want(t, "Left goes on in Hebrew", "אבג", 2, "אב")
	e.press(fyne.KeyRight, fyne.KeyRight)
	e.want(t, "Right goes back", "אבג", 0, "")
	e.press(fyne.KeyRight)
	e.want(t, "and stops", "אבג", 0, "")
}

func TestEditorErase(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	e.SetText("a👨‍👩‍👧‍👦e\u0301")
	e.press(fyne.KeyBackspace)
	e.want(t, "an accented letter", "a👨‍👩‍👧‍👦", 8, "")
	e.press(fyne.KeyBackspace)
	e.want(t, "a family", "a", 1, "")
	e.press(fyne.KeyDelete)
	e.want(t, "nothing after", "a", 1, "")
	e.press(fyne.KeyHome, fyne.KeyDelete, fyne.KeyDelete, fyne.KeyBackspace)
	e.want(t, "all", "", 0, "")
	e.SetText("one two three")
	e.chord(wordKey, fyne.KeyBackspace)
	e.want(t, "a word", "one two ", 8, "")
	e.press(fyne.KeyHome)
	e.chord(wordKey, fyne.KeyDelete)
	e.want(t, "a word forward", " two ", 0, "")
	e.SelectAll()
	e.press(fyne.KeyDelete)
	e.want(t, "the selection", "", 0, "")
}

func TestEditorWords(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	e.SetText("one, two شيء")
	e.chord(wordKey, fyne.KeyHome)
	var at []int
	for range 4 {
		e.chord(wordKey, fyne.KeyRight)
		at = append(at, e.caret)
	}
	if want := []int{3, 8, 12, 12}; !slices.Equal(at, want) {
		t.Errorf("words end at %v, want %v", at, want)
	}
	e.chord(wordKey|fyne.KeyModifierShift, fyne.KeyLeft)
	e.want(t, "a word back", "one, two شيء", 9, "شيء")
	e.chord(wordKey, fyne.KeyEnd)
	e.want(t, "the end", "one, two شيء", 12, "")
}

func TestEditorLines(t *testing.T) {
	e := newTestEditor(t, 6, 120)
	e.SetText("one two three four five\nx\nseven six ten")
	b := e.layout()
	if len(b.Lines) != 4 {
		t.Fatalf("%d lines", len(b.Lines))
	}
	e.chord(wordKey, fyne.KeyHome)
	e.press(fyne.KeyEnd)
	first := e.caret
	if n := b.Lines[0].End; first != n-1 {
		t.Errorf("End leads to %d of a line up to %d", first, n)
	}
	x, _ := e.caretPlace()
	for range len(b.Lines) - 1 {
		e.press(fyne.KeyDown)
	}
	if got, y := e.caretPlace(); y != b.Lines[len(b.Lines)-1].Y || got-x > 8 || x-got > 8 {
		t.Errorf("down to %v, %v, from x %v", got, y, x)
	}
	e.press(fyne.KeyHome)
	if e.caret != b.Lines[len(b.Lines)-1].Start {
		t.Errorf("Home leads to %d", e.caret)
	}
	e.press(fyne.KeyDown)
	if e.caret != len(e.runes) {
		t.Error("Down on the last line does not lead to the end")
	}
	e.press(fyne.KeyPageUp, fyne.KeyUp, fyne.KeyUp)
	if e.caret != 0 {
		t.Errorf("up to %d", e.caret)
	}
	e.withShift(fyne.KeyEnd)
	if e.SelectedText() != string(e.runes[:first]) {
		t.Errorf("Shift+End selects %q", e.SelectedText())
	}
}

func TestEditorClipboard(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	clip := test.NewClipboard()
	e.SetText("one two")
	e.SelectAll()
	e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	if clip.Content() != "one two" {
		t.Errorf("copied %q", clip.Content())
	}
	e.press(fyne.KeyHome)
	e.withShift(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	e.TypedShortcut(&fyne.ShortcutCut{Clipboard: clip})
	e.want(t, "cut", " two", 0, "")
	clip.SetContent("A\r\nB\x00\u2028C")
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	e.want(t, "pasted", "A\nB\nC two", 5, "")
	e.press(fyne.KeyEnd)
	clip.SetContent("kept")
	e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	e.TypedShortcut(&fyne.ShortcutCut{Clipboard: clip})
	e.want(t, "nothing selected", "A\nB\nC two", 9, "")
	if clip.Content() != "kept" {
		t.Error("an empty selection took the place of what was copied")
	}
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	e.want(t, "all", "A\nB\nC two", 9, "A\nB\nC two")
}

func TestEditorUndo(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	undo := func() { e.TypedShortcut(&fyne.ShortcutUndo{}) }
	redo := func() { e.TypedShortcut(&fyne.ShortcutRedo{}) }
	typeIn(e, "one two")
	undo()
	e.want(t, "a word back", "one ", 4, "")
	undo()
	e.want(t, "both back", "", 0, "")
	undo()
	redo()
	redo()
	e.want(t, "again", "one two", 7, "")
	e.press(fyne.KeyBackspace, fyne.KeyBackspace)
	undo()
	e.want(t, "deleted letters together", "one two", 7, "")
	e.SelectAll()
	typeIn(e, "x")
	undo()
	e.want(t, "replaced", "one two", 7, "one two")
	redo()
	e.want(t, "replaced again", "x", 1, "")
	typeIn(e, "y")
	undo()
	typeIn(e, "z")
	redo()
	e.want(t, "a new edit ends what could be redone", "xz", 2, "")
}

// TestUndoBounded makes many small and then many great edits.
func TestUndoBounded(t *testing.T) {
	var e editText
	for _, added := range []string{"ab", strings.Repeat("long ", 1000)} {
		for range 2 * undoSteps {
			e.selectSpan(0, len(e.runes))
			e.insert(added)
		}
		kept := 0
		for _, s := range e.undo {
			kept += len(s.added) + len(s.removed)
		}
		if len(e.undo) > undoSteps || kept > undoRunes || len(e.undo) == 0 {
			t.Errorf("%d steps, %d runes kept", len(e.undo), kept)
		}
	}
}

func mouse(x, y float32, b desktop.MouseButton, m fyne.KeyModifier) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: b, Modifier: m}
}

func TestEditorMouse(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	now := time.Unix(0, 0)
	e.clicks.now = func() time.Time { return now }
	const s = "one two three\nfour"
	e.SetText(s)
	x := func(i int) float32 { x, _ := e.layout().Caret(i); return x }
	click := func(x float32) { e.MouseDown(mouse(x, 5, desktop.MouseButtonPrimary, 0)) }

	click(x(5))
	e.want(t, "click", s, 5, "")
	click(x(5))
	e.want(t, "double click", s, 7, "two")
	e.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x(9), 5)}})
	e.want(t, "dragged by words", s, 13, "two three")
	e.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x(1), 5)}})
	e.want(t, "dragged back by words", s, 0, "one two")
	click(x(5))
	e.want(t, "triple click", s, 13, "one two three")
	now = now.Add(time.Second)
	click(x(5))
	e.want(t, "late click", s, 5, "")
	e.MouseDown(mouse(x(10), 5, desktop.MouseButtonPrimary, fyne.KeyModifierShift))
	e.want(t, "Shift and click", s, 10, "wo th")
	e.MouseDown(mouse(x(1), 5, desktop.MouseButtonSecondary, 0))
	e.want(t, "secondary button", s, 10, "wo th")
	now = now.Add(time.Second)
	click(x(2))
	e.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(500, 500)}})
	e.want(t, "dragged out of the field", s, 18, "e two three\nfour")
	var at fyne.Position
	e.OnMenu = func(p fyne.Position) { at = p }
	e.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(7, 8)})
	if at != fyne.NewPos(7, 8) {
		t.Errorf("menu asked for at %v", at)
	}
}

// TestEditorMouseSeam: the caret stays where one clicked, on either side of a
// word of the other direction.
func TestEditorMouseSeam(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	e.SetText("ab אבג cd")
	r := e.layout().Select(3, 6)[0]
	for _, x := range []float32{r.X + 1, r.X + r.W - 1} {
		e.clicks.count = 0
		e.clicks.at = fyne.NewPos(-100, -100)
		e.MouseDown(mouse(x, 5, desktop.MouseButtonPrimary, 0))
		if got, _ := e.caretPlace(); got-x > 2 || x-got > 2 {
			t.Errorf("clicked at %v, caret at %v", x, got)
		}
	}
}

func TestEditorSubmit(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	var sent []string
	e.OnSubmit = func(s string) { sent = append(sent, s) }
	typeIn(e, "one")
	e.withShift(fyne.KeyReturn)
	typeIn(e, "two")
	e.press(fyne.KeyEnter)
	if !slices.Equal(sent, []string{"one\ntwo"}) {
		t.Errorf("sent %q", sent)
	}
	e.OnKey = func(k *fyne.KeyEvent) bool { return k.Name == fyne.KeyEscape || k.Name == fyne.KeyReturn }
	e.press(fyne.KeyReturn, fyne.KeyEscape)
	if len(sent) != 1 {
		t.Error("a key that somebody dealt with got through")
	}
}

func TestEditorLimits(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	long := 0
	e.OnTooLong = func() { long++ }
	e.SetMaxBytes(10)
	e.Insert("12345678👨‍👩‍👧‍👦")
	e.want(t, "an emoji that does not fit", "12345678", 8, "")
	e.Insert("abc")
	e.want(t, "cut", "12345678ab", 10, "")
	e.SelectAll()
	e.Insert("new")
	e.want(t, "in the place of all", "new", 3, "")
	if long != 2 {
		t.Errorf("told %d times", long)
	}
	e.SetMaxBytes(0)
	e.SetMaxGraphemes(4)
	e.Insert("👨‍👩‍👧‍👦👨‍👩‍👧‍👦")
	e.want(t, "by graphemes", "new👨‍👩‍👧‍👦", 10, "")
	e.Disable()
	typeIn(e, "x")
	e.press(fyne.KeyBackspace)
	e.TypedShortcut(&fyne.ShortcutUndo{})
	e.want(t, "disabled", "new👨‍👩‍👧‍👦", 10, "")
}

func TestEditorGrows(t *testing.T) {
	e := newTestEditor(t, 3, 300)
	var heights []float32
	e.OnHeight = func(h float32) { heights = append(heights, h) }
	line := theme.Body.LineHeight
	e.Resize(fyne.NewSize(300, line))
	for range 4 {
		typeIn(e, "x\n")
	}
	if want := []float32{2 * line, 3 * line}; !slices.Equal(heights, want) {
		t.Errorf("heights %v, want %v", heights, want)
	}
	e.Resize(fyne.NewSize(300, 3*line))
	if _, y := e.caretPlace(); y-e.scrollY != 2*line {
		t.Errorf("caret at %v, scrolled by %v", y, e.scrollY)
	}
	e.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1000)})
	if e.scrollY != 0 || e.caretBar.Visible() {
		t.Errorf("scrolled to %v, caret visible %t", e.scrollY, e.caretBar.Visible())
	}
	e.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1000)})
	if e.scrollY != 2*line {
		t.Errorf("scrolled to %v", e.scrollY)
	}
	e.SetText("")
	if got := heights[len(heights)-1]; got != line || e.HeightFor(100) != line {
		t.Errorf("empty, height %v", got)
	}
}

// TestEditorShortcutsPass: a window keeps its shortcuts while somebody writes.
func TestEditorShortcutsPass(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	k := &desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl}
	got := 0
	canvasOf(e).AddShortcut(k, func(fyne.Shortcut) { got++ })
	e.TypedShortcut(k)
	if got != 1 {
		t.Error("the window did not get its shortcut")
	}
}

// TestEditorKeysPass: Escape belongs to the window.
func TestEditorKeysPass(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	var got []fyne.KeyName
	canvasOf(e).SetOnTypedKey(func(k *fyne.KeyEvent) { got = append(got, k.Name) })
	e.press(fyne.KeyEscape, fyne.KeyLeft, fyne.KeyF1)
	if !slices.Equal(got, []fyne.KeyName{fyne.KeyEscape, fyne.KeyF1}) {
		t.Errorf("the window got %v", got)
	}
}

// TestEditorMenu: the menu offers what can be done at the moment.
func TestEditorMenu(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	able := func() (out []bool) {
		for _, m := range e.menuItems() {
			out = append(out, !m.Disabled)
		}
		return out
	}
	if got := able(); !slices.Equal(got, []bool{false, false, true, false}) {
		t.Errorf("empty: %v", got)
	}
	e.SetText("abc")
	e.SelectAll()
	if got := able(); !slices.Equal(got, []bool{true, true, true, true}) {
		t.Errorf("selected: %v", got)
	}
	for _, m := range e.menuItems()[1:3] {
		e.press(fyne.KeyEnd)
		e.SelectAll()
		m.Action()
	}
	e.press(fyne.KeyEnd)
	e.Paste()
	e.want(t, "copied and pasted twice", "abcabc", 6, "")
	e.Disable()
	e.SelectAll()
	if got := able(); !slices.Equal(got, []bool{false, true, false, true}) {
		t.Errorf("disabled: %v", got)
	}
	e.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(10, 10)})
	if canvasOf(e).Overlays().Top() == nil {
		t.Error("no menu opened")
	}
}

func TestEditorEmpty(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	e.press(fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd)
	e.SetPlaceholder("اكتب رسالة")
	if x, _ := e.caretPlace(); x != 300 {
		t.Errorf("caret at %v before an Arabic placeholder", x)
	}
	e.MouseDown(mouse(100, 5, desktop.MouseButtonPrimary, 0))
	e.want(t, "click on the placeholder", "", 0, "")
	e.SetPlaceholder("")
	theme.SetRTL(true)
	defer theme.SetRTL(false)
	e.Refresh()
	if x, _ := e.caretPlace(); x != 300 {
		t.Errorf("caret at %v in a mirrored interface", x)
	}
}

func TestBlink(t *testing.T) {
	time := holdTime(t)
	var shown []bool
	b := &blinker{show: func(on bool) { shown = append(shown, on) }}
	b.restart(true)
	for range 100 {
		time.pass(blinkPeriod)
	}
	if n := len(shown); n != int(blinkFor/blinkPeriod) || shown[0] || !shown[1] || !shown[n-1] {
		t.Errorf("%d blinks: %v", n, shown)
	}
	before := len(shown)
	b.restart(true)
	time.pass(blinkPeriod)
	time.pass(blinkPeriod)
	b.stop()
	time.pass(blinkPeriod)
	if n := len(shown); n != before+2 {
		t.Errorf("%d blinks in two periods", n-before)
	}
}

func TestEditorFocus(t *testing.T) {
	e := newTestEditor(t, 6, 300)
	var focus []bool
	e.OnFocus = func(on bool) { focus = append(focus, on) }
	if !e.caretBar.Visible() || e.blink.left == 0 {
		t.Error("no caret with the keyboard")
	}
	canvasOf(e).Unfocus()
	if e.caretBar.Visible() || e.blink.left != 0 || !slices.Equal(focus, []bool{false}) {
		t.Errorf("caret %t without the keyboard; told %v", e.caretBar.Visible(), focus)
	}
	e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftRight})
	e.FocusLost()
	if e.shift {
		t.Error("Shift is held after the keyboard went")
	}
}
