package start

import (
	"context"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/ui/widget"
)

// TestMain has no widget do anything later by itself: Fyne's test driver has no thread
// that its timers could come back to.
func TestMain(m *testing.M) {
	widget.Later = func(time.Duration, func()) func() { return func() {} }
	os.Exit(m.Run())
}

// TestChangeViewSaysThatItIsDone: emptying the fields afterwards is no editing.
func TestChangeViewSaysThatItIsDone(t *testing.T) {
	test.NewTempApp(t)
	c := NewChange(func(w func(context.Context) func()) { w(t.Context())() }, func() string { return "" },
		func(context.Context, string, string) error { return nil })
	v := NewChangeView(c, func(err error) string {
		if err == nil {
			return ""
		}
		return err.Error()
	}, func(string) {})
	v.old.SetText("the old one")
	v.passphrase.SetText(good)
	v.again.SetText(good)
	c.Submit()
	if !c.Done || !v.done.Visible() {
		t.Error("it is not said")
	}
	if old, passphrase, again := c.Texts(); old+passphrase+again+v.old.Text()+v.passphrase.Text()+v.again.Text() != "" {
		t.Error("passphrases are kept")
	}
	v.old.SetText("x")
	if c.Done || v.done.Visible() {
		t.Error("it is said on")
	}
}

// TestFirstViewEnter: Enter in a passphrase that will do leads to the field where it is typed
// again, and is no mistake.
func TestFirstViewEnter(t *testing.T) {
	test.NewTempApp(t)
	m := &made{}
	f := NewFirst(func(w func(context.Context) func()) { w(t.Context())() }, m.create)
	v := NewFirstView(f, func(err error) string {
		if err == nil {
			return ""
		}
		return err.Error()
	}, func(string) {})
	w := test.NewTempWindow(t, v.Page)
	w.Resize(fyne.NewSize(600, 900))
	v.FocusOn(w.Canvas())
	v.name.SetText("Amina")
	v.passphrase.SetText("password")
	v.passphrase.OnSubmitted("password")
	if w.Canvas().Focused() == v.again.Input() || f.PassphraseErr == nil {
		t.Errorf("one that is easy to guess: %T has the keyboard; %v", w.Canvas().Focused(), f.PassphraseErr)
	}
	v.passphrase.SetText(good)
	v.passphrase.OnSubmitted(good)
	if w.Canvas().Focused() != v.again.Input() || f.AgainErr != nil {
		t.Errorf("%T has the keyboard; %v", w.Canvas().Focused(), f.AgainErr)
	}
	v.again.SetText("another")
	v.passphrase.OnSubmitted(good)
	if f.AgainErr == nil {
		t.Error("two that differ are taken")
	}
}
