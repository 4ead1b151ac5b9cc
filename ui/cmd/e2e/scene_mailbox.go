package main

import (
	"context"
	"path/filepath"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// runMailbox starts a mailbox on Amina's side of the link, where both reach it.
func (s *stage) runMailbox() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command, at := []string{}, "127.0.0.1:0"
	if len(s.link.spaces) > 0 {
		command, at = []string{"ip", "netns", "exec", s.link.spaces[0]}, linkAddr(0)+":4001"
	}
	command = append(command, s.program("tacitd"), "mailbox", "--data", filepath.Join(s.dir, "mailbox"), "--listen", at, "--allow-private")
	s.mailbox, err = drive.StartMailbox(ctx, nil, command[0], command[1:]...)
	return err
}

// useMailboxes gives both the same mailbox. Amina's is tried before she trusts it.
func useMailboxes(s *stage) error {
	if err := s.runMailbox(); err != nil {
		return err
	}
	add := func(w person, shot string) error {
		return inOrder(
			func() error { return w.changes("Ctrl+,", func() error { return w.keys("ctrl+comma") }) },
			func() error { return w.press("Delivery") },
			func() error { return w.sees("No mailbox yet.") },
			func() error { return w.press("Add a mailbox") },
			func() error { return w.sees("Whoever runs a mailbox has its address for you.") },
			func() error { return w.shoot("settings-delivery-add" + shot) },
			func() error { return w.changes("Ctrl+V", func() error { return w.paste(s.mailbox.Address) }) },
			func() error { return w.changes("Return", func() error { return w.keys("Return") }) },
			func() error { return w.sees("It holds messages for you.") },
			func() error { return w.shoot("settings-delivery" + shot) },
		)
	}
	leave := func(w person) error { return w.changes("Escape", func() error { return w.keys("Escape") }) }
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return add(a, "-dark") },
		func() error { return a.press("Test") },
		func() error { return a.sees("A message left there was fetched again.") },
		func() error { return a.sees("Contacts can reach this computer over it.") },
		func() error { return a.shoot("settings-delivery-tested-dark") },
		func() error { return leave(a) },
		func() error { return add(c, "") },
		func() error { return leave(c) },
	)
}

// neverBoth lets Amina write while Claire is locked, and Claire answer while Amina is: each
// reads what the other wrote although they are never there together.
func neverBoth(s *stage) error {
	a, c := s.amina, s.claire
	const text, answer = "Left for you at the mailbox.", "Found it. Merci !"
	lock := func(w person) error {
		return inOrder(
			func() error { return w.changes("Ctrl+L", func() error { return w.keys("ctrl+l") }) },
			func() error { return w.sees("Unlock") },
		)
	}
	write := func(w person, words, shot string) error {
		return inOrder(
			func() error { return w.enterComposer() },
			func() error { return w.write(words) },
			func() error { return w.changes("Return", func() error { return w.keys("Return") }) },
			func() error { return w.seesHeld(words) },
			func() error { return w.shoot(shot) },
			func() error { return w.changes("Escape", func() error { return w.keys("Escape") }) },
		)
	}
	return inOrder(
		func() error { return lock(c) },
		func() error { return a.sees("Verified · reachable by mailbox") },
		func() error { return write(a, text, "held") },
		func() error { return lock(a) },
		func() error { return c.unlock(c.passphrase) },
		func() error { return c.press(a.name) },
		func() error { return c.sees(text) },
		func() error { return c.shoot("fetched") },
		func() error { return write(c, answer, "held-answer") },
		func() error { return lock(c) },
		func() error { return a.unlock(a.passphrase) },
		func() error { return a.press(c.name) },
		func() error { return a.sees(answer) },
		func() error { return a.shows(text, tick) },
		func() error { return a.shoot("answered") },
		func() error { return c.unlock(c.passphrase) },
	)
}

// seesHeld opens the details of a message until they say that a mailbox has it: they tell
// how it was when they were opened.
func (w *window) seesHeld(words string) error {
	const held = "Sealed, in a mailbox that cannot read it."
	for end := time.Now().Add(patience); ; {
		err := inOrder(
			func() error { return w.menu(words) },
			func() error { return w.press("Message details") },
			func() error { return w.sees("Who could know?") },
		)
		if err != nil {
			return err
		}
		n, err := w.count(held)
		switch {
		case err != nil || n > 0:
			return err
		case time.Now().After(end):
			return w.sees(held)
		}
		if err := w.changes("Escape", func() error { return w.keys("Escape") }); err != nil {
			return err
		}
	}
}
