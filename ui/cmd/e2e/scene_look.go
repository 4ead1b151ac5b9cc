package main

import (
	"errors"
	"fmt"
	"strings"

	"tacit/ui/theme"
)

// lookAtDetails compares the safety numbers of both windows, as QR codes and in digits.
func lookAtDetails(s *stage) error {
	var numbers []string
	for _, p := range []person{s.amina, s.claire} {
		err := inOrder(
			func() error { return p.changes("Ctrl+I", func() error { return p.keys("ctrl+i") }) },
			func() error { return p.sees("Details", "How you met", "Safety number") },
		)
		if err != nil {
			return err
		}
		number, _, err := p.readQR()
		if err != nil {
			return err
		}
		numbers = append(numbers, number)
	}
	if numbers[0] != numbers[1] {
		return errors.New("the two windows show different safety numbers")
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, numbers[0])
	if len(digits) != 60 {
		return fmt.Errorf("the safety number has %d digits, not 60", len(digits))
	}
	return inOrder(
		func() error { return s.claire.sees(digits[:5], digits[55:]) },
		func() error { return s.amina.shoot("details") },
		func() error { return s.amina.changes("Escape", func() error { return s.amina.keys("Escape") }) },
		func() error { return s.claire.changes("Escape", func() error { return s.claire.keys("Escape") }) },
	)
}

// dark changes to the dark palette in the settings.
func dark(s *stage) error {
	a := s.amina
	return inOrder(
		func() error { return a.changes("Ctrl+,", func() error { return a.keys("ctrl+comma") }) },
		func() error { return a.sees("Settings", "Appearance") },
		func() error { return a.shoot("settings") },
		func() error { return a.press("Dark") },
		func() error { a.palette = theme.Dark; return a.sees("Appearance") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return a.sees("Drop the quotation.") },
		func() error { return a.shoot("chat-dark") },
	)
}

// onePane makes both windows narrow, goes back to the list and into the chat again.
func onePane(s *stage) error {
	a, c := s.amina, s.claire
	narrow := func(p person) func() error {
		r := p.area
		r.Max = r.Min
		r.Max.X += int(theme.WindowMinWidth)
		r.Max.Y += int(theme.WindowMinHeight)
		return func() error { return p.place(r) }
	}
	wide := func(n int, p person) func() error { return func() error { return p.place(s.place(n)) } }
	return inOrder(
		narrow(a), narrow(c),
		func() error { return a.sees(c.name, "Drop the quotation.") },
		func() error { return a.lacks("Search") },
		func() error { return a.shoot("narrow-dark") },
		func() error { return c.shoot("narrow") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.sees("Search", a.name) },
		func() error { return c.shoot("narrow-list") },
		func() error { return c.press(a.name) },
		func() error { return c.sees("Drop the quotation.") },
		wide(0, a), wide(1, c),
		func() error { return a.sees("Search", "Drop the quotation.") },
		func() error { return c.sees("Search", "Drop the quotation.") },
	)
}
