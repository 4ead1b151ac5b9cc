package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// Speech keeps which language the person chose, where it can be read before any profile
// is open.
type Speech interface {
	// Language returns the tag of a language, "" for that of the system.
	Language() string
	// SetLanguage keeps a tag; app.ErrDiskFull, app.ErrDiskReadOnly.
	SetLanguage(tag string) error
}

// briefly is a Speech that nothing keeps.
type briefly struct{ tag string }

func (b *briefly) Language() string { return b.tag }

func (b *briefly) SetLanguage(tag string) error {
	b.tag = tag
	return nil
}

// speak uses the language that was chosen, or that of the system. What is on the screen
// already stays as it is.
func speak(chosen, locale string) {
	if chosen == "" {
		chosen = lang.Match(locale)
	}
	lang.Use(chosen)
	theme.SetRTL(lang.RTL())
}

// choose speaks a language on a screen before a profile is open, shows that screen again,
// and keeps the choice. Where the disk takes nothing it lasts until the program ends: to
// read why a profile cannot be made or opened, the person needs the language now.
func (w *Window) choose(tag string, again func()) {
	if w.busy {
		return
	}
	w.alone(func(context.Context) func() {
		_ = w.options.Speech.SetLanguage(tag)
		return func() {
			if w.quitting {
				return
			}
			speak(tag, w.options.Locale)
			w.win.SetTitle(w.title())
			again()
		}
	})
}

// translate makes every screen anew in the language that was chosen, with the profile
// open all the time.
func (w *Window) translate() {
	s := w.session
	if s == nil || w.busy {
		return
	}
	w.clearOverlays()
	finish, running := s.detach(), s.running
	w.session, w.between = nil, &running
	speak(s.speech.Tag, w.options.Locale)
	w.win.SetTitle(w.title())
	w.show(widget.NewEmptyState(theme.IconSeal, "", "", nil), func(fyne.Canvas) {})
	w.alone(func(context.Context) func() {
		finish()
		return func() {
			if w.quitting {
				return // Run closes it
			}
			w.between = nil
			w.enter(running)
			w.session.openSettings(sectionLook)
		}
	})
}
