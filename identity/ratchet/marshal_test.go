package ratchet

import (
	"bytes"
	"testing"
)

// states returns a state of each kind that there is.
func states(t testing.TB) map[string]State {
	a, b := pair(t)
	all := map[string]State{"alice": a, "bob": b}
	boxes := sealAll(t, &a, 5)
	all["sending first"] = a
	open(t, &b, boxes[3], "3")
	all["turn with missing"] = b
	open(t, &a, seal(t, &b, "x"), "x")
	all["sending with missing"] = b
	open(t, &b, seal(t, &a, "y"), "y")
	all["old chain"] = b
	return all
}

func TestUnmarshalRefusesTruncation(t *testing.T) {
	for name, s := range states(t) {
		b := s.Marshal()
		for n := range b {
			if _, err := Unmarshal(b[:n]); err != ErrMalformed {
				t.Fatalf("%s: %d of %d bytes: %v", name, n, len(b), err)
			}
		}
		if _, err := Unmarshal(append(bytes.Clone(b), 0)); err != ErrMalformed {
			t.Errorf("%s: a trailing byte: %v", name, err)
		}
		b[0]++
		if _, err := Unmarshal(b); err != ErrMalformed {
			t.Errorf("%s: another version: %v", name, err)
		}
	}
}

func TestUnmarshalRefusesWhatDoesNotFit(t *testing.T) {
	base := states(t)["old chain"]
	for name, change := range map[string]func(*State){
		"no stage":             func(s *State) { s.stage = 0 },
		"unknown stage":        func(s *State) { s.stage = 4 },
		"counts in its turn":   func(s *State) { s.ns = 1 },
		"waiting after all":    func(s *State) { s.stage = waiting },
		"old chain of now":     func(s *State) { s.old[0].epoch = s.epoch },
		"old chain zero":       func(s *State) { s.old[0].epoch = 0 },
		"old chain twice":      func(s *State) { s.old = append(s.old, s.old[0]) },
		"old chain of nothing": func(s *State) { s.skipped = nil },
		"key of no chain":      func(s *State) { s.old = nil },
		"keys out of order":    func(s *State) { s.skipped[0], s.skipped[1] = s.skipped[1], s.skipped[0] },
		"key twice":            func(s *State) { s.skipped[1] = s.skipped[0] },
		"key of the future":    func(s *State) { s.skipped[len(s.skipped)-1] = skippedKey{epoch: s.epoch, n: s.nr} },
		"too many old chains": func(s *State) {
			for range maxOldChains {
				s.old = append(s.old, s.old[0])
			}
		},
	} {
		s := base
		s.old, s.skipped = append([]oldChain(nil), s.old...), append([]skippedKey(nil), s.skipped...)
		change(&s)
		if _, err := Unmarshal(s.Marshal()); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Unmarshal(base.Marshal()); err != nil {
		t.Errorf("the base itself: %v", err)
	}
}

func TestMarshalIsSmall(t *testing.T) {
	for name, s := range states(t) {
		if n := len(s.Marshal()) - 48*len(s.skipped); n > 2800 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}
