package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// sections are the pages of the settings, each with words that only it shows.
var sections = []struct{ title, words, shot string }{
	{"Profile", "Fingerprint of your key", "profile"},
	{"Privacy", "Tell what I have read", "privacy"},
	{"Lock", "In a hurry", "lock"},
	{"Notifications", "Say when something comes", "notifications"},
	{"Delivery", "No mailbox yet.", "delivery-empty"},
	{"What leaves this computer", "Announcing that a Tacit is here", "network"},
	{"Storage", "Its folder", "storage"},
	{"Keyboard", "Everywhere", "keyboard"},
	{"Help", "Where a message is", "help"},
	{"About", "Made with", "about"},
}

// lookAtSettings goes through all sections: Amina's window is dark and wide, Claire's
// light, wide and then narrow.
func lookAtSettings(s *stage) error {
	open := func(w person) error { return w.changes("Ctrl+,", func() error { return w.keys("ctrl+comma") }) }
	away := func(w person) error { return w.changes("Escape", func() error { return w.keys("Escape") }) }
	through := func(w person, shot string) error {
		for i, section := range sections {
			if i > 0 { // the first is open already
				if err := w.press(section.title); err != nil {
					return err
				}
			}
			err := inOrder(
				func() error { return w.sees(section.words) },
				func() error { return w.shoot("settings-" + section.shot + shot) },
			)
			if err != nil {
				return err
			}
		}
		return nil
	}
	narrow := func(w person) error {
		for i, section := range sections {
			err := inOrder(
				func() error {
					if i < len(sections)-1 {
						return nil
					}
					return w.changes("scrolling", func() error { return w.wheel(200, 400, 20) }) // the last lies below
				},
				func() error { return w.press(section.title) },
				func() error { return w.sees(section.words) },
				func() error { return w.shoot("narrow-settings-" + section.shot) },
				func() error { return away(w) },
			)
			if err != nil {
				return err
			}
		}
		return nil
	}
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return open(a) },
		func() error { return through(a, "-dark") },
		func() error { return away(a) },
		func() error { return open(c) },
		func() error { return through(c, "") },
		func() error { return away(c) },
		c.narrow,
		func() error { return open(c) },
		func() error { return c.sees("Settings", "Appearance") },
		func() error { return c.shoot("narrow-settings") },
		func() error { return narrow(c) },
		func() error { return away(c) },
		func() error { return c.place(s.place(1)) },
		func() error { return c.sees(nearEnd) },
	)
}

// switchPrivacy lets Claire tell what she read, and go off the network and back.
func switchPrivacy(s *stage) error {
	a, c := s.amina, s.claire
	internet := func() error {
		return inOrder(
			func() error { return c.press("Delivery") },
			func() error { return c.press("Deliver over the internet") },
			func() error { return c.press("What leaves this computer") },
		)
	}
	return inOrder(
		func() error { return c.changes("Ctrl+,", func() error { return c.keys("ctrl+comma") }) },
		func() error { return c.press("What leaves this computer") },
		func() error { return c.sees("Messages with Amina Ben Salah") },
		func() error { return c.shoot("settings-connected") },
		func() error { return c.press("Meet contacts on this network") },
		func() error { return a.sees("Verified · not reachable now") },
		internet, // what waits for contacts from beyond this network goes with it
		func() error { return c.sees("Nothing is open. Nothing leaves this computer.") },
		func() error { return c.shoot("settings-off-the-network") },
		internet,
		func() error { return c.press("Meet contacts on this network") },
		func() error { return c.sees("Messages with Amina Ben Salah") },
		func() error { return a.sees("Verified · reachable on this network") },
		func() error { return c.press("Privacy") },
		func() error { return c.press("Tell what I have read") },
		func() error { return c.shoot("settings-privacy-on") },
		func() error { return c.press("Tell what I have read") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.sees(nearEnd) },
	)
}

// lookAtKeys shows the sheet of all keys over the conversation.
func lookAtKeys(s *stage) error {
	c := s.claire
	return inOrder(
		func() error { return c.changes("Ctrl+/", func() error { return c.keys("ctrl+slash") }) },
		func() error { return c.sees("Keyboard", "Ctrl+Shift+L") },
		func() error { return c.shoot("keys") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.sees(nearEnd) },
	)
}

// panicKey locks Amina's window in a hurry: it is gone from the screen with what was on
// the clipboard, and asks for the passphrase when it comes back.
func panicKey(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.copy("something of hers") },
		func() error { return a.keys("ctrl+shift+l") },
		func() error { return await(patience, "the window to go", func() bool { return !a.onScreen() }) },
		a.nothingCopied,
		func() error { return s.screen.tool("windowmap", "--sync", a.id) },
		func() error { return a.place(s.place(0)) },
		func() error { return a.sees("Unlock") },
		func() error { return a.lacks(c.name) },
		func() error { return a.unlock(a.passphrase) },
		func() error { return a.press(c.name) },
		func() error { return a.sees(nearEnd) },
	)
}

func (w *window) onScreen() bool {
	cmd := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^"+w.title+"$")
	cmd.Env = w.stage.screen.env()
	out, _ := cmd.Output() // it fails where there is none
	return strings.TrimSpace(string(out)) != ""
}

func (w *window) nothingCopied() error {
	cmd := exec.Command("xclip", "-selection", "clipboard", "-out")
	cmd.Env = w.stage.screen.env()
	if out, _ := cmd.Output(); len(out) > 0 { // it fails where there is nothing
		return fmt.Errorf("the clipboard holds %d bytes", len(out))
	}
	return nil
}

// changePassphrase gives Amina's profile another passphrase; the old one does not open it
// any more.
func changePassphrase(s *stage) error {
	a := &s.amina
	old, other := a.passphrase, "slow copper owls translate winter"
	err := inOrder(
		func() error { return a.changes("Ctrl+,", func() error { return a.keys("ctrl+comma") }) },
		func() error { return a.fill("Current passphrase", old) },
		func() error { return a.fill("The new passphrase", other) },
		func() error { return a.fill("The new passphrase again", other) },
		func() error { return a.press("Change the passphrase") },
		func() error { return a.sees("From now on only the new passphrase opens this profile.") },
		func() error { return a.shoot("passphrase-changed") },
		func() error { return a.changes("Ctrl+L", func() error { return a.keys("ctrl+l") }) },
		func() error { return a.sees("Unlock") },
		func() error { return a.write(old) },
		func() error { return a.keys("Return") },
		func() error { return a.sees("That is not the passphrase of this profile. Nothing was changed.") },
		func() error { return a.unlock(other) },
	)
	a.passphrase = other
	return errors.Join(err, a.press(s.claire.name))
}
