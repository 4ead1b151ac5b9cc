package main

import (
	"fmt"
	"image"

	"tacit/ui/theme"
)

// wrongPassphrase locks Amina's window and opens it at the second try.
func wrongPassphrase(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.changes("Ctrl+L", func() error { return a.keys("ctrl+l") }) },
		func() error { return a.sees("Unlock") },
		func() error { return a.lacks(c.name) },
		func() error { return a.write("not the right words at all") },
		func() error { return a.keys("Return") },
		func() error { return a.sees("That is not the passphrase of this profile. Nothing was changed.") },
		func() error { return a.shoot("unlock-wrong") },
		func() error { return a.unlock(a.passphrase) },
		func() error { return a.press(c.name) },
		func() error { return a.sees(nearEnd) },
	)
}

// unlock types a passphrase over whatever stands in the field.
func (w *window) unlock(passphrase string) error {
	return inOrder(
		func() error { return w.enterField("Passphrase") },
		func() error { return w.keys("ctrl+a") },
		func() error { return w.write(passphrase) },
		func() error { return w.keys("Return") },
		func() error { return w.sees("Search") },
	)
}

// killed ends Claire's program without warning while Amina writes to her, and starts it
// again: the message is there, once.
func killed(s *stage) error {
	a, c := s.amina, &s.claire
	const before, after, text = "Door code is ", "the usual one.", "Door code is the usual one."
	err := inOrder(
		func() error { return a.enterComposer() },
		func() error { return a.write(before) },
		func() error { c.kill(); return nil },
		func() error { return a.write(after) },
		func() error { return a.keys("Return") },
		func() error { return a.shows(text, clock) },
		func() error { return a.sees("Verified · not reachable now") },
		func() error { return a.shoot("waiting") },
	)
	if err != nil {
		return err
	}
	if c.window, err = s.start(1, c.title, s.place(1)); err != nil {
		return err
	}
	err = inOrder(
		func() error { return c.sees("Passphrase", "Unlock") },
		func() error { return c.shoot("unlock") },
		func() error { return c.unlock(c.passphrase) },
		func() error { return c.sees(a.name, "Choose a conversation.") },
		func() error { return a.shows(text, tick) },
		func() error { return c.shoot("unread") },
		func() error { return c.press(a.name) },
		func() error { return c.sees(text) },
	)
	if err != nil {
		return err
	}
	return c.once(text)
}

func (w *window) enterComposer() error { return w.click(int(theme.ListWidth)+120, -38) }

// once fails unless the thread shows the words exactly once.
func (w *window) once(words string) error {
	img, err := w.picture()
	if err != nil {
		return err
	}
	n := 0
	for _, r := range places(img, w.palette, words) {
		if r.In(image.Rect(int(theme.ListWidth), 0, w.area.Dx(), w.area.Dy())) {
			n++
		}
	}
	if n != 1 {
		return fmt.Errorf("the thread on %s shows %q %d times", w.title, words, n)
	}
	return nil
}
