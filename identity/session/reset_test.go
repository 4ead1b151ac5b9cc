package session

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// end is one of two contacts.
type end struct {
	t       testing.TB
	id      *identity.Identity
	peer    identity.Bundle
	state   State
	reset   Reset
	now     time.Time
	reload  bool // restarts after each step
	renewed int
}

// contacts returns two who paired and talked, S of their resets first.
func contacts(t testing.TB) (s, r *end) {
	t.Helper()
	idA, idB := identity.New(), identity.New()
	secretsA, secretsB := meet(t, idA, idB)
	stateA, errA := New(secretsA, start)
	stateB, errB := New(secretsB, start)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	open(t, &stateA, seal(t, &stateB, "hello"), "hello")
	open(t, &stateB, seal(t, &stateA, "hello"), "hello")
	now := start.Add(24 * time.Hour)
	a := &end{t: t, id: idA, peer: idB.Bundle(), state: stateA, reset: NewReset(secretsA.RS, 0), now: now}
	b := &end{t: t, id: idB, peer: idA.Bundle(), state: stateB, reset: NewReset(secretsB.RS, 0), now: now}
	if leads(idA, idB.Bundle()) {
		return a, b
	}
	return b, a
}

func (e *end) start() []byte {
	e.t.Helper()
	step, next, err := e.reset.Start(e.id, e.peer, e.now)
	if err != nil {
		e.t.Fatal(err)
	}
	e.keep(step, next)
	return step.Reply
}

func (e *end) keep(step Step, next Reset) {
	e.t.Helper()
	if step.Changed == bytes.Equal(next.Marshal(), e.reset.Marshal()) {
		e.t.Errorf("Changed is %v", step.Changed)
	}
	if next.Number() < e.reset.Number() {
		e.t.Errorf("number %d after %d", next.Number(), e.reset.Number())
	}
	e.reset = next
	if step.Renewed != nil {
		e.renewed++
		renewed, err := e.state.Renew(*step.Renewed, e.now)
		if err != nil {
			e.t.Fatal(err)
		}
		e.state = renewed
	}
	if e.reload {
		e.restart()
	}
}

// restart passes what is stored through its bytes.
func (e *end) restart() {
	e.t.Helper()
	reset, err := UnmarshalReset(e.reset.Marshal())
	if err != nil || !bytes.Equal(reset.Marshal(), e.reset.Marshal()) {
		e.t.Fatalf("stored and read: %v", err)
	}
	e.reset, e.state = reset, restore(e.t, e.state)
}

// take receives a box and returns the answer.
func (e *end) take(box []byte) []byte {
	e.t.Helper()
	reply, err := e.try(box)
	if err != nil {
		e.t.Fatal(err)
	}
	return reply
}

func (e *end) try(box []byte) ([]byte, error) {
	e.t.Helper()
	step, next, err := e.reset.Receive(e.id, e.peer, box, e.now)
	if err != nil && !step.Changed {
		if step.Reply != nil || step.Renewed != nil || !bytes.Equal(next.Marshal(), e.reset.Marshal()) {
			e.t.Fatalf("%v, and yet something changed", err)
		}
		return nil, err
	}
	e.keep(step, next)
	if step.Opens {
		content, state, err := e.state.Open(box, e.now)
		if err != nil {
			e.t.Fatalf("the first box does not open: %v", err)
		}
		e.state = state
		return content, nil
	}
	return step.Reply, err
}

// drops hands over a box that has to change nothing.
func (e *end) drops(box []byte, want error) {
	e.t.Helper()
	before := e.reset.Marshal()
	if reply, err := e.try(box); !errors.Is(err, want) || reply != nil || !bytes.Equal(before, e.reset.Marshal()) {
		e.t.Errorf("got %v, want %v and no change", err, want)
	}
}

// run passes boxes to and fro, beginning with one for to, until nobody answers.
func run(from, to *end, box []byte) {
	for box != nil {
		box = to.take(box)
		from, to = to, from
	}
}

// agreed checks that the two share a new ratchet that sends, both ways.
func agreed(t testing.TB, s, r *end, resets int) {
	t.Helper()
	for _, e := range []*end{s, r} {
		if e.renewed != resets || e.reset.UnderWay() || e.reset.Last() != nil {
			t.Errorf("%d renewals, want %d; under way: %v", e.renewed, resets, e.reset.UnderWay())
		}
	}
	if s.reset.Number() != r.reset.Number() {
		t.Errorf("numbers %d and %d", s.reset.Number(), r.reset.Number())
	}
	if a, b := s.state.lines[0], r.state.lines[0]; a.t2 != b.t2 || a.rs != b.rs {
		t.Fatal("they send in different ratchets")
	}
	talk(t, s, r)
}

func talk(t testing.TB, s, r *end) {
	t.Helper()
	for range 2 {
		open(t, &r.state, seal(t, &s.state, "there"), "there")
		open(t, &s.state, seal(t, &r.state, "back"), "back")
	}
}

func TestReset(t *testing.T) {
	for _, reload := range []bool{false, true} {
		for _, name := range []string{"S starts", "R asks", "both at once"} {
			t.Run(name, func(t *testing.T) {
				s, r := contacts(t)
				s.reload, r.reload = reload, reload
				rs := s.state.lines[0].rs
				lateS, lateR := seal(t, &s.state, "sent before"), seal(t, &r.state, "sent before")
				switch name {
				case "S starts":
					run(s, r, s.start())
				case "R asks":
					run(r, s, r.start())
				case "both at once":
					ask := r.start()
					m1 := s.start()
					again := s.take(ask)
					run(s, r, m1)
					if reply, err := r.try(again); err == nil || reply != nil {
						t.Errorf("an M1 of a reset that ended: %v", err)
					}
				}
				agreed(t, s, r, 1)
				if s.reset.Number() != 1 {
					t.Errorf("number %d", s.reset.Number())
				}
				for _, e := range []*end{s, r} {
					if got, ok := e.state.ResetSecret(); !ok || got != rs {
						t.Error("RS is not that of the pairing")
					}
				}
				// What the old ratchet sealed still opens.
				open(t, &r.state, lateS, "sent before")
				open(t, &s.state, lateR, "sent before")
			})
		}
	}
}

// boxes returns the boxes of one reset, 0 for the ask to 5 for M5, and who takes each.
// The ends are as they were before it.
func boxes(t testing.TB) (s, r *end, all [6][]byte) {
	t.Helper()
	s, r = contacts(t)
	before := [2]end{*s, *r}
	all[0] = r.start()
	for n, to := range []*end{s, r, s, r, s} {
		all[n+1] = to.take(all[n])
	}
	*s, *r = before[0], before[1]
	return s, r, all
}

// Whatever is repeated, and however late: it is answered with the same message, or dropped.
func TestResetRepeats(t *testing.T) {
	s, r := contacts(t)
	box := r.start()
	sent := [][]byte{box}
	takers := []*end{s, r, s, r, s, r}
	for n, to := range takers {
		reply := to.take(box)
		for again := n % 2; again <= n; again += 2 {
			before := to.reset.Marshal()
			answer, _ := to.try(sent[again])
			if !bytes.Equal(to.reset.Marshal(), before) {
				t.Errorf("after message %d a repeated %d changes something", n, again)
			}
			if again < n || answer == nil {
				continue
			}
			a, errA := to.reset.open(reply)
			b, errB := to.reset.open(answer)
			if errA != nil || errB != nil || a.kind != b.kind || !bytes.Equal(a.body, b.body) {
				t.Errorf("a repeated message %d gets another answer", n)
			}
			if bytes.Equal(reply, answer) {
				t.Errorf("the answers to message %d can be linked", n)
			}
		}
		if again, err := to.try(box); n < 5 && (again == nil || err != nil) {
			t.Errorf("message %d repeated: %v", n, err)
		}
		box = reply
		sent = append(sent, reply)
	}
	agreed(t, s, r, 1)
}

// Every box is lost at first. Each side repeats its last until the next one comes.
func TestResetLosses(t *testing.T) {
	for _, starter := range []string{"S", "R"} {
		s, r := contacts(t)
		s.reload, r.reload = true, true
		if starter == "S" {
			s.start()
		} else {
			r.start()
		}
		for range 10 {
			for _, e := range []*end{s, r} {
				to := s
				if e == s {
					to = r
				}
				if box := e.reset.Last(); box != nil {
					if reply, err := to.try(e.reset.Last()); err == nil && reply != nil && e.reset.pairing.Phase() == pairing.Confirming {
						e.take(reply) // M5 is an answer only
					}
				}
			}
		}
		agreed(t, s, r, 1)
	}
}

func TestResetFirstBoxStandsForM5(t *testing.T) {
	for _, size := range []int{0, envelope.MaxContent} {
		s, r := contacts(t)
		r.reload, s.reload = true, true
		m4 := r.take(s.take(r.take(s.start())))
		m5 := s.take(m4)
		first := seal(t, &s.state, string(make([]byte, size)))
		second := seal(t, &s.state, "second")
		if got := r.take(second); string(got) != "second" {
			t.Fatal("the box of the new ratchet is not opened")
		}
		open(t, &r.state, first, string(make([]byte, size)))
		r.drops(m5, ErrForged)
		agreed(t, s, r, 1)
	}
}

func TestResetFirstBoxIsForged(t *testing.T) {
	s, r := contacts(t)
	s.take(r.take(s.take(r.take(s.start()))))
	first := seal(t, &s.state, "first")
	for _, at := range []int{0, 100, 3000, len(first) - 1} {
		forged := bytes.Clone(first)
		forged[at] ^= 1
		r.drops(forged, ErrUnknown)
	}
	r.drops(first[1:], ErrUnknown)
	r.take(first)
	agreed(t, s, r, 1)
}

// M5 and the first box are lost, and asked for by M4 until R was heard.
func TestResetM5IsKept(t *testing.T) {
	s, r := contacts(t)
	m4 := r.take(s.take(r.take(s.start())))
	s.take(m4)
	if s.reset = s.reset.Settle(); s.state.Heard() {
		t.Error("R was not heard")
	}
	s, r = contacts(t)
	m4 = r.take(s.take(r.take(s.start())))
	s.take(m4)
	s.now = s.now.Add(100 * 24 * time.Hour)
	s.restart()
	r.take(s.take(r.reset.Last()))
	agreed(t, s, r, 1)
	before := len(s.reset.Marshal())
	if s.reset = s.reset.Settle(); !s.state.Heard() || len(s.reset.Marshal()) != 50 || before < 4000 {
		t.Errorf("%d bytes before, %d after R was heard", before, len(s.reset.Marshal()))
	}
	r.now = r.now.Add(time.Hour)
	r.start()
	if r.reset.Settle().Last() == nil {
		t.Error("Settle ends what is under way")
	}
}

func TestResetOnceAnHour(t *testing.T) {
	for _, by := range []string{"S", "R"} {
		s, r := contacts(t)
		run(s, r, s.start())
		first, other := s, r
		if by == "R" {
			first, other = r, s
		}
		for _, after := range []time.Duration{0, time.Second, time.Hour - time.Second} {
			first.now = s.now.Add(after)
			if step, next, err := first.reset.Start(first.id, first.peer, first.now); err != ErrTooSoon || step.Changed || step.Reply != nil ||
				!bytes.Equal(next.Marshal(), first.reset.Marshal()) {
				t.Errorf("%s after %v: %v", by, after, err)
			}
			first.now = start.Add(24 * time.Hour)
		}
		// By the clock of the one that starts the hour is over; by the other's it is not.
		first.now = first.now.Add(time.Hour)
		box := first.start()
		other.drops(box, ErrTooSoon)
		// The other's clock went back behind the last reset: that does not block.
		other.now = other.now.Add(-time.Second)
		run(first, other, box)
		agreed(t, s, r, 2)
		if s.reset.Number() != 2 {
			t.Errorf("number %d", s.reset.Number())
		}
	}
}
