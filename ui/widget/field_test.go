package widget

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

var updateGolden = flag.Bool("update-text", false, "rewrite the golden images of labels, fields and editors")

func newTestField(t *testing.T) *Field {
	t.Helper()
	test.NewTempApp(t)
	f := NewField("Your name", "Your contacts see it.")
	w := test.NewTempWindow(t, f)
	w.Resize(fyne.NewSize(300, 120))
	return f
}

func TestField(t *testing.T) {
	f := newTestField(t)
	var changed, sent []string
	var focus []bool
	f.OnChanged = func(s string) { changed = append(changed, s) }
	f.OnSubmit = func(s string) { sent = append(sent, s) }
	f.OnFocus = func(on bool) { focus = append(focus, on) }
	f.MouseDown(mouse(5, 40, desktop.MouseButtonPrimary, 0))
	if len(focus) != 1 || !f.edit.Focused() || !f.focused {
		t.Fatal("a click beside the text does not give it the keyboard")
	}
	typeIn(f.edit, "Claire")
	f.edit.Insert("\n\tF.")
	f.edit.press(fyne.KeyReturn)
	if f.Text() != "Claire  F." || len(changed) != 7 || len(sent) != 1 || sent[0] != f.Text() {
		t.Errorf("text %q, changes %q, sent %q", f.Text(), changed, sent)
	}
	f.Disable()
	typeIn(f.edit, "x")
	if f.Text() != "Claire  F." || !f.Disabled() {
		t.Error("a disabled field takes text")
	}
}

// TestFieldError: an error takes the hint's place and moves nothing.
func TestFieldError(t *testing.T) {
	f := newTestField(t)
	before := f.MinSize()
	f.SetError("That name is too long.")
	if f.MinSize() != before {
		t.Errorf("size %v with an error, %v without", f.MinSize(), before)
	}
	if f.below.Text() != "That name is too long." || !f.warning.Visible() || f.box.StrokeColor != theme.Current().Danger {
		t.Errorf("below: %q, glyph %t, edge %v", f.below.Text(), f.warning.Visible(), f.box.StrokeColor)
	}
	f.SetError("")
	if f.below.Text() != "Your contacts see it." || f.warning.Visible() || f.box.StrokeColor != theme.Current().Field {
		t.Errorf("below: %q, glyph %t, edge %v", f.below.Text(), f.warning.Visible(), f.box.StrokeColor)
	}
	f.SetLabel("")
	f.SetHintLines(0)
	if got := f.MinSize().Height; got != theme.FieldHeight() {
		t.Errorf("height of the box alone %v", got)
	}
}

// TestFieldScrolls: in a text longer than the field the caret stays in view, in
// both directions.
func TestFieldScrolls(t *testing.T) {
	f := newTestField(t)
	room := f.edit.Size().Width
	for _, s := range []string{"The quick brown fox jumps over the lazy dog again", "نص عربي طويل لا يتسع له الحقل مهما كان عرضه هنا"} {
		f.SetText(s)
		for _, key := range []fyne.KeyName{fyne.KeyHome, fyne.KeyEnd} {
			f.edit.press(key)
			x, _ := f.edit.caretPlace()
			if at := x - f.edit.scrollX; f.edit.layout().Width <= room || at < -0.1 || at > room+0.1 {
				t.Errorf("%s: caret at %v of %v", key, at, room)
			}
		}
	}
	// Trailing white space moves the caret.
	f.SetText("a")
	x, _ := f.edit.caretPlace()
	typeIn(f.edit, " ")
	if after, _ := f.edit.caretPlace(); after <= x {
		t.Errorf("caret at %v before a space, %v after it", x, after)
	}
}

func TestLabel(t *testing.T) {
	test.NewTempApp(t)
	l := NewLabel("one two three four five six seven", &theme.Body, InkMain)
	w := test.NewTempWindow(t, container.NewWithoutLayout(l))
	w.Resize(fyne.NewSize(400, 200))
	natural := l.NaturalWidth()
	l.Resize(fyne.NewSize(100, l.HeightFor(100)))
	if h := l.MinSize().Height; h != l.HeightFor(100) || h < 3*theme.Body.LineHeight || natural < 200 {
		t.Errorf("height %v, natural width %v", h, natural)
	}
	if l.MinSize().Width > 1 {
		t.Error("a label pushes its surroundings apart")
	}
	l.SetMaxLines(1)
	if l.HeightFor(100) != theme.Body.LineHeight || !l.Truncated() {
		t.Errorf("one line is %v high, truncated %t", l.HeightFor(100), l.Truncated())
	}
	theme.SetScale(2)
	defer theme.SetScale(1)
	if l.HeightFor(100) != theme.Body.LineHeight || theme.Body.LineHeight != 44 {
		t.Error("a label does not follow the text size")
	}
	theme.SetMode(theme.ModeDark)
	defer theme.SetMode(theme.ModeLight)
	l.Refresh()
	if l.view.ink != theme.Dark.Ink {
		t.Error("a label does not follow the palette")
	}
}

// sameAs compares a picture with one kept, to the last bit.
func sameAs(t *testing.T, name string, got image.Image) {
	t.Helper()
	path := "testdata/" + name + ".png"
	var buf bytes.Buffer
	if err := png.Encode(&buf, got); err != nil {
		t.Fatal(err)
	}
	if *updateGolden {
		if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s: %v, want %v", name, got.Bounds(), want.Bounds())
	}
	differ := 0
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			r, g, b, _ := got.At(x, y).RGBA()
			r2, g2, b2, _ := want.At(x, y).RGBA()
			if r>>8 != r2>>8 || g>>8 != g2>>8 || b>>8 != b2>>8 {
				differ++
			}
		}
	}
	if differ > 0 {
		t.Errorf("%s: %d pixels differ", name, differ)
	}
}

// stage lays widgets out one under the other and takes a picture.
func stage(t *testing.T, scale float32, focus fyne.Focusable, widgets ...fyne.CanvasObject) image.Image {
	t.Helper()
	const width, gap = 320, 12
	paper := canvas.NewRectangle(theme.Current().Paper)
	all := container.NewWithoutLayout(append([]fyne.CanvasObject{paper}, widgets...)...)
	w := test.NewTempWindow(t, all)
	w.SetPadded(false)
	w.Canvas().(test.WindowlessCanvas).SetScale(scale)
	y := float32(gap)
	for _, o := range widgets {
		o.Resize(fyne.NewSize(width-2*gap, o.MinSize().Height))
		o.Resize(fyne.NewSize(width-2*gap, o.MinSize().Height)) // now that its width is known
		o.Move(fyne.NewPos(gap, y))
		y += o.Size().Height + gap
	}
	w.Resize(fyne.NewSize(width, y))
	paper.Resize(fyne.NewSize(width, y))
	if focus != nil {
		w.Canvas().Focus(focus)
	}
	return w.Canvas().Capture()
}

func TestTextGolden(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New())
	defer func() {
		theme.SetMode(theme.ModeLight)
		theme.SetRTL(false)
	}()
	for _, look := range []struct {
		name  string
		mode  theme.Mode
		rtl   bool
		scale float32
	}{{"light", theme.ModeLight, false, 1}, {"dark", theme.ModeDark, true, 1}, {"fine", theme.ModeLight, false, 1.5}} {
		theme.SetMode(look.mode)
		theme.SetRTL(look.rtl)

		e := NewEditor(6)
		e.SetText("مرحباً أحمد، أرسلت لك report-v2.pdf (النسخة الأخيرة) الساعة 10:30 👨‍👩‍👧‍👦 هل قرأتها؟\nSecond « paragraph ». ")
		e.selectSpan(20, 62)
		typed := NewEditor(6)
		typed.SetText("سلام abc")
		empty := NewEditor(6)
		empty.SetPlaceholder("Write to Claire")
		sameAs(t, "editor-"+look.name, stage(t, look.scale, typed, e, typed, empty))

		plain := NewField("Your name", "Your contacts see it. You can change it.")
		plain.SetPlaceholder("Claire")
		written := NewField("Your name", "Your contacts see it. You can change it.")
		written.SetText("أحمد Fontaine")
		wrong := NewField("اسمك", "")
		wrong.SetError("هذا الاسم أطول مما يجب.")
		off := NewField("Your name", "")
		off.SetText("Claire")
		off.Disable()
		label := NewLabel("He said \"السلام عليكم\" and then 25 others (including أحمد) replied.", &theme.Small, InkSecond)
		sameAs(t, "field-"+look.name, stage(t, look.scale, written.Focusable(), plain, written, wrong, off, label))
	}
}
