package start

import (
	"context"
	"errors"
	"testing"

	"tacit/app"
)

// later collects work, so that a test decides when it ends.
type later struct {
	work []func(context.Context) func()
}

func (l *later) run(w func(context.Context) func()) { l.work = append(l.work, w) }

func (l *later) finish(t *testing.T) {
	t.Helper()
	if len(l.work) != 1 {
		t.Fatalf("%d calls under way, want 1", len(l.work))
	}
	w := l.work[0]
	l.work = nil
	w(t.Context())()
}

type made struct {
	name, passphrase string
	calls            int
	err              error
}

func (m *made) create(_ context.Context, name, passphrase string) error {
	m.name, m.passphrase = name, passphrase
	m.calls++
	return m.err
}

func TestFirstWithProposedPassphrase(t *testing.T) {
	var l later
	var m made
	f := NewFirst(l.run, m.create)
	done := false
	busy := false // as the screen shows it
	f.OnChange = func() { busy = f.Busy }
	f.OnDone = func() { done = true }
	f.SetName(" Amina ")
	words := f.Suggest()
	if f.Strength() != Impossible || f.AskAgain() {
		t.Fatalf("strength %d, second field %t", f.Strength(), f.AskAgain())
	}
	if another := f.Suggest(); another == words {
		t.Error("the same words were proposed again")
	} else {
		words = another
	}
	f.Submit()
	if !f.Busy || done {
		t.Fatalf("busy %t, done %t", f.Busy, done)
	}
	f.Submit() // a second press while busy
	f.SetName("Mallory")
	l.finish(t)
	if !done || m.calls != 1 || m.name != "Amina" || m.passphrase != words {
		t.Errorf("done %t, made %d times with name %q", done, m.calls, m.name)
	}
	if f.passphrase != "" {
		t.Error("the passphrase is kept")
	}
	if busy {
		t.Error("the ring still turns")
	}
}

func TestFirstTypedPassphraseIsTypedTwice(t *testing.T) {
	var l later
	var m made
	f := NewFirst(l.run, m.create)
	f.SetName("Amina")
	f.Suggest()
	f.SetPassphrase("grumbly tulip anchor marble winter pine")
	if !f.AskAgain() {
		t.Fatal("no second field for a typed passphrase")
	}
	f.Submit()
	if !errors.Is(f.AgainErr, ErrPassphraseDiffers) || f.Busy {
		t.Fatalf("error %v", f.AgainErr)
	}
	f.SetAgain("grumbly tulip anchor marble winter pine")
	if f.AgainErr != nil {
		t.Error("the error stays after a change")
	}
	f.Submit()
	l.finish(t)
	if m.calls != 1 {
		t.Error("not made")
	}
}

func TestFirstRefusesAnEasyPassphrase(t *testing.T) {
	for easy, want := range map[string]error{"": ErrPassphraseEmpty, "password1": ErrPassphraseEasy, "Amina2024": ErrPassphraseEasy} {
		var l later
		f := NewFirst(l.run, (&made{}).create)
		f.SetName("Amina")
		f.SetPassphrase(easy)
		f.SetAgain(easy)
		f.Submit()
		f.Submit()
		if !errors.Is(f.PassphraseErr, want) || len(l.work) > 0 {
			t.Errorf("%q: error %v, %d calls", easy, f.PassphraseErr, len(l.work))
		}
	}
}

func TestFirstAsksBeforeAGuessablePassphrase(t *testing.T) {
	const guessable = "tulip anchor marble"
	var l later
	f := NewFirst(l.run, (&made{}).create)
	f.SetName("Amina")
	f.SetPassphrase(guessable)
	f.SetAgain(guessable)
	f.Submit()
	if !f.Asking || f.Busy {
		t.Fatalf("asking %t, busy %t", f.Asking, f.Busy)
	}
	f.SetPassphrase(guessable + " x") // a change takes the question back
	if f.Asking {
		t.Fatal("still asking")
	}
	f.SetAgain(guessable + " x")
	f.Submit()
	f.Submit()
	if !f.Busy {
		t.Error("the second press does not take it")
	}
}

func TestFirstNames(t *testing.T) {
	var l later
	f := NewFirst(l.run, (&made{}).create)
	f.Suggest()
	f.Submit()
	if !errors.Is(f.NameErr, app.ErrNameEmpty) {
		t.Errorf("empty name: %v", f.NameErr)
	}
	f.SetName("Ami\u202ena")
	if !f.Hidden {
		t.Error("hidden characters are not told")
	}
	if len(l.work) > 0 {
		t.Error("a profile is made without a name")
	}
}

func TestFirstShowsWhyItFailed(t *testing.T) {
	var l later
	m := made{err: app.ErrDiskFull}
	f := NewFirst(l.run, m.create)
	f.SetName("Amina")
	f.Suggest()
	f.Submit()
	l.finish(t)
	if f.Busy || !errors.Is(f.Err, app.ErrDiskFull) {
		t.Fatalf("busy %t, error %v", f.Busy, f.Err)
	}
	m.err = nil
	f.Submit()
	l.finish(t)
	if m.calls != 2 {
		t.Error("not tried again")
	}
}

func TestUnlock(t *testing.T) {
	var l later
	refuse := app.ErrPassphrase
	tried := ""
	u := NewUnlock(l.run, func(_ context.Context, p string) error { tried = p; return refuse })
	done, busy := false, false
	u.OnChange = func() { busy = u.Busy }
	u.OnDone = func() { done = true }
	u.Submit()
	if u.Busy {
		t.Fatal("an empty passphrase is tried")
	}
	u.SetPassphrase("one")
	u.Submit()
	u.SetPassphrase("two") // typed while busy: not taken
	l.finish(t)
	if tried != "one" || !errors.Is(u.Err, app.ErrPassphrase) || done {
		t.Fatalf("tried %q, error %v", tried, u.Err)
	}
	u.SetPassphrase("three")
	if u.Err != nil {
		t.Error("the error stays after a change")
	}
	refuse = nil
	u.Submit()
	l.finish(t)
	if tried != "three" || !done || u.passphrase != "" || busy {
		t.Errorf("tried %q, done %t, ring turning %t", tried, done, busy)
	}
}
