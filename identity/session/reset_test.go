package session

import (
	"bytes"
	"errors"
	"slices"
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

// A box ahead of its turn does nothing. One of S that says how far it is already is
// answered with an ask: this side is an older copy.
func TestResetReordered(t *testing.T) {
	s, r, all := boxes(t)
	for step, taker := range []*end{s, r, s, r, s} {
		for n := max(2, step+1); n <= 5; n++ {
			to := []*end{s, r}[n%2]
			if step > 1 || n != 3 {
				to.drops(all[n], ErrForged)
				continue
			}
			before := r.reset.Marshal()
			ask, err := r.reset.open(r.take(all[3]))
			if err != nil || ask.kind != 0 || ask.n != 2 || !bytes.Equal(r.reset.Marshal(), before) {
				t.Errorf("an M3 that R knows nothing of: %v", err)
			}
		}
		all[step+1] = taker.take(all[step])
	}
	r.take(all[5])
	agreed(t, s, r, 1)
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
	if s.reset = s.reset.Settle(); !s.state.Heard() || len(s.reset.Marshal()) != 82 || before < 4000 {
		t.Errorf("%d bytes before, %d after R was heard", before, len(s.reset.Marshal()))
	}
	s.drops(m4, ErrForged)
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
	old := *s
	r.take(s.start())
	before := r.reset.Marshal()
	reply := r.take(old.start())
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

func TestResetReplayed(t *testing.T) {
	s, r, all := boxes(t)
	run(r, s, r.start())
	s.now, r.now = s.now.Add(time.Hour), r.now.Add(time.Hour)
	run(r, s, r.start())
	agreed(t, s, r, 2)
	for n, to := range []*end{s, r, s, r, s, r} {
		to.drops(all[n], map[bool]error{true: ErrTooSoon, false: ErrForged}[n < 2])
	}
	s.now, r.now = s.now.Add(2*time.Hour), r.now.Add(2*time.Hour)
	for n, to := range []*end{s, r, s, r, s, r} {
		if n >= 2 {
			to.drops(all[n], ErrForged)
		}
	}
	// An old ask or M1 may at most cause a reset, which works.
	run(r, s, r.take(all[1]))
	agreed(t, s, r, 3)
}

// Nobody answers what they said themselves.
func TestResetReflected(t *testing.T) {
	s, r := contacts(t)
	box := r.start()
	from, to := r, s
	for range 5 {
		from.drops(box, ErrForged)
		box = to.take(box)
		from, to = to, from
	}
	from.drops(box, ErrForged)
}

func TestResetOfAnotherContact(t *testing.T) {
	s, r, _ := boxes(t)
	_, _, others := boxes(t)
	for n, box := range others {
		for _, e := range []*end{s, r} {
			if e.drops(box, ErrUnknown); t.Failed() {
				t.Fatalf("message %d", n)
			}
		}
	}
}

// Changed or cut at any place, at any point of a reset.
func TestResetForged(t *testing.T) {
	s, r := contacts(t)
	s.reset.seen = 6
	box := r.start()
	for n, to := range []*end{s, r, s, r, s, r} {
		for at := 0; at < len(box); at += 37 {
			forged := bytes.Clone(box)
			forged[at] ^= 0x40
			to.drops(forged, ErrUnknown)
		}
		for _, cut := range [][]byte{nil, box[:1], box[:len(box)-1], append(bytes.Clone(box), 0), make([]byte, len(box))} {
			to.drops(cut, ErrUnknown)
		}
		// Behind the box, where only who has RS gets.
		m, err := to.reset.open(box)
		if err != nil {
			t.Fatal(err)
		}
		below := m.n + 100
		if m.kind == 3 {
			below = 1 // above, R would see an older copy in itself
		}
		for name, other := range map[string]message{
			"number 0":      {0, m.kind, m.body},
			"number above":  {maxNumber + 1, m.kind, m.body},
			"other number":  {below, m.kind, m.body},
			"other type":    {m.n, m.kind + 2, m.body},
			"unknown type":  {m.n, m.kind + 6, m.body},
			"empty message": {m.n, m.kind, append(make([]byte, len(m.body)-1), 1)},
		} {
			switch {
			case m.kind == 0 && name == "other number":
				continue // a good one
			case m.kind == 1 && name != "number 0" && name != "number above":
				continue // as good as any other M1, or an M3 ahead of it
			}
			before := to.reset.Marshal()
			if reply, err := to.try(to.reset.seal(other)); err != ErrForged || reply != nil || !bytes.Equal(before, to.reset.Marshal()) {
				t.Errorf("message %d, %s: %v", n, name, err)
			}
		}
		box = to.take(box)
	}
	agreed(t, s, r, 1)
}

// Whoever has RS but not the keys of the contact ends a reset at most.
func TestResetWithWrongKeys(t *testing.T) {
	s, r := contacts(t)
	thief := identity.New()
	// In the place of R.
	m1, err := s.reset.open(s.start())
	if err != nil {
		t.Fatal(err)
	}
	p, err := pairing.AwaitReset(thief, s.id.Bundle(), s.reset.invite(1))
	if err != nil {
		t.Fatal(err)
	}
	result, _, err := p.Receive(thief, m1.body, start)
	if err != nil {
		t.Fatal(err)
	}
	if reply, err := s.try(s.reset.seal(message{1, 2, result.Reply})); err != pairing.ErrWrongPeer || reply != nil || s.reset.UnderWay() {
		t.Errorf("S: %v", err)
	}
	// In the place of S.
	p, err = pairing.BeginReset(thief, r.id.Bundle(), r.reset.invite(1))
	if err != nil {
		t.Fatal(err)
	}
	m2, err := r.reset.open(r.take(r.reset.seal(message{1, 1, p.Last()})))
	if err != nil {
		t.Fatal(err)
	}
	if result, _, err = p.Receive(thief, m2.body, start); err != nil {
		t.Fatal(err)
	}
	if reply, err := r.try(r.reset.seal(message{1, 3, result.Reply})); err != pairing.ErrWrongPeer || reply != nil || r.reset.UnderWay() {
		t.Errorf("R: %v", err)
	}
	for _, e := range []*end{s, r} {
		if e.reload = true; e.renewed != 0 {
			t.Error("a session was renewed")
		}
		if _, _, err := e.reset.Start(e.id, e.peer, e.now); err != ErrTooSoon {
			t.Errorf("a reset that failed is followed at once: %v", err)
		}
		e.now = e.now.Add(time.Hour)
	}
	run(s, r, s.start())
	agreed(t, s, r, 1)
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

// A key that is no longer needed is not stored.
func TestResetErases(t *testing.T) {
	s, r := contacts(t)
	r.take(s.take(r.take(s.start())))
	secrets, ok := r.reset.pairing.Secrets()
	if !ok {
		t.Fatal("R has no secrets to try a first box with")
	}
	run(r, s, r.reset.Last())
	for _, e := range []*end{s, r} {
		for name, secret := range map[string][]byte{
			"SK": secrets.SK[:], "HKa": secrets.HKa[:], "NHKb": secrets.NHKb[:], "ratchet seed": secrets.RatchetKey,
		} {
			if bytes.Contains(e.reset.Marshal(), secret) {
				t.Errorf("%s is kept", name)
			}
		}
	}
	if n := len(r.reset.Marshal()); n != 82 {
		t.Errorf("R keeps %d bytes", n)
	}
}

func TestUnmarshalResetIsStrict(t *testing.T) {
	s, r := contacts(t)
	all := []Reset{s.reset, r.reset}
	box := r.start()
	all = append(all, r.reset)
	for _, to := range []*end{s, r, s, r, s, r} {
		box = to.take(box)
		all = append(all, to.reset)
	}
	largest := 0
	for i, reset := range all {
		good := reset.Marshal()
		largest = max(largest, len(good))
		for n := range good {
			if _, err := UnmarshalReset(good[:n]); err != ErrMalformed && n != 82 {
				t.Fatalf("state %d, %d of %d bytes: %v", i, n, len(good), err)
			}
		}
		if _, err := UnmarshalReset(append(slices.Clone(good), 0)); err != ErrMalformed {
			t.Errorf("state %d, a trailing byte: %v", i, err)
		}
		for at, to := range map[int]byte{0: 2, 1: 2, 34: 0x41} {
			b := slices.Clone(good)
			b[at] = to
			if _, err := UnmarshalReset(b); err != ErrMalformed {
				t.Errorf("state %d, byte %d set to %d: %v", i, at, to, err)
			}
		}
		if len(good) > 82 {
			b := slices.Clone(good)
			b[1] = 1
			if _, err := UnmarshalReset(b); err != ErrMalformed {
				t.Errorf("state %d, asking besides: %v", i, err)
			}
		}
	}
	if largest > 12<<10 {
		t.Errorf("%d bytes", largest)
	}
	card := identity.NewCard(s.id.Fingerprint(), time.Hour, false, start)
	p, err := pairing.Scan(r.id, "R", card, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := UnmarshalReset(append(s.reset.Marshal()[:82], p.Marshal()...)); err != ErrMalformed {
		t.Errorf("a pairing with a card: %v", err)
	}
	p, err = pairing.AwaitReset(r.id, s.id.Bundle(), [16]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := UnmarshalReset(append(s.reset.Marshal()[:82], p.Marshal()...)); err != ErrMalformed {
		t.Errorf("a pairing that waits for M1: %v", err)
	}
}
