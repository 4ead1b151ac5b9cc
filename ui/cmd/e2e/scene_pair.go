package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// exchangeCard lets Amina show her card and Claire open a picture of it.
func exchangeCard(s *stage) error {
	a, c := s.amina, s.claire
	err := inOrder(
		func() error { return a.changes("Ctrl+N", func() error { return a.keys("ctrl+n") }) },
		func() error { return a.sees("Show my card", "Works once. Show it only to the person.") },
	)
	if err != nil {
		return err
	}
	card, picture, err := a.readQR()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(card, "TACIT1:") {
		return errors.New("the QR code is no card")
	}
	path := filepath.Join(s.dir, "card.png")
	if err := savePNG(path, picture); err != nil {
		return err
	}
	return inOrder(
		func() error { return a.shoot("card") },
		func() error { return c.press("Add a contact") },
		func() error { return c.press("I have theirs") },
		func() error { return c.shoot("theirs") },
		func() error { return c.press("Choose a file…") },
		func() error { return c.shoot("files") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.copy((&url.URL{Scheme: "file", Path: path}).String()) },
		func() error { return c.press("Paste") },
		func() error { return c.sees("Is it really them?", "Read this to "+a.name) },
		func() error { return a.sees("Is it really them?", "Read this to "+c.name) },
	)
}

// compareCodes reads each code off one screen and types it on the other.
func compareCodes(s *stage) error {
	a, c := s.amina, s.claire
	aminas, err := a.readCode()
	if err != nil {
		return err
	}
	claires, err := c.readCode()
	if err != nil {
		return err
	}
	if aminas == claires {
		return fmt.Errorf("both windows show the code %s", aminas)
	}
	return inOrder(
		func() error { return c.changes("typing the code", func() error { return c.write(aminas) }) },
		func() error { return c.shoot("codes") },
		func() error { return c.press("Confirm") },
		func() error { return c.sees("Right so far. Waiting for " + a.name) },
		func() error { return c.shoot("checked") },
		func() error { return a.changes("typing the code", func() error { return a.write(claires) }) },
		func() error { return a.keys("Return") }, // the button has the keyboard after the sixth digit
		func() error { return a.sees("Verified. You and " + c.name) },
		func() error { return c.sees("Verified. You and " + a.name) },
		func() error { return a.shoot("verified") },
		func() error { return a.keys("Return") },
		func() error { return a.sees("You verified "+c.name, "Write to "+c.name) },
		func() error { return c.press("Write to " + a.name) },
		func() error { return a.shoot("new-chat") },
	)
}

// readCode waits for the six digits that are to be read aloud.
func (w *window) readCode() (code string, err error) {
	waited := await(patience, "the code on "+w.title, func() bool {
		img, failed := w.picture()
		if failed != nil {
			return false
		}
		code, err = readCode(img, w.palette)
		return err == nil
	})
	return code, errors.Join(waited, err)
}
