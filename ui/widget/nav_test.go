package widget

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

func stroke(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestNavListByKeyboard(t *testing.T) {
	test.NewTempApp(t)
	var chosen []int
	l := NewNavList(func(i int) { chosen = append(chosen, i) }, NavItem{Label: "One"}, NavItem{Label: "Two", Detail: "MIT"}, NavItem{Icon: theme.IconLock, Label: "Three"})
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(300, 300))
	c := w.Canvas()
	c.Focus(l.Focusable())
	for _, k := range []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown} {
		c.Focused().TypedKey(stroke(k))
	}
	if len(chosen) != 2 || chosen[1] != 2 || c.Focused() != fyne.Focusable(l.lines[2]) {
		t.Fatalf("chosen %v, focus on %v", chosen, c.Focused())
	}
	// Where the list stands alone, the keys only move on.
	l.Mark(false)
	c.Focused().TypedKey(stroke(fyne.KeyUp))
	if len(chosen) != 2 {
		t.Errorf("chosen %v", chosen)
	}
	c.Focused().TypedKey(stroke(fyne.KeyReturn))
	if len(chosen) != 3 || chosen[2] != 1 {
		t.Errorf("chosen %v", chosen)
	}
}

func TestSwitchByPointerAndKeyboard(t *testing.T) {
	test.NewTempApp(t)
	var told []bool
	s := NewSwitch("Tell", "What others learn.", func(on bool) { told = append(told, on) })
	test.Tap(s)
	s.TypedKey(stroke(fyne.KeySpace))
	s.Disable()
	test.Tap(s)
	s.Set(true)
	if len(told) != 2 || !told[0] || told[1] || !s.On() {
		t.Errorf("told %v, on %t", told, s.On())
	}
	if wide, narrow := s.HeightFor(400), s.HeightFor(120); narrow <= wide {
		t.Errorf("%g high at 400, %g at 120: the text does not wrap", wide, narrow)
	}
}

func TestDotsExplainThemselves(t *testing.T) {
	test.NewTempApp(t)
	var at fyne.Position
	b := NewDotsButton(2, theme.DotHeader, "Met in person", func(p fyne.Position) { at = p })
	w := test.NewTempWindow(t, b)
	w.Resize(fyne.NewSize(200, 100))
	w.Canvas().Focus(b)
	b.TypedKey(stroke(fyne.KeyReturn))
	if at.Y <= b.Size().Height {
		t.Errorf("asked at %v, on top of the dots", at)
	}
	p := ShowPopover(w.Canvas(), at, "Met in person", "Your card was read.")
	if w.Canvas().Focused() != fyne.Focusable(p) {
		t.Error("the card has not the keyboard")
	}
	p.TypedKey(stroke(fyne.KeyA))
	if w.Canvas().Overlays().Top() != nil || w.Canvas().Focused() != fyne.Focusable(b) {
		t.Errorf("after a key: overlay %v, focus on %v", w.Canvas().Overlays().Top(), w.Canvas().Focused())
	}
}

func TestRail(t *testing.T) {
	test.NewTempApp(t)
	chosen := -1
	r := NewRail(func(i int) { chosen = i }, 0, RailItem{"1", "Profile 1"}, RailItem{"B", "Bureau"})
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(theme.RailWidth, 400))
	w.Canvas().FocusNext()
	w.Canvas().FocusNext()
	w.Canvas().Focused().TypedKey(stroke(fyne.KeyReturn))
	if chosen != 1 {
		t.Errorf("chosen %d", chosen)
	}
	r.Rename(1, RailItem{"T", "Tunis"})
	r.Rename(2, RailItem{"X", "nobody"})
	if r.stops[1].item.Sign != "T" || r.stops[1].word != "Tunis" {
		t.Errorf("shown as %+v", r.stops[1].item)
	}
}

// TestTheWheelScrollsOverAPassphrase: the toolkit's entry would take the wheel for itself.
func TestTheWheelScrollsOverAPassphrase(t *testing.T) {
	test.NewTempApp(t)
	clear(scrollBoxes) // the test driver takes every object to be in the newest window
	f := NewPassphraseField("Passphrase", "")
	tall := canvas.NewRectangle(transparent)
	tall.SetMinSize(fyne.NewSize(1, 1000))
	b := NewScrollBox(container.NewVBox(f, tall))
	w := test.NewTempWindow(t, b)
	w.Resize(fyne.NewSize(400, 300))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(f.entry).AddXY(20, 10)
	test.Scroll(w.Canvas(), at, 0, -60)
	if b.offset != 60 {
		t.Errorf("scrolled by %g", b.offset)
	}
}
