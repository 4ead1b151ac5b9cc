package ui

import (
	"context"
	"testing"

	"tacit/ui/theme"
)

// TestTheDesktopAsksForLessMovement: before a profile is open and in one, unless its person
// chose otherwise.
func TestTheDesktopAsksForLessMovement(t *testing.T) {
	s, m := open(t)
	t.Cleanup(func() { theme.SetReducedMotion(false) })
	still := func() bool { return theme.Motion(theme.PaneTime) == 0 }
	var tell func(bool)
	ready := make(chan struct{})
	s.w.options.Motion = func(ctx context.Context, told func(bool)) {
		tell = told
		close(ready)
		<-ctx.Done()
	}
	s.w.followMotion()
	<-ready
	tell(true)
	until(t, m, "less movement", still)
	s.look.SetStill(false)
	if still() {
		t.Error("the person's choice does not count")
	}
	tell(false)
	tell(true)
	until(t, m, "answers", func() bool { return len(m.posted) == 0 })
	if still() {
		t.Error("the desktop overrides the person")
	}
	s.w.leave()
	<-s.w.closing
	tell(false)
	tell(true)
	until(t, m, "less movement without a profile", still)
}

func TestLettersAreApplied(t *testing.T) {
	s, _ := open(t)
	t.Cleanup(func() { theme.SetLetters(theme.FamilyPlain) })
	s.look.SetLetters("book")
	if theme.Body.Family != theme.FamilyBook {
		t.Errorf("body in %q", theme.Body.Family)
	}
}
