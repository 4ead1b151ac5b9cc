package session

import (
	"bytes"
	"testing"
	"time"

	"tacit/identity/pairing"
)

// Boxes of another handshake with the same number, at every point: one of the two is an
// older copy. S moves up, R asks it to.
func TestResetMisplaced(t *testing.T) {
	s, r, all := boxes(t)
	misplaced := func(point int) {
		for n := 1; n <= 5; n++ {
			e := *[]*end{s, r}[n%2]
			if n == 1 && e.reset.Number() == 0 {
				continue // the first of its number
			}
			before := e.reset.Marshal()
			reply, err := e.try(all[n])
			m, opened := e.reset.open(reply)
			same := bytes.Equal(before, e.reset.Marshal())
			ok := opened == nil && err == nil
			switch ended := point == 5 || point == 4 && n%2 == 0; { // S has agreed before R
			case n == 5:
				ok = err == ErrForged && same
			case ended:
				ok = err == ErrTooSoon && same
			case n == 1, n == 3:
				ok = ok && m.kind == 0 && m.n == 2 && same
			default:
				ok = ok && m.kind == 1 && m.n == 2 && e.reset.Number() == 2
			}
			if !ok {
				t.Errorf("after message %d another M%d: %v, answered with %d of number %d", point, n, err, m.kind, m.n)
			}
		}
	}
	box := s.start()
	for n, to := range []*end{r, s, r, s, r} {
		misplaced(n)
		box = to.take(box)
	}
	misplaced(5)
	agreed(t, s, r, 1)
}

// R was restored and read an M1 again that it had answered before: it is in another
// handshake of this number than S.
func TestResetFirstMessageReadTwice(t *testing.T) {
	for _, point := range []int{2, 4} { // S sent M3, or has agreed
		s, r := contacts(t)
		m1 := s.start()
		box := m1
		for n := range point {
			box = []*end{r, s}[n%2].take(box)
		}
		r.reset, r.state = NewReset(r.reset.rs, 0), State{}
		s.renewed, r.renewed = 0, 0
		r.start()
		m2 := r.take(m1)
		s.now = s.now.Add(time.Hour)
		run(r, s, m2)
		if s.reset.Number() != 2 {
			t.Errorf("number %d", s.reset.Number())
		}
		agreed(t, s, r, 1)
	}
}

// One of the two was restored from an older copy, at any moment of a reset of the other.
func TestResetAfterRestore(t *testing.T) {
	for _, restored := range []string{"S", "R"} {
		for lag := range uint64(3) { // how many numbers the copy is behind
			for at := range 6 {
				s, r := contacts(t)
				s.reset, r.reset = NewReset(s.reset.rs, 7), NewReset(s.reset.rs, 7)
				box := s.start() // number 8, interrupted after at messages
				for n := range at {
					box = []*end{r, s}[n%2].take(box)
				}
				first, other := s, r
				if restored == "R" {
					first, other = r, s
				}
				first.reset, first.state = NewReset(first.reset.rs, 8-lag), State{}
				s.renewed, r.renewed = 0, 0
				s.now, r.now = s.now.Add(time.Hour), r.now.Add(time.Hour)
				run(first, other, first.start())
				if s.reset.Number() < 8 {
					t.Errorf("number %d", s.reset.Number())
				}
				s.reload, r.reload = true, true
				agreed(t, s, r, 1)
			}
		}
	}
}

// An S that was restored has no other M1 for the same number taken, nor an old one.
func TestResetStaleFirstMessages(t *testing.T) {
	s, r := contacts(t)
	s.reset, r.reset = NewReset(s.reset.rs, 4), NewReset(s.reset.rs, 4)
	old, older := *s, *s
	older.reset.seen = 1
	r.take(s.start())
	before := r.reset.Marshal()
	reply := r.take(older.start())
	if older.take(reply); older.reset.Number() != 6 {
		t.Errorf("S moves up to %d", older.reset.Number())
	}
	reply = r.take(old.start())
	ask, err := r.reset.open(reply)
	if err != nil || ask.kind != 0 || ask.n != 6 || !bytes.Equal(before, r.reset.Marshal()) {
		t.Errorf("another M1 of number 5: %v, answered with %d of %d", err, ask.kind, ask.n)
	}
	old.take(reply)
	if old.reset.Number() != 6 {
		t.Errorf("S moves up to %d", old.reset.Number())
	}
	run(&old, r, old.reset.Last())
	agreed(t, &old, r, 1)

	// Within the hour nothing is asked for.
	s.reset, s.renewed = NewReset(s.reset.rs, 2), 0
	r.drops(s.start(), ErrTooSoon)
}

// A box that comes again later does nothing within the hour. After it, it may cause one
// reset at most, which works.
func TestResetReplayed(t *testing.T) {
	s, r, all := boxes(t)
	run(r, s, r.start())
	resets := 1
	for n, to := range []*end{s, r, s, r, s, r} {
		for i, box := range all {
			[]*end{s, r}[i%2].drops(box, map[bool]error{true: ErrForged, false: ErrTooSoon}[i == 5])
		}
		s.now, r.now = s.now.Add(time.Hour), r.now.Add(time.Hour)
		if reply, err := to.try(all[n]); err == nil {
			other := []*end{r, s}[n%2]
			run(to, other, reply)
			resets++
		}
		agreed(t, s, r, resets)
	}
	if resets != 6 {
		t.Errorf("%d resets", resets)
	}
}

func TestResetNumbersEnd(t *testing.T) {
	s, r := contacts(t)
	for _, e := range []*end{s, r} {
		e.reset.seen = maxNumber - 1
	}
	run(s, r, s.start())
	agreed(t, s, r, 1)
	for _, e := range []*end{s, r} {
		e.restart()
		e.now = e.now.Add(time.Hour)
		if _, _, err := e.reset.Start(e.id, e.peer, e.now); err != ErrExhausted {
			t.Errorf("a number above all: %v", err)
		}
	}
	s.drops(r.reset.ask(maxNumber), ErrExhausted)
	r.drops(s.reset.seal(message{maxNumber, 1, make([]byte, pairing.ResetSize)}), ErrExhausted)
}
