package session

import (
	"slices"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
)

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
			if _, err := UnmarshalReset(good[:n]); err != ErrMalformed && n != 50 {
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
		if len(good) > 50 {
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
	for name, reset := range map[string]Reset{
		"asks for a number above all": {seen: maxNumber, asking: true},
		"a pairing of no number":      {pairing: all[3].pairing},
		"number above all":            {seen: maxNumber + 1},
	} {
		if _, err := UnmarshalReset(reset.Marshal()); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	card := identity.NewCard(s.id.Fingerprint(), time.Hour, false, start)
	p, err := pairing.Scan(r.id, "R", card, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := UnmarshalReset(append(s.reset.Marshal()[:50], p.Marshal()...)); err != ErrMalformed {
		t.Errorf("a pairing with a card: %v", err)
	}
	p, err = pairing.AwaitReset(r.id, s.id.Bundle(), [16]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := UnmarshalReset(append(s.reset.Marshal()[:50], p.Marshal()...)); err != ErrMalformed {
		t.Errorf("a pairing that waits for M1: %v", err)
	}
}
