package main

import (
	"fmt"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// A step does something at the window; scenes are made of them.
type step = func(*stage) error

const ctrl = fyne.KeyModifierShortcutDefault

// nothing is what is done where the base is the screen.
func nothing(*stage) error { return nil }

// inTurn does one thing after another until one fails.
func inTurn(steps ...step) step {
	return func(s *stage) error {
		for i, do := range steps {
			if err := do(s); err != nil {
				return fmt.Errorf("step %d: %w", i+1, err)
			}
		}
		return nil
	}
}

// taps presses what carries the words of each key.
func taps(keys ...string) step {
	return func(s *stage) error {
		for _, k := range keys {
			if err := s.tap(lang.T(k)); err != nil {
				return err
			}
		}
		return nil
	}
}

// opens presses the row of a chat.
func opens(r role) step {
	return func(s *stage) error { return s.tap(s.world.cast.names[r]) }
}

// menuOf opens the menu of a chat.
func menuOf(r role) step {
	return func(s *stage) error { return s.menuOf(s.world.cast.names[r]) }
}

// writes types where the keyboard is.
func writes(what func(*cast) string) step {
	return func(s *stage) error { return s.write(what(s.world.cast)) }
}

// page opens a section of the settings.
func page(key string) step { return inTurn(opensSettings, taps(key)) }

func opensSettings(s *stage) error {
	if err := s.shortcut(ctrl, fyne.KeyComma); err != nil {
		return err
	}
	return s.see(lang.T("settings.about"))
}

// scrolls shows the end of a page.
func scrolls(s *stage) error { return s.scrollEnd("") }

func unlocks(s *stage) error { return s.unlock() }

func locks(s *stage) error { return s.lock() }

// narrow makes the window as small as it goes, but of the height of a telephone.
func narrow(s *stage) error {
	s.on(func() { s.win.Resize(fyne.NewSize(theme.WindowMinWidth, windowHeight)) })
	return nil
}

// large plays with text of twice its size.
func large(play step) step {
	return func(s *stage) error {
		dress := func(s *stage) error { return s.dress(s.look(200)) }
		return inTurn(locks, dress, unlocks, play)(s)
	}
}

// asChosen plays for each palette anew: what is shown says which it is.
func asChosen(play step) step {
	return func(s *stage) error {
		s.replay = true
		return play(s)
	}
}

// twoProfiles has another profile beside mine.
func twoProfiles(s *stage) error {
	s.place.put(2, s.world.others[friend], s.world.cast.label)
	return inTurn(locks, unlocks, locks)(s)
}

func wrongPassphrase(s *stage) error {
	return inTurn(
		writes(func(c *cast) string { return c.nowhere }), taps("unlock.primary"),
		func(s *stage) error { return s.see(lang.T("error.passphrase_wrong")) },
	)(s)
}

func fillFirst(s *stage) error {
	return inTurn(
		func(s *stage) error { return s.enter(lang.T("start.name")) },
		func(s *stage) error { return s.paste(s.world.cast.me) },
		func(s *stage) error {
			return s.press("a passphrase to be suggested", 0, func(o fyne.CanvasObject) bool {
				return says(o) == lang.T("start.suggest") || says(o) == lang.T("start.suggest_another")
			})
		},
	)(s)
}

// searchFor searches in everything.
func searchFor(what func(*cast) string) step {
	return inTurn(func(s *stage) error { return s.shortcut(ctrl, fyne.KeyF) }, writes(what))
}

// allKeys asks for the keys until they are shown: a chat that is still opening hears nothing.
func allKeys(s *stage) error {
	return s.until("the keys", func() bool {
		if _, open := s.win.Canvas().Overlays().Top().(*widget.Dialog); open {
			return true
		}
		s.chord(ctrl, fyne.KeySlash)
		return false
	})
}
