package transport

import (
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// epoch is when time begins that is moved by hand.
var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func seekable(n int) (list []met) {
	for i := range n {
		h := identity.Handle{byte(i), byte(i >> 8), 1}
		list = append(list, met{Party: identity.Party{
			Handle: h, Dial: []identity.LinkKey{{byte(i), byte(i >> 8)}}, Node: identity.Hint{Name: "n", Port: 1}}})
	}
	return list
}

// TestSeekerRests: a party that is not there is looked for at once, and then at times that
// nobody can foresee, a quarter of an hour apart on average.
func TestSeekerRests(t *testing.T) {
	now := epoch
	s := newSeeker(now)
	list := seekable(1)
	s.update(now, list)
	if errands, _ := s.next(now); len(errands) != 1 {
		t.Fatalf("%d searches at first", len(errands))
	}
	var sum time.Duration
	const looks = 2000
	for range looks {
		s.done(now, list[0].Handle, nil)
		errands, wake := s.next(now)
		if len(errands) > 0 || wake.IsZero() {
			t.Fatalf("%d searches, next at %v", len(errands), wake)
		}
		sum += wake.Sub(now)
		now = wake
		if errands, _ = s.next(now); len(errands) != 1 {
			t.Fatal("no search when it is due")
		}
	}
	if mean := sum / looks; mean < 13*time.Minute || mean > 16*time.Minute {
		t.Errorf("a search every %v", mean)
	}
}

// TestSeekerHastens: whoever has a message has it looked for at once, but not without end;
// a lost link is looked for several times within half a minute.
func TestSeekerHastens(t *testing.T) {
	now := epoch
	s := newSeeker(now)
	list := seekable(1)
	h := list[0].Handle
	s.update(now, list)
	s.next(now)
	s.seek(now, h) // while it is looked for
	s.done(now, h, nil)
	if errands, wake := s.next(now); len(errands) != 0 || wake.Sub(now) > seekPause {
		t.Errorf("%d searches, next in %v", len(errands), wake.Sub(now))
	}
	now = now.Add(seekPause)
	if errands, _ := s.next(now); len(errands) != 1 {
		t.Error("sought while it was looked for, and not looked for again")
	}
	s.done(now, h, nil)

	list[0].linked = true
	s.update(now, list)
	now = now.Add(time.Hour)
	if errands, _ := s.next(now); len(errands) != 0 {
		t.Error("looks for a party that is there")
	}
	list[0].linked = false
	s.update(now, list)
	lost, tries := now, 0
	for now.Sub(lost) < 30*time.Second {
		errands, wake := s.next(now)
		if len(errands) > 0 {
			tries++
			s.done(now, h, nil)
			continue
		}
		if wake.IsZero() || wake.Sub(now) > time.Minute {
			break
		}
		now = wake
	}
	if tries < quickTries || tries > quickTries+2 {
		t.Errorf("%d searches within %v after the link was lost", tries, now.Sub(lost))
	}
}

// TestSeekerIsNotHurried: a relay that lets links come and go does not keep this side busy.
func TestSeekerIsNotHurried(t *testing.T) {
	now := epoch
	s := newSeeker(now)
	list := seekable(1)
	s.update(now, list)
	looks := 0
	for now.Sub(epoch) < 10*time.Minute {
		errands, _ := s.next(now)
		looks += len(errands)
		for _, e := range errands {
			list[0].linked = true
			s.update(now, list)
			s.done(now, e.party.Handle, nil)
			now = now.Add(time.Second)
			list[0].linked = false
			s.update(now, list)
		}
		now = now.Add(time.Second)
	}
	if looks > quickTries+4 {
		t.Errorf("%d searches in ten minutes", looks)
	}
	list[0].linked = true
	s.update(now, list)
	now = now.Add(steadyTime)
	list[0].linked = false
	s.update(now, list)
	if errands, wake := s.next(now); len(errands) == 0 && wake.Sub(now) > seekPause {
		t.Error("a link that lived is not looked for at once")
	}
}

// TestSeekerIsNoStorm: a thousand parties cost no more at once than a few.
func TestSeekerIsNoStorm(t *testing.T) {
	now := epoch
	s := newSeeker(now)
	s.update(now, seekable(1000))
	started := 0
	for now.Sub(epoch) < time.Minute {
		errands, _ := s.next(now)
		if len(errands) > maxSeeking {
			t.Fatalf("%d at once", len(errands))
		}
		started += len(errands)
		for _, e := range errands {
			s.done(now, e.party.Handle, nil)
		}
		s.again(now)
		now = now.Add(100 * time.Millisecond)
	}
	if most := seeksPerMinute + maxSeeking; started > most || started < seeksPerMinute/2 {
		t.Errorf("%d searches in a minute, want at most %d", started, most)
	}
}

// TestSeekerForgetsOldPresence: what a party said of itself is of no use after its time.
func TestSeekerForgetsOldPresence(t *testing.T) {
	now := epoch
	s := newSeeker(now)
	list := seekable(1)
	s.update(now, list)
	s.next(now)
	until := now.Add(time.Hour)
	s.done(now, list[0].Handle, []presence{{Presence: mailbox.Presence{Until: until.Unix()}}})
	s.seek(now, list[0].Handle)
	now = now.Add(seekPause)
	if errands, _ := s.next(now); len(errands) != 1 || len(errands[0].found) != 1 {
		t.Fatalf("%+v", errands)
	}
	s.done(now, list[0].Handle, []presence{{Presence: mailbox.Presence{Until: until.Unix()}}})
	now = until
	s.seek(now, list[0].Handle)
	if errands, _ := s.next(now); len(errands) != 1 || len(errands[0].found) != 0 {
		t.Errorf("%+v", errands)
	}
}

// TestSeekerNeedsAKeyAndANode: nobody is looked for who cannot be found.
func TestSeekerNeedsAKeyAndANode(t *testing.T) {
	s := newSeeker(epoch)
	list := seekable(2)
	list[0].Dial, list[1].Node = nil, identity.Hint{}
	s.update(epoch, list)
	if errands, wake := s.next(epoch); len(errands) > 0 || !wake.IsZero() {
		t.Errorf("%d searches", len(errands))
	}
}
