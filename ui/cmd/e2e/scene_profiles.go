package main

import (
	"path/filepath"

	"tacit/ui/theme"
)

// twoProfiles is Nadia, who keeps two: she adds the second, labels it, goes from one to
// the other by the rail, and removes it.
func twoProfiles(s *stage) error {
	const firstPassphrase, secondPassphrase = "amber ferries outlast november", "seven marble lanterns whisper"
	w, err := s.startWith(0, "Nadia", s.place(2))
	if err != nil {
		return err
	}
	return inOrder(
		func() error { return w.makeProfile("Nadia Haddad", firstPassphrase) },
		func() error { return w.openSettings() },
		func() error { return w.toEnd("Remove this profile") },
		func() error { return w.press("Add a profile") },
		func() error { return w.sees("Another profile", "Lock and go on") },
		func() error { return w.shoot("profile-add") },
		func() error { return w.press("Lock and go on") },
		func() error { return w.sees("Your name", "Back") },
		func() error { return w.shoot("profile-new") },
		func() error { return w.makeProfile("ن. حداد", secondPassphrase) },
		func() error { return w.shoot("rail") },

		func() error { return w.openSettings() },
		func() error { return w.toEnd("Remove this profile") },
		func() error { return w.fill("Label of this profile", "Bureau de Tunis") },
		func() error { return w.press("Save") },
		func() error { return w.shoot("profile-label") },
		func() error { return w.clickRail(0) },
		func() error { return w.sees("Profile 1", "Unlock", "Add a profile") },
		func() error { return w.shoot("unlock-of-two") },
		func() error { return w.clickRail(1) },
		func() error { return w.sees("Bureau de Tunis") },
		func() error { return w.write(firstPassphrase) },
		func() error { return w.keys("Return") },
		func() error { return w.sees("That is not the passphrase of this profile. Nothing was changed.") },
		func() error { return w.enterField("Passphrase") },
		func() error { return w.keys("ctrl+a") },
		func() error { return w.write(secondPassphrase) },
		func() error { return w.keys("Return") },
		func() error { return w.sees("No contacts yet.") },
		func() error { return w.place(w.area) },

		func() error { return w.openSettings() },
		func() error { return w.toEnd("Remove this profile") },
		func() error { return w.press("Remove this profile") },
		func() error { return w.sees("Remove this profile?", "Remove for good") },
		func() error { return w.write(secondPassphrase) },
		func() error { return w.keys("Tab", "Tab") },
		func() error { return w.write("remove") },
		func() error { return w.shoot("profile-remove") },
		func() error { return w.press("Remove for good") },
		func() error { return w.sees("Unlock", "Add a profile") },
		func() error { return w.lacks("Bureau de Tunis") },
		func() error { return s.gone(filepath.Join("Nadia.config", "tacit", "profiles", "2")) },
		func() error { return w.write(firstPassphrase) },
		func() error { return w.keys("Return") },
		func() error { return w.sees("No contacts yet.") },
		func() error { w.kill(); return nil },
	)
}

// makeProfile fills the form of first start and skips the tour.
func (w *window) makeProfile(name, passphrase string) error {
	return inOrder(
		func() error { return w.sees("Your name", "Create my profile") },
		func() error { return w.enterField("Your name") },
		func() error { return w.changes("the name", func() error { return w.paste(name) }) },
		func() error { return w.fill("Passphrase", passphrase) },
		func() error { return w.fill("The passphrase again", passphrase) },
		func() error { return w.press("Create my profile") },
		func() error { return w.sees("Sealed for one person") },
		func() error { return w.press("Skip") },
		func() error { return w.sees("No contacts yet.") },
	)
}

func (w *window) openSettings() error {
	return w.changes("Ctrl+,", func() error { return w.keys("ctrl+comma") })
}

// toEnd scrolls a section until its last words are in sight.
func (w *window) toEnd(words string) error {
	if err := w.wheel(-400, 400, 40); err != nil {
		return err
	}
	return w.sees(words)
}

// clickRail presses a profile on the rail.
func (w *window) clickRail(n int) error {
	const step = int(theme.MonogramSize + theme.Space8)
	return w.changes("the rail", func() error {
		return w.click(int(theme.RailWidth)/2, int(theme.HeaderHeight())/2+n*step)
	})
}
