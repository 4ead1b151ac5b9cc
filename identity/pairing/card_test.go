package pairing

import (
	"bytes"
	"testing"
	"time"

	"tacit/identity"
)

func TestGarbageForFirstMessage(t *testing.T) {
	m := newMeeting(t)
	for _, cell := range [][]byte{nil, make([]byte, 100), bytes.Repeat([]byte{255}, CellSize)} {
		if _, next, err := m.r.Receive(m.idR, cell, m.now); err != ErrForged || len(next.FirstMessages()) != 0 {
			t.Errorf("%d bytes: %v", len(cell), err)
		}
	}
}

// otherM1 is a first message of somebody else with the same card.
func (m *meeting) otherM1() []byte {
	m.t.Helper()
	s, err := Scan(identity.New(), "Other", m.card, false)
	if err != nil {
		m.t.Fatal(err)
	}
	return s.Last()
}

func TestFirstMessagesAreCounted(t *testing.T) {
	m := newMeeting(t).upTo(1)
	if _, next, err := m.r.Receive(m.idR, m.otherM1(), m.now); err != ErrBusy || !bytes.Equal(next.Marshal(), m.r.Marshal()) {
		t.Fatalf("a second M1 while a session lives: %v", err)
	}
	var answers [][]byte
	for n := 2; n <= MaxFirstMessages; n++ {
		m.now = m.now.Add(sessionLife / 2)
		if _, _, err := m.r.Receive(m.idR, m.otherM1(), m.now); err != ErrBusy {
			t.Fatalf("M1 number %d too early: %v", n, err)
		}
		m.now = m.now.Add(sessionLife / 2)
		m.card.Expiry = m.now.Add(time.Minute) // so that time passes for the session only
		m.r.card.Expiry = m.card.Expiry
		result, next, err := m.r.Receive(m.idR, m.otherM1(), m.now)
		if err != nil || !result.Changed {
			t.Fatalf("M1 number %d: %v", n, err)
		}
		m.r = restart(t, next)
		answers = append(answers, result.Reply)
	}
	if bytes.Equal(answers[0], answers[1]) || bytes.Equal(answers[0], m.m[2]) {
		t.Error("answers repeat")
	}
	m.now = m.now.Add(sessionLife)
	if _, next, err := m.r.Receive(m.idR, m.otherM1(), m.now); err != ErrTooMany || !bytes.Equal(next.Marshal(), m.r.Marshal()) {
		t.Errorf("a fourth M1: %v", err)
	}
	if got := len(m.r.FirstMessages()); got != MaxFirstMessages {
		t.Errorf("%d first messages are counted", got)
	}

	// A restart that lost the session but kept the list does not begin to count again.
	fresh, err := Present(m.idR, "Rosa", m.r.Card(), m.r.FirstMessages())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := fresh.Receive(m.idR, m.otherM1(), m.now); err != ErrTooMany && err != ErrExpired {
		t.Errorf("a fourth M1 after a restart: %v", err)
	}
}

// The answer to a first message is made once, also when a restart lost it.
func TestLostAnswerIsNotMadeAgain(t *testing.T) {
	m := newMeeting(t).upTo(1)
	fresh, err := Present(m.idR, "Rosa", m.card, m.r.FirstMessages())
	if err != nil {
		t.Fatal(err)
	}
	if result, _, err := fresh.Receive(m.idR, m.m[1], m.now); err != ErrBusy || result.Reply != nil {
		t.Errorf("the same M1 is answered afresh: %v", err)
	}
}

func TestOtherFirstMessageEndsNothingLater(t *testing.T) {
	m := newMeeting(t).upTo(3)
	for _, after := range []time.Duration{0, sessionLife, 100 * sessionLife} {
		if _, next, err := m.r.Receive(m.idR, m.otherM1(), m.now.Add(after)); err != ErrForged || next.Phase() != Confirming {
			t.Errorf("another M1 %v after M3: %v", after, err)
		}
	}
}

func TestExpiryIsThePresentersAlone(t *testing.T) {
	m := newMeeting(t)
	good := m.card.GoodUntil()
	if want := start.Add(identity.ScreenCardLife + identity.ScreenCardGrace); !good.Equal(want) {
		t.Fatalf("good until %v, want %v", good, want)
	}
	m.now = good.Add(time.Second)
	if _, next, err := m.r.Receive(m.idR, m.m[1], m.now); err != ErrExpired || next.Phase() != Offered {
		t.Errorf("an expired card is answered: %v", err)
	}
	m.now = good
	m.step(1)
	m.now = good.AddDate(1, 0, 0) // a session that began in time may end; S's clock does not matter
	for n := 2; n <= 5; n++ {
		m.step(n)
	}
}

func TestInviteIsNeeded(t *testing.T) {
	m := newMeeting(t)
	card := m.card
	card.Invite[0] ^= 1
	s, err := Scan(m.idS, "S", card, false)
	if err != nil {
		t.Fatal(err)
	}
	result, _, err := m.r.Receive(m.idR, s.Last(), m.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, next, err := s.Receive(m.idS, result.Reply, m.now); err != ErrForged || next.Phase() != Searching {
		t.Errorf("another invitation: %v", err)
	}
}
