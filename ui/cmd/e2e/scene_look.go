package main

import (
	"errors"
	"fmt"
	"image"
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
			func() error { return p.changes("scrolling", func() error { return p.wheel(-100, 400, 12) }) },
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

// renewKeys has Amina renew the keys with Claire; both threads say so. Asked for again, it is
// refused in words.
func renewKeys(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.changes("Ctrl+I", func() error { return a.keys("ctrl+i") }) },
		func() error { return a.changes("scrolling", func() error { return a.wheel(-100, 400, 40) }) },
		func() error { return a.sees("Session", "Renew the keys", "new keys can help") },
		func() error { return a.shoot("renew-keys") },
		func() error { return a.press("Renew the keys") },
		func() error { return a.sees("Nothing was lost.", "Session renewed") },
		func() error { return a.shoot("keys-renewed") },
		func() error { return a.press("Renew the keys") },
		func() error { return a.sees("They are fresh") },
		func() error { return a.shoot("keys-renewed-before") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return c.sees("Session renewed") },
		func() error { return c.shoot("session-renewed") },
		func() error { return c.changes("Ctrl+I", func() error { return c.keys("ctrl+i") }) },
		func() error { return c.changes("scrolling", func() error { return c.wheel(-100, 400, 40) }) },
		func() error { return c.sees("Renew the keys") },
		func() error { return c.shoot("renew-keys-other-side") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return a.enterComposer() },
	)
}

// search finds a word in a message and goes there.
func search(s *stage) error {
	a := s.amina
	return inOrder(
		func() error { return a.changes("Ctrl+F", func() error { return a.keys("ctrl+f") }) },
		func() error { return a.changes("searching", func() error { return a.write("quotation") }) },
		func() error { return a.lacks(s.youssef.name) },
		func() error { return a.shoot("search") },
		func() error { return a.changes("more", func() error { return a.write(" nowhere") }) },
		func() error { return a.sees("Nothing found for") },
		func() error { return a.shoot("search-nothing") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return a.sees(s.youssef.name) },
		func() error { return a.enterComposer() },
	)
}

// lookAtMessage asks the menu of a message for its details.
func lookAtMessage(s *stage) error {
	a := s.amina
	return inOrder(
		func() error { return a.menu("Drop the quotation.") },
		func() error { return a.shoot("menu") },
		func() error { return a.press("Message details") },
		func() error { return a.sees("Delivered") },
		func() error { return a.shoot("message-details") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return a.enterComposer() },
	)
}

const longName = "Amina Ben Salah, Rédaction internationale, bureau de Tunis"

// rename gives Amina a long name on Claire's computer, and her own back.
func rename(s *stage) error {
	c := s.claire
	call := func(name string) func() error {
		return func() error {
			return inOrder(
				func() error { return c.changes("Ctrl+I", func() error { return c.keys("ctrl+i") }) },
				func() error { return c.changes("scrolling", func() error { return c.wheel(-100, 400, 40) }) },
				func() error { return c.sees("Name on this computer", "Remove") },
				func() error { return c.enterField("Name on this computer") },
				func() error { return c.keys("ctrl+a") },
				func() error { return c.changes("renaming", func() error { return c.paste(name) }) },
				func() error { return c.press("Save") },
				func() error { return c.wheel(-100, 400, 40) }, // the name above has grown
				func() error { return c.sees("They call themselves Amina Ben Salah.", "Remove") },
				func() error { return c.shoot("details-end") },
				func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
			)
		}
	}
	return inOrder(
		call(longName),
		func() error { return c.shoot("long-name") },
		c.narrow,
		func() error { return c.shoot("narrow-long-name") },
		func() error { return c.changes("Ctrl+I", func() error { return c.keys("ctrl+i") }) },
		func() error { return c.sees("Details", "internationale") },
		func() error { return c.shoot("narrow-details") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.place(s.place(1)) },
		call(s.amina.name),
	)
}

// dark changes to the dark palette in the settings.
func dark(s *stage) error {
	a := s.amina
	return inOrder(
		func() error { return a.changes("Ctrl+,", func() error { return a.keys("ctrl+comma") }) },
		func() error { return a.sees("Settings", "Appearance") },
		func() error { return a.press("Appearance") },
		func() error { return a.shoot("settings") },
		func() error { return a.press("Dark") },
		func() error { a.palette = theme.Dark; return a.sees("Appearance") },
		func() error { return a.shoot("settings-dark") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
		func() error { return a.sees(nearEnd) },
		func() error { return a.shoot("chat-dark") },
	)
}

// onePane makes both windows narrow, goes back to the list and into the chat again.
func onePane(s *stage) error {
	a, c := s.amina, s.claire
	wide := func(n int, p person) func() error { return func() error { return p.place(s.place(n)) } }
	return inOrder(
		a.narrow, c.narrow,
		func() error { return a.sees(c.name, nearEnd) },
		func() error { return a.lacks("Search") },
		func() error { return a.shoot("narrow-dark") },
		func() error { return c.shoot("narrow") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.sees("Search", a.name) },
		func() error { return c.shoot("narrow-list") },
		func() error { return c.press(a.name) },
		func() error { return c.sees(nearEnd) },
		wide(0, a), wide(1, c),
		func() error { return a.sees("Search", nearEnd) },
		func() error { return c.sees("Search", nearEnd) },
	)
}

// narrow makes a window as small as it goes.
func (w *window) narrow() error {
	r := image.Rect(0, 0, int(theme.WindowMinWidth), int(theme.WindowMinHeight))
	return w.place(r.Add(w.area.Min))
}

// largeText sets the text to twice its size and back.
func largeText(s *stage) error {
	c := s.claire
	settings := func() error {
		return inOrder(
			func() error { return c.changes("Ctrl+,", func() error { return c.keys("ctrl+comma") }) },
			func() error { return c.press("Appearance") },
		)
	}
	away := func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) }
	step := func(words string, percent int) func() error {
		return func() error {
			if err := c.press(words); err != nil {
				return err
			}
			theme.SetScale(float32(percent) / 100)
			return c.sees(fmt.Sprintf("%d%%", percent))
		}
	}
	return inOrder(
		settings,
		step("Larger text", 110), step("Larger text", 125), step("Larger text", 150),
		step("Larger text", 175), step("Larger text", 200),
		func() error { return c.shoot("settings-200-percent") },
		away,
		func() error { return c.sees(nearEnd) },
		func() error { return c.shoot("chat-200-percent") },
		func() error { return c.changes("Ctrl+N", func() error { return c.keys("ctrl+n") }) },
		func() error { return c.sees("Add a contact", "I have theirs") },
		func() error { return c.shoot("card-200-percent") },
		c.narrow,
		func() error { return c.shoot("narrow-card-200-percent") },
		away,
		func() error { return c.shoot("narrow-200-percent") },
		func() error { return c.place(s.place(1)) },
		settings,
		step("Smaller text", 175), step("Smaller text", 150), step("Smaller text", 125),
		step("Smaller text", 110), step("Smaller text", 100),
		away,
	)
}
