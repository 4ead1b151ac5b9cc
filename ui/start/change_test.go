package start

import (
	"context"
	"errors"
	"testing"

	"tacit/app"
)

const good = "grumbly tulip anchor marble winter pine"

func TestChange(t *testing.T) {
	var got [2]string
	var fail error
	busy := 0
	var c *Change
	c = NewChange(func(w func(context.Context) func()) {
		if c.Busy {
			busy++
		}
		w(t.Context())()
	}, func() string { return "Amina" }, func(_ context.Context, old, passphrase string) error {
		if fail == nil {
			got = [2]string{old, passphrase}
		}
		return fail
	})

	c.Submit()
	if !errors.Is(c.OldErr, ErrPassphraseEmpty) || !errors.Is(c.NewErr, ErrPassphraseEmpty) {
		t.Errorf("empty: %v, %v", c.OldErr, c.NewErr)
	}
	c.Edit("old", "password", "password")
	c.Submit()
	if !errors.Is(c.NewErr, ErrPassphraseEasy) {
		t.Errorf("easy: %v", c.NewErr)
	}
	c.Edit("old", good, good+"x")
	c.Submit()
	if !errors.Is(c.AgainErr, ErrPassphraseDiffers) {
		t.Errorf("differs: %v", c.AgainErr)
	}

	c.Edit("old", good, good)
	fail = app.ErrPassphrase
	c.Submit()
	if !errors.Is(c.OldErr, app.ErrPassphrase) || c.Done || c.Busy {
		t.Errorf("wrong old one: %v, done %t", c.OldErr, c.Done)
	}
	fail = app.ErrDiskFull
	c.Submit()
	if !errors.Is(c.Err, app.ErrDiskFull) {
		t.Errorf("full: %v", c.Err)
	}
	if _, p, _ := c.Texts(); p != good {
		t.Error("what was typed is lost")
	}
	fail = nil
	c.Submit()
	if got != [2]string{"old", good} || !c.Done || busy != 3 {
		t.Errorf("changed %q, done %t, busy %d", got, c.Done, busy)
	}
	if old, p, again := c.Texts(); old+p+again != "" {
		t.Error("passphrases are kept")
	}
}

func TestChangeAsksAboutAGuessableOne(t *testing.T) {
	const guessable = "violet harbour"
	if Measure(guessable, "") != Guessable {
		t.Fatalf("%q is %v", guessable, Measure(guessable, ""))
	}
	changed := 0
	c := NewChange(func(w func(context.Context) func()) { w(t.Context())() }, func() string { return "" },
		func(context.Context, string, string) error { changed++; return nil })
	c.Edit("old", guessable, guessable)
	c.Submit()
	if !c.Asking || changed > 0 {
		t.Fatal("taken without a question")
	}
	c.Submit()
	if changed != 1 {
		t.Error("not taken")
	}
}

// vault is a place for settings.
type vault map[string][]byte

func (v vault) Setting(_ context.Context, key string) ([]byte, error) {
	if b, ok := v[key]; ok {
		return b, nil
	}
	return nil, app.ErrNotFound
}

func (v vault) SetSetting(_ context.Context, key string, value []byte) error {
	v[key] = value
	return nil
}

func TestTour(t *testing.T) {
	tour, over, changes := NewTour(), 0, 0
	tour.OnOver = func() { over++ }
	tour.OnChange = func() { changes++ }
	tour.Back()
	for range TourSteps - 1 {
		tour.Next()
	}
	tour.Back()
	tour.Next()
	if over != 0 || tour.Step != TourSteps-1 || changes != TourSteps+1 {
		t.Fatalf("step %d, over %d, %d changes", tour.Step, over, changes)
	}
	tour.Next()
	tour.Skip()
	if over != 1 {
		t.Errorf("over %d times", over)
	}
}

func TestTourIsShownOnce(t *testing.T) {
	v, shown := vault{}, 0
	run := func(w func(context.Context) func()) { w(t.Context())() }
	for range 3 {
		IfUnseen(v, run, func() { shown++ })
	}
	if shown != 1 {
		t.Errorf("shown %d times", shown)
	}
}
