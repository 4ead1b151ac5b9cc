package app

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"tacit/identity"
	handshake "tacit/identity/pairing"
	"tacit/identity/session"
)

// lines returns both ends of a fresh line; from has to say the first thing.
func lines(t *testing.T, now time.Time) (from, to line) {
	t.Helper()
	idR, idS := identity.New(), identity.New()
	card := identity.NewCard(idR.Fingerprint(), time.Hour, false, now)
	r, err := handshake.Present(idR, "R", card, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := handshake.Scan(idS, "S", card, false)
	if err != nil {
		t.Fatal(err)
	}
	var answer handshake.Result
	for cell := s.Last(); cell != nil; cell = answer.Reply {
		if answer, r, err = r.Receive(idR, cell, now); err != nil {
			t.Fatal(err)
		}
		if answer.Reply == nil {
			break
		}
		if answer, s, err = s.Receive(idS, answer.Reply, now); err != nil {
			t.Fatal(err)
		}
	}
	end := func(state handshake.State, stream uint64) line {
		secrets, ok := state.Secrets()
		if !ok {
			t.Fatal("the handshake did not end")
		}
		l, err := newLine(secrets, stream, now)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	return end(s, 7), end(r, 8)
}

// TestNumbersDecide: a box that is new to the ratchet may carry what came before, since what
// is under way is sealed again when two meet anew, or what is not yet due.
func TestNumbersDecide(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	from, to := lines(t, now)
	say := func(seq uint64) []byte {
		t.Helper()
		box, err := from.seal(kindEmpty, nil, seq, now)
		if err != nil {
			t.Fatal(err)
		}
		return box
	}
	hear := func(box []byte, want arrival, received uint64) {
		t.Helper()
		c, got, err := to.open(box, now)
		if err != nil || got != want || to.received != received {
			t.Errorf("number %d is taken as %d, and %d as the last, %v; want %d and %d", c.Seq, got, to.received, err, want, received)
		}
	}
	hear(say(1), isNew, 1)
	hear(say(1), isRepeat, 1)
	early := say(3)
	hear(early, isEarly, 1)
	hear(say(2), isNew, 2)
	hear(early, isNew, 3)
	hear(say(1), isRepeat, 3)
	from.floor = 6 // what lies below was given up
	hear(say(6), isNew, 6)
}

// TestLineOfTheFirstVersion: what was stored before sessions could be reset is read, with
// the secret and the number that the contact had.
func TestLineOfTheFirstVersion(t *testing.T) {
	from, _ := lines(t, time.Unix(1e9, 0))
	old := encode([]any{from.session.Marshal(), 7, 3, 8, true, 2, true, true, true, 4, 5})
	rs := [32]byte{1}
	l, err := unmarshalLine(old, nil, DeliveryRecord{NextSeq: 9, Received: 6}, rs, 41)
	if err != nil {
		t.Fatal(err)
	}
	want := line{
		session: l.session, reset: session.NewReset(rs, 41), stream: 7, next: 9, floor: 3, theirs: 8, received: 6,
		grantDue: true, grantSeq: 2, grantAcked: true, sealAnew: true, refused: true, heard: 4, heardAt: 5,
	}
	if !reflect.DeepEqual(l, want) {
		t.Errorf("an old line is read as\n%+v, want\n%+v", l, want)
	}
	again, err := unmarshalLine(l.marshal(), nil, l.delivery(), [32]byte{2}, 0)
	if err != nil || again.reset.Number() != 41 || !bytes.Equal(again.marshal(), l.marshal()) {
		t.Errorf("and written as %+v, %v", again, err)
	}
}
