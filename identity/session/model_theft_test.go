package session

import (
	"bytes"
	"fmt"
	"testing"
	"testing/cryptotest"

	"pgregory.net/rapid"

	"tacit/identity"
)

// thief copied what a victim stores and listens to the network from then on. They follow
// the victim's ratchet as far as the copy goes, also by saying what the victim may have said.
type thief struct{ states []State }

// reads reports whether the thief opens a box that is on its way to the victim.
func (th *thief) reads(box []byte) bool {
	for _, s := range th.states {
		tries := []State{s}
		if _, said, err := s.Seal(nil, start); err == nil {
			tries = append(tries, said)
		}
		for _, s := range tries {
			if _, next, err := s.Open(box, start); err == nil {
				th.states = append(th.states, next)
				return true
			}
		}
	}
	return false
}

// stretch lets the two talk in any order, with some boxes lost and some late.
type stretch struct {
	ends [2]State
	late [2][][]byte // on their way to an end
	n    int
}

func (s *stretch) talk(t *rapid.T) {
	for range rapid.IntRange(0, 12).Draw(t, "boxes") {
		from := rapid.IntRange(0, 1).Draw(t, "from")
		if !s.ends[from].Ready() {
			continue
		}
		switch box, _ := s.say(t, from); rapid.IntRange(0, 3).Draw(t, "fate") {
		case 0, 1:
			s.hear(t, 1-from, box)
		case 2:
			s.late[1-from] = append(s.late[1-from], box)
		}
	}
}

func (s *stretch) say(t *rapid.T, from int) (box []byte, content string) {
	s.n++
	content = fmt.Sprint("number ", s.n)
	box, next, err := s.ends[from].Seal([]byte(content), start)
	if err != nil {
		t.Fatal(err)
	}
	s.ends[from] = next
	return box, content
}

func (s *stretch) hear(t *rapid.T, to int, box []byte) {
	_, next, err := s.ends[to].Open(box, start)
	if err != nil {
		t.Fatal(err)
	}
	s.ends[to] = next
}

// trip is a round trip: the peer answers what the victim says, and the victim answers that.
func (s *stretch) trip(t *rapid.T, victim int) (answer []byte) {
	box, _ := s.say(t, victim)
	s.hear(t, 1-victim, box)
	answer, _ = s.say(t, 1-victim)
	s.hear(t, victim, answer)
	box, _ = s.say(t, victim)
	s.hear(t, 1-victim, box)
	return answer
}

// TestTheftHeals: a thief copies the whole stored state of one side, at any moment of any
// history. Until a round trip they read what comes to the victim; after one they read
// nothing more, new or late, however they try.
func TestTheftHeals(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	ids := [2]*identity.Identity{identity.New(), identity.New()}
	secretsR, secretsS := meet(t, ids[0], ids[1])
	var fresh stretch
	var errR, errS error
	fresh.ends[0], errR = New(secretsR, start)
	if fresh.ends[1], errS = New(secretsS, start); errR != nil || errS != nil {
		t.Fatal(errR, errS)
	}
	open(t, &fresh.ends[0], seal(t, &fresh.ends[1], "first"), "first")

	rapid.Check(t, func(t *rapid.T) {
		s := fresh
		s.talk(t)
		victim := rapid.IntRange(0, 1).Draw(t, "victim")
		stolen, err := Unmarshal(s.ends[victim].Marshal())
		if err != nil {
			t.Fatal(err)
		}
		th := thief{[]State{stolen}}

		// The control: without an answer of the victim's, all is read.
		for range rapid.IntRange(1, 3).Draw(t, "read") {
			box, _ := s.say(t, 1-victim)
			if !th.reads(box) {
				t.Fatal("the thief does not read before the round trip: nothing was stolen")
			}
			if rapid.Bool().Draw(t, "arrives") {
				s.hear(t, victim, box)
			}
		}

		th.reads(s.trip(t, victim))
		s.late[victim] = nil // sealed before: those are lost to the thief, as said
		for range 2 {
			for range rapid.IntRange(1, 3).Draw(t, "safe") {
				box, content := s.say(t, 1-victim)
				if th.reads(box) {
					t.Fatalf("the thief reads %q after a round trip", content)
				}
				s.hear(t, victim, box)
			}
			s.trip(t, victim)
		}
		if bytes.Equal(s.ends[victim].Marshal(), stolen.Marshal()) {
			t.Fatal("nothing happened since the theft")
		}
	})
}
