package main

import (
	"fmt"
	"os/exec"
	"strings"

	"tacit/ui/theme"
)

// firstStart makes both profiles: Amina types a passphrase, Claire takes the one proposed.
func firstStart(s *stage) (err error) {
	s.amina = person{name: "Amina Ben Salah", passphrase: "nine violet harbours rehearse quietly"}
	s.claire = person{name: "Claire Fontaine"}
	if s.amina.window, err = s.start(0, "Amina", s.place(0)); err != nil {
		return err
	}
	if s.claire.window, err = s.start(1, "Claire", s.place(1)); err != nil {
		return err
	}
	if err := s.typePassphrase(&s.amina); err != nil {
		return err
	}
	if err := s.takePassphrase(&s.claire); err != nil {
		return err
	}
	if err := s.tour(); err != nil {
		return err
	}
	for _, p := range []person{s.amina, s.claire} {
		if err := p.sees("No contacts yet.", "Add a contact"); err != nil {
			return err
		}
	}
	if err := s.amina.lacks("Choose a conversation."); err != nil { // there is none
		return err
	}
	return s.amina.shoot("empty")
}

// tour takes Amina through the three screens; Claire skips them.
func (s *stage) tour() error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.sees("Sealed for one person", "1 of 3") },
		func() error { return a.shoot("tour-1") },
		func() error { return a.press("Next") },
		func() error { return a.sees("Know who it is", "Back") },
		func() error { return a.shoot("tour-2") },
		func() error { return a.press("Next") },
		func() error { return a.sees("Only what is certain", "3 of 3") },
		func() error { return a.lacks("Skip") },
		func() error { return a.shoot("tour-3") },
		func() error { return a.press("Begin") },
		func() error { return c.sees("Sealed for one person") },
		func() error { return c.press("Skip") },
	)
}

func (s *stage) typePassphrase(p *person) error {
	return inOrder(
		func() error { return p.sees("Your name", "Nobody can let you back in.") },
		func() error { return p.write(p.name) }, // the first field has the keyboard
		func() error { return p.fill("Passphrase", "password") },
		func() error { return p.sees("Easy to guess") },
		func() error { return p.keys("Return") },
		func() error { return p.sees("This passphrase is too easy to guess. Add words.") },
		func() error { return p.keys("ctrl+a") },
		func() error { return p.write(p.passphrase) },
		func() error { return p.fill("The passphrase again", p.passphrase) },
		func() error { return p.shoot("first-start-typed") },
		func() error { return p.keys("Return") },
	)
}

// takePassphrase takes the passphrase that is proposed, and writes it down.
func (s *stage) takePassphrase(p *person) error {
	err := inOrder(
		func() error { return p.focus() },
		func() error { return p.write(p.name) },
		func() error { return p.press("Suggest one") },
		func() error { return p.sees("Suggest another") },
		func() error { return p.shoot("first-start") },
	)
	if err != nil {
		return err
	}
	if p.passphrase, err = p.copySecret("Passphrase"); err != nil {
		return err
	}
	if n := len(strings.Fields(p.passphrase)); n < 4 {
		return fmt.Errorf("the passphrase that was proposed has %d words", n)
	}
	return p.press("Create my profile")
}

// fill clicks into the field under a label and types.
func (w *window) fill(label, text string) error {
	if err := w.enterField(label); err != nil {
		return err
	}
	return w.changes("typing into "+label, func() error { return w.write(text) })
}

// enterField clicks into the field under a label.
func (w *window) enterField(label string) error {
	at, err := w.see(label)
	if err != nil {
		return err
	}
	return w.click(at.Min.X+40, at.Max.Y+24)
}

// copySecret uncovers what stands in a field and takes it through the clipboard.
func (w *window) copySecret(label string) (string, error) {
	const eye = int(theme.FormWidth) - 22 // from the start of the field
	at, err := w.see(label)
	if err != nil {
		return "", err
	}
	if err := w.changes("uncovering "+label, func() error { return w.click(at.Min.X+eye, at.Max.Y+24) }); err != nil {
		return "", err
	}
	if err := w.enterField(label); err != nil {
		return "", err
	}
	if err := w.keys("ctrl+a", "ctrl+c"); err != nil {
		return "", err
	}
	cmd := exec.Command("xclip", "-selection", "clipboard", "-out")
	cmd.Env = w.stage.screen.env()
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("read the clipboard: %w", err)
	}
	return string(out), nil
}

// inOrder does one step after the other until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
