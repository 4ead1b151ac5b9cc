package widget

import (
	"fmt"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

// eachLook runs f in light, in dark mirrored, and with large text.
func eachLook(t *testing.T, f func(t *testing.T, name string)) {
	for _, look := range []struct {
		name  string
		mode  theme.Mode
		rtl   bool
		scale float32
	}{{"light", theme.ModeLight, false, 1}, {"dark-rtl", theme.ModeDark, true, 1}, {"large", theme.ModeLight, false, 2}} {
		t.Run(look.name, func(t *testing.T) {
			test.NewTempApp(t)
			theme.SetMode(look.mode)
			theme.SetRTL(look.rtl)
			theme.SetScale(look.scale)
			t.Cleanup(func() { theme.SetMode(theme.ModeSystem); theme.SetRTL(false); theme.SetScale(1) })
			f(t, look.name)
		})
	}
}

// paperWindow is a window with nothing on it.
func paperWindow(t *testing.T, size fyne.Size) fyne.Window {
	w := test.NewWindow(canvas.NewRectangle(theme.Current().Paper))
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(size)
	return w
}

func TestEmojiPickerLooks(t *testing.T) {
	eachLook(t, func(t *testing.T, name string) {
		w := paperWindow(t, fyne.NewSize(440, 420))
		p := ShowEmojiPicker(w.Canvas(), fyne.NewPos(400, 20), []string{"🧭", "❤️"}, func(string) {})
		p.key(&fyne.KeyEvent{Name: fyne.KeyDown})
		p.key(&fyne.KeyEvent{Name: fyne.KeyDown})
		compareGolden(t, filepath.Join("testdata", "emoji-"+name+".png"), w.Canvas().Capture())
	})
}

func TestQuickReactionsLook(t *testing.T) {
	eachLook(t, func(t *testing.T, name string) {
		w := paperWindow(t, fyne.NewSize(320, 80))
		q := ShowQuickReactions(w.Canvas(), fyne.NewPos(20, 18), nil, func(s string) bool { return s == "😂" }, func(string) {})
		q.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		compareGolden(t, filepath.Join("testdata", "quick-"+name+".png"), w.Canvas().Capture())
	})
}

func TestPictureViewerLooks(t *testing.T) {
	eachLook(t, func(t *testing.T, name string) {
		w := paperWindow(t, fyne.NewSize(560, 400))
		v := NewPictureViewer()
		v.OnStep, v.OnSave = func(int) {}, func() {}
		v.SetPicture("Enquête sur les marchés publics, deuxième partie, page 14.jpg", photograph(900, 600))
		w.SetContent(v)
		w.Resize(fyne.NewSize(560, 400))
		compareGolden(t, filepath.Join("testdata", "viewer-"+name+".png"), w.Canvas().Capture())
	})
}

func TestEmojiPickerByKeyboard(t *testing.T) {
	test.NewTempApp(t)
	w := paperWindow(t, fyne.NewSize(440, 420))
	var picked []string
	p := ShowEmojiPicker(w.Canvas(), fyne.NewPos(0, 0), []string{"🧭"}, func(s string) { picked = append(picked, s) })
	if w.Canvas().Focused() != p.Focusable() {
		t.Fatal("the field has not the keyboard")
	}
	// Fyne looks for something under the pointer that takes the keyboard, and finds the plate.
	w.Canvas().Focus(w.Canvas().Overlays().Top().(fyne.Focusable))
	if w.Canvas().Focused() != p.Focusable() {
		t.Fatal("the plate keeps the keyboard for itself")
	}
	press := func(n fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: n}) }
	press(fyne.KeyReturn)
	if len(picked) != 0 {
		t.Error("Enter picked before anything was marked")
	}
	press(fyne.KeyDown)
	if m := p.grid.marked(); m == nil || m.Text != "🧭" {
		t.Errorf("the one used lately is not the first: %v", m)
	}
	test.Type(p.Focusable(), "heart eyes")
	press(fyne.KeyReturn)
	if fmt.Sprint(picked) != "[😍]" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("picked %v", picked)
	}
}

func TestEmojiPickerByPointer(t *testing.T) {
	test.NewTempApp(t)
	w := paperWindow(t, fyne.NewSize(440, 420))
	picked := ""
	p := ShowEmojiPicker(w.Canvas(), fyne.NewPos(0, 0), nil, func(s string) { picked = s })
	g := p.grid
	g.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -2*g.cell())})
	g.Tapped(&fyne.PointEvent{Position: fyne.NewPos(1.5*g.cell(), g.cell()/2)})
	if want := g.all[2*gridColumns+1].Text; picked != want {
		t.Errorf("picked %q, want %q", picked, want)
	}
	p = ShowEmojiPicker(w.Canvas(), fyne.NewPos(0, 0), nil, func(string) {})
	test.Type(p.Focusable(), "zzz")
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	p.grid.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -500)})
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape did not close it")
	}
}

func TestQuickReactions(t *testing.T) {
	test.NewTempApp(t)
	w := paperWindow(t, fyne.NewSize(440, 420))
	picked := ""
	q := ShowQuickReactions(w.Canvas(), fyne.NewPos(0, 0), nil, nil, func(s string) { picked = s })
	for range 9 {
		q.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	q.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	q.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if picked != DefaultReactions[5] {
		t.Errorf("picked %q", picked)
	}
	q = ShowQuickReactions(w.Canvas(), fyne.NewPos(0, 0), nil, nil, func(s string) { picked = s })
	q.Tapped(&fyne.PointEvent{Position: fyne.NewPos(quickPad+6.5*theme.IconButtonSize, 10)})
	if o, ok := w.Canvas().Overlays().Top().(*floating); !ok {
		t.Error("more opens no picker")
	} else if _, ok := o.content.(*EmojiPicker); !ok {
		t.Errorf("more opens %T", o.content)
	}
}

func TestPictureViewer(t *testing.T) {
	test.NewTempApp(t)
	w := paperWindow(t, fyne.NewSize(560, 400))
	v := NewPictureViewer()
	w.SetContent(v)
	closed, stepped := 0, 0
	v.OnClose, v.OnStep = func() { closed++ }, func(by int) { stepped += by }
	v.SetPicture("a.png", photograph(100, 50))
	w.Canvas().Focus(v)
	if s := v.view.Size(); s != fyne.NewSize(100, 50) {
		t.Errorf("a small picture is shown %v", s)
	}
	v.SetPicture("b.png", photograph(4000, 1000))
	if s := v.view.Size(); s.Width > 560 || s.Height*4-s.Width > 1 || s.Width-s.Height*4 > 1 {
		t.Errorf("a large picture is shown %v", s)
	}
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyEscape} {
		v.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if closed != 1 || stepped != 1 {
		t.Errorf("closed %d, stepped %d", closed, stepped)
	}
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(280, 220)})
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(280, 390)})
	if closed != 2 {
		t.Errorf("closed %d: only a press beside the picture closes", closed)
	}
}
