package main

import (
	"os"
	"path/filepath"
)

// mismatch lets somebody open Amina's link and type a code that is wrong in one digit.
func mismatch(s *stage) error {
	secret := filepath.Join(s.dir, "jonas.passphrase")
	if err := os.WriteFile(secret, []byte("four words for jonas\n"), 0o600); err != nil {
		return err
	}
	a := s.amina
	j, err := s.start(1, "Jonas", s.place(2), "--name", "Jonas Lindqvist", "--passphrase-file", secret)
	if err != nil {
		return err
	}
	err = inOrder(
		func() error { return j.sees("No contacts yet.") },
		func() error { return a.changes("Ctrl+N", func() error { return a.keys("ctrl+n") }) },
		func() error { return a.press("Copy as a link") },
		func() error { return a.sees("Link copied.") },
		func() error { return j.press("Add a contact") },
		func() error { return j.press("I have theirs") },
		func() error { return j.press("Paste") },
		func() error { return j.sees("Is it really them?") },
	)
	if err != nil {
		return err
	}
	code, err := a.readCode()
	if err != nil {
		return err
	}
	return inOrder(
		func() error { return a.shoot("codes-dark") },
		func() error { return j.write(wrong(code)) },
		func() error { return j.keys("Return") },
		func() error { return j.sees("The codes did not match", "Make a new card") },
		func() error { return j.press("What does this mean?") },
		func() error { return j.shoot("mismatch") },
		func() error { return j.changes("Escape", func() error { return j.keys("Escape") }) },
		func() error { return j.sees("No contacts yet.") },
	)
}

// wrong changes the last digit of a code.
func wrong(code string) string {
	last := len(code) - 1
	return code[:last] + string('0'+(code[last]-'0'+1)%10)
}
