package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// english lets the tests after this one read English again.
func english(t *testing.T) { t.Cleanup(func() { speak("en", "") }) }

func TestLanguageAtTheStart(t *testing.T) {
	english(t)
	for _, c := range []struct{ chosen, locale, want string }{
		{"", "", "en"}, {"", "C", "en"}, {"", "POSIX", "en"}, {"", "\xff garbage", "en"}, {"", "de_DE.UTF-8", "en"},
		{"", "fr_FR.UTF-8", "fr"}, {"", "ar_TN.UTF-8", "ar"}, {"ar", "fr_FR.UTF-8", "ar"}, {"en", "ar", "en"}, {"none", "ar", "en"},
	} {
		w := New(test.NewTempApp(t), &place{}, Options{Locale: c.locale, Speech: &briefly{c.chosen}})
		if lang.Tag() != c.want || theme.RTL() != (c.want == "ar") {
			t.Errorf("%+v: speaks %q, from right to left %t", c, lang.Tag(), theme.RTL())
		}
		w.cross.end()
		w.cross.wait()
		w.win.Close()
	}
}

// TestLanguageIsSpokenAtOnce: every screen is made anew, and the profile stays open.
func TestLanguageIsSpokenAtOnce(t *testing.T) {
	english(t)
	s, m := open(t)
	withClaire(s)
	w := s.w
	s.openSettings(sectionLook)
	s.speech.Choose("ar")
	until(t, m, "other screens", func() bool { return w.session != nil && w.session != s && w.session.settings != nil })
	if lang.Tag() != "ar" || !theme.RTL() || m.closed {
		t.Errorf("speaks %q, from right to left %t, closed %t", lang.Tag(), theme.RTL(), m.closed)
	}
	if w.session.speech.Tag != "ar" || w.between != nil {
		t.Errorf("chosen %q, between %v", w.session.speech.Tag, w.between)
	}
	// The list of sections stands at the right, where reading begins.
	list := w.session.desk.list
	w.session.closeSettings()
	w.session.desk.Resize(fyne.NewSize(1200, 800))
	if x := list.Position().X; x < 600 {
		t.Errorf("the list stands at %v of 1200", x)
	}
	w.session.cross.end() // its pump waits for events that a fake has no end of
}

// TestLanguageBeforeAProfileIsOpen: chosen on the first screen and on the one that asks for
// the passphrase, it is spoken at once and kept, and nothing typed is lost.
func TestLanguageBeforeAProfileIsOpen(t *testing.T) {
	english(t)
	kept := &briefly{}
	w := New(test.NewTempApp(t), &place{}, Options{Locale: "C", Speech: kept})
	posted := make(chan func(), 16)
	w.cross.post = func(f func()) { posted <- f }
	again := 0
	w.choose("ar", func() { again++ })
	for again == 0 {
		(<-posted)()
	}
	if lang.Tag() != "ar" || !theme.RTL() || kept.tag != "ar" || w.busy {
		t.Errorf("speaks %q, kept %q", lang.Tag(), kept.tag)
	}
	w.busy = true
	w.choose("fr", func() { t.Error("a language was chosen while a profile is being opened") })
	if lang.Tag() != "ar" {
		t.Error("it is spoken")
	}
	w.cross.end()
	w.cross.wait()
	w.win.Close()
}
