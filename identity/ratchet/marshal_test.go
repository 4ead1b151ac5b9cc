package ratchet

import (
	"bytes"
	"fmt"
	"testing"

	"tacit/identity"
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

func FuzzUnmarshal(f *testing.F) {
	for _, s := range states(f) {
		f.Add(s.Marshal())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Unmarshal(b)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Marshal(), b) {
			t.Fatal("two encodings of one state")
		}
		s.Seal(nil, start) // must not panic, whatever the keys are
		s.Open(make([]byte, Overhead), start)
	})
}

// FuzzHeader is a peer that seals any header it likes with the right keys.
func FuzzHeader(f *testing.F) {
	a, b := pair(f)
	sealAll(f, &a, 2)
	open(f, &b, seal(f, &a, "x"), "x")
	open(f, &a, seal(f, &b, "y"), "y")
	seal(f, &a, "begins a chain")
	for _, n := range []uint32{0, 1, maxSkip + 1, 1e9, 1<<32 - 1} {
		header := append(bytes.Clone(a.public), a.ct...)
		header = fmt.Appendf(header, "%c%c%c%c", 0, 0, 0, 3)
		f.Add(append(header, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)))
	}
	f.Fuzz(func(t *testing.T, header []byte) {
		if len(header) != headerSize {
			return
		}
		box := identity.Seal(a.sendHeader[:], header, a.ad[:])
		box = append(box, make([]byte, identity.Overhead)...)
		before := b.Marshal()
		if _, next, err := b.Open(box, start); err == nil || !bytes.Equal(next.Marshal(), before) {
			t.Fatalf("opened or changed: %v", err)
		}
	})
}
