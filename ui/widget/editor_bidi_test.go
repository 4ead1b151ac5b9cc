package widget

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// mixed are texts of one line that hold what a field of a name, a search or an address
// may: two directions, numbers, addresses, emoji of several code points.
var mixed = []string{
	"Claire (أحمد) 12",
	"أحمد بن علي <ahmed@example.tn>",
	"שלום 15:00 Opéra 👨‍👩‍👧‍👦 סוף",
	"a👍🏽b🇫🇷🇹🇳c",
	"abc אבג",
	"+33 6 12 مكتب",
}

// eachEditor runs f over an editor of each kind: of several lines, of one, in a field.
func eachEditor(t *testing.T, f func(t *testing.T, e *editable)) {
	for name, make := range map[string]func() (fyne.CanvasObject, *editable){
		"lines": func() (fyne.CanvasObject, *editable) { e := NewEditor(6); return e, &e.editable },
		"line":  func() (fyne.CanvasObject, *editable) { e := NewLine(); return e, &e.editable },
		"field": func() (fyne.CanvasObject, *editable) { f := NewField("", ""); return f, &f.edit.editable },
	} {
		t.Run(name, func(t *testing.T) {
			test.NewTempApp(t)
			o, e := make()
			w := test.NewTempWindow(t, o)
			w.Resize(fyne.NewSize(420, 200))
			w.Canvas().Focus(e.self.(fyne.Focusable))
			f(t, e)
		})
	}
}

// TestArrowsMoveAsSeen presses Right from the left end of each text to its right end, and
// Left back: the caret moves that way each time, over whole letters and emoji, and both
// together reach each place.
func TestArrowsMoveAsSeen(t *testing.T) {
	eachEditor(t, func(t *testing.T, e *editable) {
		for _, s := range mixed {
			e.SetText(s)
			leftEnd, rightEnd := fyne.KeyHome, fyne.KeyEnd
			if e.paragraphRTL() {
				leftEnd, rightEnd = rightEnd, leftEnd
			}
			reached := map[int]bool{}
			for _, way := range []struct{ from, press fyne.KeyName }{{leftEnd, fyne.KeyRight}, {rightEnd, fyne.KeyLeft}} {
				e.press(way.from)
				for range text.Graphemes(s) {
					reached[e.caret] = true
					before, _ := e.caretPlace()
					e.press(way.press)
					after, _ := e.caretPlace()
					if (way.press == fyne.KeyRight) != (after > before) || after == before {
						t.Errorf("%q: %s moves from %v to %v", s, way.press, before, after)
					}
					if b := e.layout(); b.Stop(e.caret) != e.caret {
						t.Errorf("%q: the caret is at %d, within an emoji", s, e.caret)
					}
				}
				reached[e.caret] = true
			}
			for i, b := 0, e.layout(); i < len(e.runes); i = b.Next(i) {
				if !reached[i] {
					t.Errorf("%q: %d is not reached", s, i)
				}
			}
		}
	})
}

// TestHomeAndEndAreSeenAtTheEdges: on every line the caret stands at its two ends, also
// where a word of the other direction begins or ends it.
func TestHomeAndEndAreSeenAtTheEdges(t *testing.T) {
	eachEditor(t, func(t *testing.T, e *editable) {
		for _, s := range append([]string{"12 אבג", "abc 12 אבג דה"}, mixed...) {
			e.SetText(s)
			l := e.layout().Lines[0]
			left, right := l.X, l.X+l.Width
			for name, want := range map[fyne.KeyName]float32{fyne.KeyHome: left, fyne.KeyEnd: right} {
				if l.ReadsRTL() {
					want = left + right - want
				}
				e.press(name)
				if x, _ := e.caretPlace(); x-want > 0.1 || want-x > 0.1 {
					t.Errorf("%q: %s leads to %v, want %v", s, name, x, want)
				}
			}
		}
	})
}

// TestWordsAsTheParagraphReads: with the key for words held, Left goes on in Arabic.
func TestWordsAsTheParagraphReads(t *testing.T) {
	eachEditor(t, func(t *testing.T, e *editable) {
		e.SetText("مرحبا يا Claire اليوم")
		e.chord(wordKey, fyne.KeyHome)
		for _, want := range []int{5, 8, 15, 21} {
			if e.chord(wordKey, fyne.KeyLeft); e.caret != want {
				t.Errorf("to %d, want %d", e.caret, want)
			}
		}
		e.chord(wordKey|fyne.KeyModifierShift, fyne.KeyRight)
		if got := e.SelectedText(); got != "اليوم" {
			t.Errorf("selected %q", got)
		}
		e.chord(wordKey, fyne.KeyBackspace)
		e.want(t, "deleted", "مرحبا يا Claire ", 16, "")
		e.TypedShortcut(&fyne.ShortcutUndo{})
		e.want(t, "undone", "مرحبا يا Claire اليوم", 16, "اليوم")
		e.TypedShortcut(&fyne.ShortcutRedo{})
		e.want(t, "done again", "مرحبا يا Claire ", 16, "")
	})
}

// TestDoubleClickTakesTheWordUnderIt: on both halves of each letter, in both directions.
func TestDoubleClickTakesTheWordUnderIt(t *testing.T) {
	eachEditor(t, func(t *testing.T, e *editable) {
		now := time.Unix(0, 0)
		e.clicks.now = func() time.Time { return now }
		const s = "one אחת two שתיים"
		e.SetText(s)
		for from, word := range map[int]string{0: "one", 4: "אחת", 8: "two", 12: "שתיים"} {
			for i := from; i < from+len([]rune(word)); i++ {
				r := e.layout().Select(i, i+1)[0]
				for _, x := range []float32{r.X + r.W/4, r.X + r.W*3/4} {
					now = now.Add(time.Hour)
					for range 2 {
						e.MouseDown(mouse(x+e.offset(), 5, desktop.MouseButtonPrimary, 0))
					}
					if got := e.SelectedText(); got != word {
						t.Errorf("letter %d at %v: %q, want %q", i, x, got, word)
					}
				}
			}
		}
	})
}

// TestThreadDoubleClickTakesTheWordUnderIt is the same in a bubble.
func TestThreadDoubleClickTakesTheWordUnderIt(t *testing.T) {
	th, s := newTestThread(t, 1, 1)
	s.all[0].Text = "one אחת two"
	th.Changed()
	r := th.order[0]
	for from, word := range map[int]string{0: "one", 4: "אחת", 8: "two"} {
		for i := from; i < from+3; i++ {
			box := r.b.text.Select(i, i+1)[0]
			for _, x := range []float32{box.X + box.W/4, box.X + box.W*3/4} {
				th.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(r.x+r.b.textX+x, r.y+r.b.textY+5)})
				if got := th.SelectedText(); got != word {
					t.Errorf("letter %d at %v: %q, want %q", i, x, got, word)
				}
			}
		}
	}
}

// TestThreadSelectionAcrossDirections: from the middle of an Arabic bubble to the middle of
// a mixed one, what is marked is what is copied.
func TestThreadSelectionAcrossDirections(t *testing.T) {
	th, s := newTestThread(t, 3, 3)
	s.all[0].Text, s.all[1].Text, s.all[2].Text = "السلام عليكم", "👨‍👩‍👧‍👦", "I said שלום to all"
	th.Changed()
	at := func(r *threadRow, i int) fyne.Position {
		x, y := r.b.text.CaretBeside(i, text.SideAfter)
		return fyne.NewPos(r.x+r.b.textX+x, r.y+r.b.textY+y+5)
	}
	for _, way := range []struct{ from, to fyne.Position }{
		{at(th.order[0], 7), at(th.order[2], 9)}, {at(th.order[2], 9), at(th.order[0], 7)},
	} {
		dragOver(th, way.from, way.to)
		if got, want := th.SelectedText(), "عليكم\n👨‍👩‍👧‍👦\nI said של"; got != want {
			t.Errorf("selected %q, want %q", got, want)
		}
	}
	// "I said " from the left, then the first two letters of the Hebrew word, at its right.
	if n := len(th.order[2].marks); n != 2 {
		t.Errorf("%d rectangles in the mixed bubble, want 2", n)
	}
}

// TestEveryFieldIsOurs: nothing in the window that takes words is a field of the toolkit,
// which shows mixed text scrambled. The passphrase, which is not shown, is the exception.
func TestEveryFieldIsOurs(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && filepath.Base(path) != "passphrase.go" &&
				(strings.HasSuffix(sel.Sel.Name, "Entry") || sel.Sel.Name == "NewMultiLineEntry") {
				if x, ok := sel.X.(*ast.Ident); ok && strings.Contains(x.Name, "widget") {
					t.Errorf("%s uses %s.%s", path, x.Name, sel.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files: %v", files, err)
	}
}

// TestLineTakesNoBreak: neither by the keyboard nor by pasting.
func TestLineTakesNoBreak(t *testing.T) {
	test.NewTempApp(t)
	e := NewLine()
	test.NewTempWindow(t, e).Resize(fyne.NewSize(100, 40))
	sent := ""
	e.OnSubmit = func(s string) { sent = s }
	e.Insert("one\ntwo")
	e.withShift(fyne.KeyReturn)
	if e.Text() != "one two" || sent != "one two" || e.HeightFor(40) != theme.Body.LineHeight {
		t.Errorf("%q, sent %q, %v high", e.Text(), sent, e.HeightFor(40))
	}
}
