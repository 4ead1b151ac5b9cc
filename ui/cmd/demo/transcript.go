package main

import (
	"context"
	"fmt"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// transcript lets two processes meet, chat, and survive a kill, and says so line by line.
func (s *stage) transcript(ctx context.Context) error {
	began := time.Now()
	say := func(who, format string, args ...any) {
		fmt.Printf("%6.2f s  %-7s %s\n", time.Since(began).Seconds(), who, fmt.Sprintf(format, args...))
	}
	fmt.Println("Two profiles, two processes, one machine. No account, no server.")
	fmt.Println()
	for _, name := range cast {
		if err := s.init(ctx, name); err != nil {
			return err
		}
		say(name, "has a new profile, sealed under a passphrase")
	}
	amina, err := s.start(cast[0])
	if err != nil {
		return err
	}
	defer amina.Kill()
	claire, err := s.start(cast[1])
	if err != nil {
		return err
	}
	defer func() { claire.Kill() }()

	m, err := s.meet(ctx, say, amina, claire)
	if err != nil {
		return err
	}
	if err := s.chat(ctx, say, amina, claire, m); err != nil {
		return err
	}
	if claire, err = s.survive(ctx, say, amina, claire, m); err != nil {
		return err
	}
	for _, p := range []*drive.Process{amina, claire} {
		if err := p.Shutdown(ctx); err != nil {
			return err
		}
	}
	fmt.Println()
	fmt.Println("Both processes have ended and the temporary folder is removed.")
	return nil
}

type sayer func(who, format string, args ...any)

func (s *stage) meet(ctx context.Context, say sayer, amina, claire *drive.Process) (drive.Meeting, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	say(cast[0], "shows a card; %s opens it", cast[1])
	m, err := drive.Pair(ctx, amina, claire, nil)
	if err != nil {
		return m, err
	}
	say(cast[1], "reads %s aloud, and %s types it", spaced(m.ScannerCode), cast[0])
	say(cast[0], "reads %s aloud, and %s types it", spaced(m.PresenterCode), cast[1])
	var c struct {
		Name         string
		Trust        int
		SafetyNumber string `json:"safety_number"`
	}
	if err := amina.Call(ctx, "contact.get", map[string]any{"contact": m.Presenter}, &c); err != nil {
		return m, err
	}
	say(cast[0], "has verified %s (trust %d of 3, safety number %s...)", c.Name, c.Trust, c.SafetyNumber[:5])
	return m, nil
}

// spaced groups six digits as they are read aloud.
func spaced(code string) string {
	if len(code) != 6 {
		return code
	}
	return code[:3] + " " + code[3:]
}

func (s *stage) chat(ctx context.Context, say sayer, amina, claire *drive.Process, m drive.Meeting) error {
	lines := []struct {
		from, to *drive.Process
		who      int
		contact  string
		text     string
	}{
		{amina, claire, 0, m.Presenter, "Bonjour Claire. Page 4 still needs your eye."},
		{claire, amina, 1, m.Scanner, "« D’accord. » Give me ten minutes."},
		{amina, claire, 0, m.Presenter, "شكراً، نلتقي الساعة 10:30 عند المدخل."},
	}
	for _, l := range lines {
		if err := deliver(ctx, say, l.from, l.to, cast[l.who], l.contact, l.text); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends a text and waits until it has arrived and its receipt has come back.
func deliver(ctx context.Context, say sayer, from, to *drive.Process, who, contact, text string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id, err := from.Send(ctx, contact, text)
	if err != nil {
		return err
	}
	if err := arrives(ctx, to, text); err != nil {
		return err
	}
	if err := delivered(ctx, from, id); err != nil {
		return err
	}
	say(who, "%s   (delivered)", text)
	return nil
}

func arrives(ctx context.Context, to *drive.Process, text string) error {
	_, err := to.Await(ctx, "the message", func(e drive.Event) bool {
		return e.Type() == "message.received" && e.Text("text") == text
	})
	return err
}

func delivered(ctx context.Context, from *drive.Process, id string) error {
	_, err := from.Await(ctx, "the receipt", func(e drive.Event) bool {
		return e.Type() == "message.state" && e.Text("message") == id && e.Text("state") == "delivered"
	})
	return err
}

// survive kills Claire's process, lets Amina write to her meanwhile, and starts it again.
func (s *stage) survive(ctx context.Context, say sayer, amina, claire *drive.Process, m drive.Meeting) (*drive.Process, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	claire.Kill()
	say(cast[1], "is gone: her process was killed without warning (SIGKILL)")
	const text = "Door code is the usual one."
	id, err := amina.Send(ctx, m.Presenter, text)
	if err != nil {
		return claire, err
	}
	say(cast[0], "%s   (waiting: on her computer only)", text)
	again, err := s.start(cast[1])
	if err != nil {
		return claire, err
	}
	say(cast[1], "is back")
	if err := arrives(ctx, again, text); err != nil {
		return again, err
	}
	if err := delivered(ctx, amina, id); err != nil {
		return again, err
	}
	say(cast[0], "%s   (delivered)", text)
	var list struct{ Messages []struct{ Text string } }
	if err := again.Call(ctx, "message.list", map[string]any{"contact": m.Scanner, "limit": 50}, &list); err != nil {
		return again, err
	}
	say(cast[1], "has all %d messages, each once", len(list.Messages))
	return again, nil
}
