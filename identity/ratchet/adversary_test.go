package ratchet

import (
	"errors"
	"math"
	"testing"
	"time"
)

// bomber is a contact who seals what nobody honest would: numbers far ahead of what they sent.
type bomber struct {
	t testing.TB
	s State
}

// ahead returns a box with the number n more than the next one of the chain.
func (b *bomber) ahead(n int) []byte {
	b.t.Helper()
	if b.s.stage == turn {
		box := seal(b.t, &b.s, "")
		if n == 0 {
			return box
		}
		n-- // that box is one of those that never come
	}
	for range n {
		_, b.s.sendChain = kdfChain(b.s.sendChain)
		b.s.ns++
	}
	return seal(b.t, &b.s, "")
}

// TestSkipBomb: a contact announces as many missing messages as are allowed, in every
// chain and at every step, and more than that. They want the other side to run out of
// memory, of time, or of the messages that others still have on their way.
func TestSkipBomb(t *testing.T) {
	mallory, victim := pair(t)
	b := bomber{t, mallory}
	largest := 0
	for range 3 * maxOldChains {
		before := victim
		box := b.ahead(maxSkip)
		_, next, err := victim.Open(box, start)
		if err != nil {
			t.Fatal(err)
		}
		victim = next
		if work := len(victim.skipped) - len(before.skipped); work > 2*maxSkip {
			t.Fatalf("one header made %d keys", work)
		}
		// Beyond that a header costs nothing, whatever number it has.
		for _, n := range []uint32{b.s.ns + maxSkip + 1, 1e9, math.MaxUint32 - 1} {
			far := b
			far.s.ns = n
			refuse(t, victim, seal(t, &far.s, ""), start, ErrTooFar)
		}

		if len(victim.skipped) > maxSkipped || len(victim.old) > maxOldChains {
			t.Fatalf("%d keys of %d chains are kept", len(victim.skipped), len(victim.old))
		}
		largest = max(largest, len(victim.Marshal()))
		b.s.ns += maxSkip / 2 // these are announced by the next chain
		open(t, &b.s, seal(t, &victim, "an answer"), "an answer")
	}
	if largest < 90<<10 || largest > 128<<10 {
		t.Errorf("the state had %d bytes at most: the bomb is too small, or the state too large", largest)
	}
	if _, changed := victim.Expire(start.Add(skippedLife)); changed {
		t.Error("keys are forgotten before they may be")
	}
	victim, _ = victim.Expire(start.Add(skippedLife + time.Second))
	if n := len(victim.Marshal()); n > 4<<10 {
		t.Errorf("a month later the state still has %d bytes", n)
	}
	open(t, &victim, b.ahead(0), "")
}

// TestReflection: somebody in between sends each side its own boxes back, of every chain,
// at once and later.
func TestReflection(t *testing.T) {
	ends := [2]State{}
	ends[0], ends[1] = pair(t)
	var sent [2][][]byte
	for round := range 6 {
		from, to := &ends[round%2], &ends[1-round%2]
		for range 2 {
			box := seal(t, from, "x")
			sent[round%2] = append(sent[round%2], box)
			open(t, to, box, "x")
		}
		for i := range ends {
			for _, box := range sent[i] {
				refuse(t, ends[i], box, start, ErrUnknown)
			}
		}
	}
}

// TestReplayOfEveryMessage: whoever recorded the boxes says each of them again to both
// sides, after every later one, and after those of chains that came in between.
func TestReplayOfEveryMessage(t *testing.T) {
	ends := [2]State{}
	ends[0], ends[1] = pair(t)
	var recorded [][]byte
	for round := range 6 {
		from, to := &ends[round%2], &ends[1-round%2]
		boxes := sealAll(t, from, 3)
		for _, i := range []int{2, 0} { // one is missing for ever
			if _, next, err := to.Open(boxes[i], start); err != nil {
				t.Fatal(err)
			} else {
				*to = next
			}
			recorded = append(recorded, boxes[i])
			for _, box := range recorded {
				for _, end := range ends {
					_, next, err := end.Open(box, start)
					if !errors.Is(err, ErrUsed) && !errors.Is(err, ErrUnknown) || string(next.Marshal()) != string(end.Marshal()) {
						t.Fatalf("round %d: a replayed box: %v", round, err)
					}
				}
			}
		}
	}
}
