package main

import "fmt"

// line is something that one of the two writes.
type line struct {
	amina bool
	text  string
	seen  string // the beginning of a text that is too long for one line
}

// nearEnd is a line that the thread shows at its end however small the window is.
const nearEnd = "نعم، وصلت — merci !"

var conversation = []line{
	{true, "Good morning Claire. The draft is in the folder; page 4 still needs your eye.", "Good morning Claire."},
	{false, "Bonjour Amina. « D’accord » : je le relis ce matin, promis.", ""},
	{false, "The minister’s office wants it before 11:00. Can you sign off on the second paragraph? " +
		"I would rather drop the quotation than leave it as it is: two sources, and only one of them will stand by it in writing.",
		"The minister’s office wants it before"},
	{true, "Drop the quotation.", ""},
	{true, "L’adresse est https://archive.example.org/2026/novembre/communiques/0021?version=definitive&langue=fr#paragraphe-2",
		"L’adresse est"},
	{false, "هل وصلت النسخة report-v2.pdf (الأخيرة)؟", ""},
	{true, nearEnd, ""},
	{true, "شكراً جزيلاً. نلتقي الساعة 10:30 عند المدخل.", ""},
	{false, "Noté. I’ll bring the printed copy tonight. 👍🏽", "Noté. I’ll bring the printed copy tonight."},
}

// converse lets the two write to each other, each line seen on both sides and delivered.
func converse(s *stage) error {
	a, c := s.amina, s.claire
	for i, l := range conversation {
		from, to := c.window, a.window
		if l.amina {
			from, to = to, from
		}
		if err := exchange(from, to, l); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return inOrder(
		func() error { return a.sees("Verified · reachable on this network") },
		func() error { return c.shoot("chat-other-side") },
		func() error { return a.changes("reading", func() error { return a.focus() }) },
		func() error { return a.shoot("chat-light") },
	)
}

func exchange(from, to *window, l line) error {
	seen := l.seen
	if seen == "" {
		seen = l.text
	}
	return inOrder(
		func() error { return from.changes("writing", func() error { return from.paste(l.text) }) },
		func() error { return from.keys("Return") },
		func() error { return to.sees(seen) },
		func() error { return from.shows(seen, tick) },
	)
}
