package pairing

import (
	"bytes"
	"testing"
	"time"

	"tacit/identity"
)

var resetInvite = [16]byte{7}

// newReset is a meeting of two who know one another.
func newReset(t testing.TB) *meeting {
	t.Helper()
	m := &meeting{t: t, idR: identity.New(), idS: identity.New(), now: start}
	var err error
	if m.r, err = AwaitReset(m.idR, m.idS.Bundle(), resetInvite); err != nil {
		t.Fatal(err)
	}
	if m.s, err = BeginReset(m.idS, m.idR.Bundle(), resetInvite); err != nil {
		t.Fatal(err)
	}
	m.m[1] = m.s.Last()
	return m
}

func TestResetAgreement(t *testing.T) {
	for _, reload := range []bool{false, true} {
		m := newReset(t)
		m.reload = reload
		m.upTo(5)
		sr, okR := m.r.Secrets()
		ss, okS := m.s.Secrets()
		if !okR || !okS || !equalSecrets(sr, ss) || sr.Sender || !ss.Sender {
			t.Error("the two do not agree")
		}
		if sr.Peer != m.idS.Bundle() || ss.Peer != m.idR.Bundle() {
			t.Error("peers are wrong")
		}
		for n := 1; n <= 5; n++ {
			if len(m.m[n]) != ResetSize {
				t.Errorf("M%d has %d bytes", n, len(m.m[n]))
			}
		}
	}
	if ResetSize != 3999 {
		t.Errorf("messages of %d bytes", ResetSize)
	}
}

func TestResetHasNoCode(t *testing.T) {
	m := newReset(t)
	for n := 1; n <= 5; n++ {
		m.step(n)
		for _, s := range []State{m.r, m.s} {
			if s.Show() != "" {
				t.Errorf("a code is shown after M%d", n)
			}
			if _, err := s.Check("000000"); err != ErrNotYet {
				t.Errorf("a code is checked after M%d: %v", n, err)
			}
		}
	}
}

func TestResetAnswersOneFirstMessage(t *testing.T) {
	m := newReset(t).upTo(1)
	other, err := BeginReset(m.idS, m.idR.Bundle(), resetInvite)
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, sessionLife, 1000 * time.Hour} {
		result, next, err := m.r.Receive(m.idR, other.Last(), start.Add(after))
		if err == nil || result.Reply != nil || !bytes.Equal(next.Marshal(), m.r.Marshal()) {
			t.Errorf("another M1 %v later: %v", after, err)
		}
	}
	m.now = start.AddDate(10, 0, 0) // there is no end by the clock
	for n := 2; n <= 5; n++ {
		m.step(n)
	}
}

// Whoever answers or begins has to be the one who is known, even with the secret.
func TestResetRefusesOthers(t *testing.T) {
	t.Run("presenting", func(t *testing.T) {
		m := newReset(t)
		idM := identity.New()
		other, err := AwaitReset(idM, m.idS.Bundle(), resetInvite)
		if err != nil {
			t.Fatal(err)
		}
		result, _, err := other.Receive(idM, m.m[1], start)
		if err != nil {
			t.Fatal(err)
		}
		_, next, err := m.s.Receive(m.idS, result.Reply, start)
		if err != ErrWrongPeer || next.Phase() != Failed || bytes.Contains(next.Marshal(), m.s.seed[:]) {
			t.Errorf("S: %v, phase %d", err, next.Phase())
		}
	})
	t.Run("searching", func(t *testing.T) {
		m := newReset(t)
		idM := identity.New()
		m.idS, m.s = idM, must(BeginReset(idM, m.idR.Bundle(), resetInvite))(t)
		m.m[1] = m.s.Last()
		m.upTo(2)
		_, next, err := m.r.Receive(m.idR, m.m[3], start)
		if err != ErrWrongPeer || next.Phase() != Failed {
			t.Errorf("R: %v, phase %d", err, next.Phase())
		}
	})
	t.Run("oneself", func(t *testing.T) {
		id := identity.New()
		if _, err := BeginReset(id, id.Bundle(), resetInvite); err != ErrOwn {
			t.Errorf("BeginReset: %v", err)
		}
		if _, err := AwaitReset(id, id.Bundle(), resetInvite); err != ErrOwn {
			t.Errorf("AwaitReset: %v", err)
		}
	})
	t.Run("without the secret", func(t *testing.T) {
		m := newReset(t)
		m.r.invite[0] ^= 1
		m.step(1)
		if _, next, err := m.s.Receive(m.idS, m.m[2], start); err != ErrForged || next.Phase() != Searching {
			t.Errorf("S: %v, phase %d", err, next.Phase())
		}
	})
}

func must(s State, err error) func(testing.TB) State {
	return func(t testing.TB) State {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// A name that a modified program sends is no reset: there would be two spellings.
func TestResetCarriesNoName(t *testing.T) {
	m := newReset(t)
	m.r.name = "Rosa"
	m.step(1)
	if _, next, err := m.s.Receive(m.idS, m.m[2], start); err != ErrForged || next.Phase() != Searching {
		t.Errorf("S: %v", err)
	}
	m = newReset(t)
	m.s = State{kind: byReset, known: m.s.known, invite: resetInvite, name: "Søren"}.search(m.idS)
	m.m[1] = m.s.Last()
	m.upTo(2)
	if _, next, err := m.r.Receive(m.idR, m.m[3], start); err != ErrForged || next.Phase() != Answered {
		t.Errorf("R: %v", err)
	}
}

// Messages of a card and of a reset have other sizes, whatever they share.
func TestKindsDoNotMix(t *testing.T) {
	card, reset := newMeeting(t), newReset(t)
	if _, _, err := card.r.Receive(card.idR, reset.m[1], start); err != ErrForged {
		t.Errorf("a card answers a reset: %v", err)
	}
	if _, _, err := reset.r.Receive(reset.idR, card.m[1], start); err != ErrForged {
		t.Errorf("a reset answers a pairing: %v", err)
	}
	b := reset.s.Marshal()
	b[2] &^= flagReset
	if _, err := Unmarshal(b); err != ErrMalformed {
		t.Errorf("a reset read as a pairing: %v", err)
	}
}
