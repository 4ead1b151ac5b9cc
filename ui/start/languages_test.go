package start

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

func sentence(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestLanguagesInTheCorner: hidden until offered; then each is there by its own name, the
// one in force cannot be chosen, and none stands over the form at any width and scale.
func TestLanguagesInTheCorner(t *testing.T) {
	test.NewTempApp(t)
	t.Cleanup(func() { lang.Use("en"); theme.SetRTL(false); theme.SetScale(1) })
	for _, tag := range []string{"en", "fr", "ar"} {
		lang.Use(tag)
		theme.SetRTL(lang.RTL())
		for _, scale := range []float32{0.8, 1, 2} {
			theme.SetScale(scale)
			v := NewFirstView(NewFirst(nil, nil), sentence, nil)
			w := test.NewTempWindow(t, v.Page)
			w.SetPadded(false)
			if v.languages.flow.Visible() {
				t.Fatal("languages stand there before anybody listens")
			}
			chosen := ""
			v.ShowLanguages(func(tag string) { chosen = tag })
			for _, size := range []fyne.Size{fyne.NewSize(theme.WindowMinWidth, theme.WindowMinHeight), fyne.NewSize(1080, 720)} {
				w.Resize(size)
				flow := v.languages.flow
				if bottom := flow.Position().Y + flow.Size().Height; bottom > v.column.Position().Y {
					t.Errorf("%s at %v, %v: the languages end at %v, the form begins at %v", tag, scale, size, bottom, v.column.Position().Y)
				}
				if x, end := flow.Position().X, flow.Position().X+flow.Size().Width; x < 0 || end > size.Width {
					t.Errorf("%s at %v, %v: from %v to %v", tag, scale, size, x, end)
				}
			}
			for i, b := range v.languages.each {
				of := v.languages.offer[i]
				if b.Label() != of.Name || b.Disabled() != (of.Tag == tag) {
					t.Errorf("%s: %q, disabled %t", tag, b.Label(), b.Disabled())
				}
				if test.Tap(b); !b.Disabled() && chosen != of.Tag {
					t.Errorf("%s: chose %q", of.Tag, chosen)
				}
			}
		}
	}
}

// TestFormKeepsWhatWasTyped: another view of the same form, in another language, has all of it.
func TestFormKeepsWhatWasTyped(t *testing.T) {
	test.NewTempApp(t)
	f := NewFirst(nil, nil)
	NewFirstView(f, sentence, nil)
	f.SetName("Claire")
	f.SetPassphrase("correct horse")
	f.SetAgain("correct")
	v := NewFirstView(f, sentence, nil)
	if v.name.Text() != "Claire" || v.passphrase.Text() != "correct horse" || v.again.Text() != "correct" || !v.again.Visible() {
		t.Errorf("%q, %q, %q", v.name.Text(), v.passphrase.Text(), v.again.Text())
	}
	words := f.Suggest()
	v = NewFirstView(f, sentence, nil)
	if !f.Suggested || v.passphrase.Text() != words || v.words.Text() != words || v.again.Visible() {
		t.Errorf("proposed %q, shown %q, to be typed again: %t", words, v.words.Text(), v.again.Visible())
	}
	u := NewUnlock(nil, nil)
	NewUnlockView(u, "", sentence)
	u.SetPassphrase("half")
	if v := NewUnlockView(u, "", sentence); v.passphrase.Text() != "half" || v.open.Disabled() {
		t.Errorf("%q, disabled %t", v.passphrase.Text(), v.open.Disabled())
	}
}
