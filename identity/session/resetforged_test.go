package session

import (
	"bytes"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
)

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
		for name, other := range map[string]message{
			"number 0":     {0, m.kind, m.body},
			"number above": {maxNumber + 1, m.kind, m.body},
			"unknown type": {m.n, m.kind + 6, m.body},
			"ask of bytes": {m.n, 0, append(make([]byte, len(m.body)-1), 1)},
			"own type":     {m.n, m.kind + 1, m.body},
		} {
			if to.drops(to.reset.seal(other), ErrForged); t.Failed() {
				t.Fatalf("message %d, %s", n, name)
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
	if n := len(r.reset.Marshal()); n != 50 {
		t.Errorf("R keeps %d bytes", n)
	}
}

// A message under the type of another one is not taken, though it verifies.
func TestResetTypes(t *testing.T) {
	s, r := contacts(t)
	box := s.start()
	for n, to := range []*end{r, s, r, s, r} {
		m, err := to.reset.open(box)
		if err != nil {
			t.Fatal(err)
		}
		for kind := m.kind % 2; kind <= 5; kind += 2 {
			if kind == m.kind || kind < 2 {
				continue
			}
			e := *to
			before := e.reset.pairing.Phase()
			e.try(e.reset.seal(message{m.n, kind, m.body}))
			if e.renewed > 0 || e.reset.Number() == m.n && e.reset.pairing.Phase() != before {
				t.Errorf("M%d is taken as an M%d", n+1, kind)
			}
		}
		box = to.take(box)
	}
	agreed(t, s, r, 1)
}
