package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// mismatch lets somebody open Amina's link and type a code that is wrong in one digit.
func mismatch(s *stage) error {
	if err := s.enterYoussef(); err != nil {
		return err
	}
	a, y := s.amina, s.youssef
	code, err := s.meetByLink()
	if err != nil {
		return err
	}
	return inOrder(
		func() error { return a.shoot("codes-shown") },
		func() error { return y.write(wrong(code)) },
		func() error { return y.keys("Return") },
		func() error { return y.sees("The codes did not match", "Make a new card") },
		func() error { return y.shoot("mismatch") },
		func() error { return y.press("What does this mean?") },
		func() error { return y.sees("Make a new card") },
		func() error { return y.shoot("mismatch-meaning") },
		func() error { return y.changes("Escape", func() error { return y.keys("Escape") }) },
		func() error { return y.sees("No contacts yet.") },
		func() error { return a.press("Stop") }, // told by Youssef: the programs do not tell each other
		func() error { return a.sees("Show my card") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return a.lacks(y.name) },
	)
}

// secondTry pairs the two anew, lets Youssef write, and closes his window.
func secondTry(s *stage) error {
	a, y := s.amina, s.youssef
	amina, err := s.meetByLink()
	if err != nil {
		return err
	}
	youssef, err := y.readCode()
	if err != nil {
		return err
	}
	const text = "وصلت الصور كلّها. أرسلها إليك مساء اليوم."
	return inOrder(
		func() error { return y.write(amina) },
		func() error { return y.keys("Return") },
		func() error { return y.sees("Right so far.") },
		func() error { return a.write(youssef) },
		func() error { return a.keys("Return") },
		func() error { return a.sees("Verified. You and") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return y.press("Write to " + a.name) },
		func() error { return y.changes("writing", func() error { return y.paste(text) }) },
		func() error { return y.keys("Return") },
		func() error { return y.shows(text, tick) },
		func() error { return a.sees(y.name) },
		func() error { return y.keys("ctrl+q") },
		func() error { return y.endsWell() },
	)
}

// enterYoussef opens a third window on a profile that is made without a question.
func (s *stage) enterYoussef() (err error) {
	secret := filepath.Join(s.dir, "youssef.passphrase")
	if err := os.WriteFile(secret, []byte("four words for youssef\n"), 0o600); err != nil {
		return err
	}
	s.youssef = person{name: "يوسف حداد"}
	s.youssef.window, err = s.start(1, "Youssef", s.place(2), "--name", s.youssef.name, "--passphrase-file", secret)
	if err != nil {
		return err
	}
	return s.youssef.sees("No contacts yet.")
}

// meetByLink lets Amina copy a link and Youssef paste it, after something that is none,
// and returns the code that Amina reads aloud.
func (s *stage) meetByLink() (code string, err error) {
	a, y := s.amina, s.youssef
	err = inOrder(
		func() error { return y.changes("Ctrl+N", func() error { return y.keys("ctrl+n") }) },
		func() error { return y.press("I have theirs") },
		func() error { return y.copy("https://example.org/no/card") },
		func() error { return y.press("Paste") },
		func() error { return y.sees("This is not a Tacit card. Ask for a new one.") },
		func() error { return y.shoot("no-card") },
		func() error { return a.changes("Ctrl+N", func() error { return a.keys("ctrl+n") }) },
		func() error { return a.press("Copy as a link") },
		func() error { return a.sees("Link copied.") },
		func() error { return a.shoot("link") },
		func() error { return y.press("Paste") },
		func() error { return y.sees("Is it really them?") },
		func() error { return a.sees("Is it really them?") },
	)
	if err != nil {
		return "", err
	}
	return a.readCode()
}

// wrong changes the last digit of a code.
func wrong(code string) string {
	last := len(code) - 1
	return code[:last] + string('0'+(code[last]-'0'+1)%10)
}

// endsWell waits until the program has ended by itself.
func (w *window) endsWell() error {
	select {
	case <-w.ended:
	case <-time.After(patience):
		return fmt.Errorf("%s does not end", w.title)
	}
	if !w.cmd.ProcessState.Success() {
		return fmt.Errorf("%s ended with %v", w.title, w.cmd.ProcessState)
	}
	return nil
}
