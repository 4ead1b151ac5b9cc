package session

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
)

// renewed returns what both ends get of one reset, with a T2 of choice.
func renewed(t testing.TB, s, r *end, t2 [32]byte) (atS, atR pairing.Secrets) {
	t.Helper()
	s.now, r.now = s.now.Add(2*time.Hour), r.now.Add(2*time.Hour)
	m4 := r.take(s.take(r.take(s.start())))
	step, next, err := s.reset.Receive(s.id, s.peer, m4, s.now)
	if err != nil || step.Renewed == nil {
		t.Fatal(err)
	}
	s.reset, atS = next, *step.Renewed
	if step, next, err = r.reset.Receive(r.id, r.peer, step.Reply, r.now); err != nil || step.Renewed == nil {
		t.Fatal(err)
	}
	r.reset, atR = next, *step.Renewed
	atS.T2, atR.T2 = t2, t2
	return atS, atR
}

func renew(t testing.TB, e *end, p pairing.Secrets) {
	t.Helper()
	next, err := e.state.Renew(p, e.now)
	if err != nil {
		t.Fatal(err)
	}
	e.state = restore(t, next)
}

// The ratchet of a reset sends whatever T2 says, and the one before receives for 30 days.
func TestRenewSends(t *testing.T) {
	for _, t2 := range [][32]byte{{}, [32]byte(bytes.Repeat([]byte{255}, 32))} {
		s, r := contacts(t)
		s.now, r.now = start, start // within ten minutes of the pairing
		late := seal(t, &s.state, "sealed before")
		p, q := renewed(t, s, r, t2)
		s.now, r.now = start.Add(time.Minute), start.Add(time.Minute)
		renew(t, s, p)
		renew(t, r, q)
		if s.state.lines[0].t2 != t2 || r.state.lines[0].t2 != t2 {
			t.Fatal("the ratchet before the reset sends")
		}
		if s.state.Heard() || r.state.Heard() {
			t.Error("somebody was heard in the new ratchet")
		}
		talk(t, s, r)
		if !s.state.Heard() || !r.state.Heard() {
			t.Error("nobody was heard in the new ratchet")
		}
		open(t, &r.state, late, "sealed before")
		if early, _ := r.state.Expire(r.now.Add(receiveLife)); len(early.lines) != 2 {
			t.Error("the ratchet before receives for less than 30 days")
		}
		if gone, _ := r.state.Expire(r.now.Add(receiveLife + time.Second)); len(gone.lines) != 1 {
			t.Error("the ratchet before receives for more than 30 days")
		}
		same, err := s.state.Renew(p, s.now.Add(time.Hour))
		if err != nil || !bytes.Equal(same.Marshal(), s.state.Marshal()) {
			t.Errorf("the same reset twice: %v", err)
		}
	}
}

func TestRenewRefuses(t *testing.T) {
	s, r := contacts(t)
	p, _ := renewed(t, s, r, [32]byte{1})
	for name, bad := range map[string]func(*pairing.Secrets){
		"RS of another pairing": func(p *pairing.Secrets) { p.RS[0] ^= 1 },
		"no RS":                 func(p *pairing.Secrets) { p.RS = [32]byte{} },
		"no ratchet key":        func(p *pairing.Secrets) { p.RatchetKey = nil },
	} {
		q := p
		bad(&q)
		if next, err := s.state.Renew(q, s.now); err != ErrMalformed || !bytes.Equal(next.Marshal(), s.state.Marshal()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := s.state
	for i := range maxReceiving + 3 {
		p.T2 = [32]byte{2, byte(i)}
		var err error
		if many, err = many.Renew(p, s.now); err != nil {
			t.Fatal(err)
		}
	}
	if len(many.lines) != 1+maxReceiving || many.lines[0].t2 != p.T2 {
		t.Errorf("%d ratchets", len(many.lines))
	}
}

// After a restore there is no ratchet, and RS comes from the reset.
func TestRenewOfNothing(t *testing.T) {
	s, r := contacts(t)
	if _, ok := new(State).ResetSecret(); ok || new(State).Heard() {
		t.Error("no ratchet, and yet something is known of it")
	}
	p, q := renewed(t, s, r, [32]byte{1})
	s.state = State{}
	renew(t, s, p)
	renew(t, r, q)
	talk(t, s, r)
	rs, ok := s.state.ResetSecret()
	if want, _ := r.state.ResetSecret(); !ok || rs != want {
		t.Error("RS is not that of the pairing")
	}
	// A pairing right after it sends on both sides, though only one knows when they met first.
	for range 4 {
		a, b, t2 := again(t, s.id, r.id, s.state, r.state, s.now.Add(time.Minute))
		if a.lines[0].t2 != t2 || b.lines[0].t2 != t2 {
			t.Error("the ratchet of a reset is kept after a pairing")
		}
		if a.lines[0].rs == rs || a.lines[0].rs != b.lines[0].rs {
			t.Error("RS does not follow the pairing")
		}
	}
}

// Two pairings at once and a reset between them: both sides end with the same RS,
// in whatever order they come to know of them.
func TestResetSecretOfTwoPairings(t *testing.T) {
	for range 4 { // either transcript may be the greater
		s, r := contacts(t)
		s.state, r.state = State{}, State{}
		firstS, firstR := meet(t, s.id, r.id)
		secondS, secondR := meet(t, s.id, r.id)
		if firstS.RS == secondS.RS {
			t.Fatal("two pairings with one RS")
		}
		add := func(e *end, p pairing.Secrets) {
			t.Helper()
			next, err := e.state.Replace(p, start.Add(time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			e.state = restore(t, next)
		}
		add(s, firstS)
		add(r, firstR)
		s.reset, r.reset = NewReset(firstS.RS, 0), NewReset(firstS.RS, 0)
		p, q := renewed(t, s, r, [32]byte{1})
		s.now, r.now = start.Add(time.Minute), start.Add(time.Minute)
		renew(t, s, p)
		add(s, secondS) // after the reset, and before it
		add(r, secondR)
		if rs, _ := r.state.ResetSecret(); rs == firstR.RS {
			renew(t, r, q) // else the reset ended with its RS
		}
		a, okA := s.state.ResetSecret()
		b, okB := r.state.ResetSecret()
		if !okA || !okB || a != b {
			t.Fatal("different RS")
		}
		want, greater := firstS.RS, bytes.Compare(firstS.T2[:], secondS.T2[:]) > 0
		if !greater {
			want = secondS.RS
		}
		if a != want || s.state.lines[0].t2 != r.state.lines[0].t2 {
			t.Error("not the pairing with the greater T2")
		}
	}
}

// What the contact said in another stream before a reset is late after it.
func TestAdoptAfterRenew(t *testing.T) {
	s, r := contacts(t)
	s.now, r.now = start, start
	late := seal(t, &r.state, "sealed before")
	p, q := renewed(t, s, r, [32]byte{1})
	s.now, r.now = start.Add(time.Minute), start.Add(time.Minute)
	renew(t, s, p)
	renew(t, r, q)
	if _, next, err := s.state.Adopt(late, s.now); err != ErrUnknown || !bytes.Equal(next.Marshal(), s.state.Marshal()) {
		t.Errorf("the ratchet before the reset sends again: %v", err)
	}
	open(t, &s.state, late, "sealed before")
	if _, _, err := r.state.Adopt(seal(t, &s.state, "new"), r.now); err != nil {
		t.Errorf("the ratchet that sends: %v", err)
	}
}

// marshalV1 is Marshal of the first version.
func marshalV1(s State) []byte {
	b := []byte{1, byte(len(s.lines))}
	for _, l := range s.lines {
		r := l.r.Marshal()
		b = append(b, l.t2[:]...)
		b = binary.BigEndian.AppendUint64(b, uint64(l.made))
		b = binary.BigEndian.AppendUint64(b, uint64(l.until))
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(r))), r...)
	}
	return b
}

func TestUnmarshalVersion1(t *testing.T) {
	idA, idB := identity.New(), identity.New()
	var a, b State
	a, b, _ = again(t, idA, idB, a, b, start)
	a, b, _ = again(t, idA, idB, a, b, start.Add(time.Hour))
	good := marshalV1(b)
	old, err := Unmarshal(good)
	if err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if _, err := Unmarshal(good[:n]); err != ErrMalformed {
			t.Fatalf("%d of %d bytes: %v", n, len(good), err)
		}
	}
	if _, ok := old.ResetSecret(); ok {
		t.Error("RS out of nothing")
	}
	rs, _ := b.ResetSecret()
	known := old.WithResetSecret(rs)
	if got, ok := restore(t, known).ResetSecret(); !ok || got != rs {
		t.Error("RS is not what was given")
	}
	if got, _ := known.WithResetSecret([32]byte{9}).ResetSecret(); got != rs {
		t.Error("another RS in place of the known one")
	}
	b.lines[1].rs = rs // that of a replaced ratchet was not kept
	if !bytes.Equal(known.Marshal(), b.Marshal()) {
		t.Error("not what was stored")
	}
	open(t, &a, seal(t, &known, "still works"), "still works")
	if len(new(State).WithResetSecret(rs).lines) != 0 {
		t.Error("a ratchet out of nothing")
	}
}
