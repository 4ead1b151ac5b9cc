package drive

import (
	"context"
	"io"
	"os/exec"
)

// Init makes a profile with tacitd.
func Init(ctx context.Context, stderr io.Writer, tacitd, dir, name, passFile string) error {
	cmd := exec.CommandContext(ctx, tacitd, "init", "--profile", dir, "--name", name, "--passphrase-file", passFile)
	cmd.Stderr = stderr
	return cmd.Run()
}

// Meeting is what two paired processes call each other.
type Meeting struct {
	Presenter, Scanner         string // the contact's ID: the scanner at the presenter's side, and the reverse
	PresenterCode, ScannerCode string // what each of them showed
}

// Pair lets presenter show a card that scanner accepts, and types the codes of both.
// say is told what happens and may be nil.
func Pair(ctx context.Context, presenter, scanner *Process, say func(string)) (m Meeting, err error) {
	if say == nil {
		say = func(string) {}
	}
	var card struct{ Card, Pairing string }
	if err = presenter.Call(ctx, "card.create", map[string]any{"ttl_seconds": 600}, &card); err != nil {
		return m, err
	}
	say("card: " + card.Card)
	var accepted struct{ Pairing string }
	if err = scanner.Call(ctx, "card.accept", map[string]any{"card": card.Card}, &accepted); err != nil {
		return m, err
	}
	shown, err := scanner.AwaitType(ctx, "pairing.code_needed")
	if err != nil {
		return m, err
	}
	m.ScannerCode = shown.Text("show")
	if shown, err = presenter.AwaitType(ctx, "pairing.code_needed"); err != nil {
		return m, err
	}
	m.PresenterCode = shown.Text("show")
	say("codes: " + m.ScannerCode + " and " + m.PresenterCode)
	if m.Presenter, err = presenter.EnterCode(ctx, shown.Text("pairing"), m.ScannerCode); err != nil {
		return m, err
	}
	if m.Scanner, err = scanner.EnterCode(ctx, accepted.Pairing, m.PresenterCode); err != nil {
		return m, err
	}
	if _, err = presenter.AwaitType(ctx, "contact.added"); err != nil {
		return m, err
	}
	_, err = scanner.AwaitType(ctx, "contact.added")
	return m, err
}

// EnterCode types the peer's digits and returns the contact.
func (p *Process) EnterCode(ctx context.Context, pairing, code string) (contact string, err error) {
	var r struct{ Contact string }
	err = p.Call(ctx, "pairing.enter_code", map[string]any{"pairing": pairing, "code": code}, &r)
	return r.Contact, err
}

// Send sends a text and returns the message's ID.
func (p *Process) Send(ctx context.Context, contact, text string) (message string, err error) {
	var r struct{ Message string }
	err = p.Call(ctx, "message.send", map[string]any{"contact": contact, "text": text}, &r)
	return r.Message, err
}
