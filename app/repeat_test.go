package app

import "testing"

// TestLatestTexts: as many as can be under way are known, whichever of them came twice.
func TestLatestTexts(t *testing.T) {
	name := func(i int) Digest { return textDigest(textBody{SentAt: int64(i), Text: "t"}) }
	l := &latestTexts{known: map[Digest]int{}}
	for i := range 3*maxSealed + 7 {
		l.add(name(i))
		if i < maxSealed {
			l.add(name(i)) // the same text at the same instant
		}
	}
	last := 3*maxSealed + 6
	for i, want := range map[int]int{last: 1, last - maxSealed + 1: 1, last - maxSealed: 0, 0: 0} {
		if got := l.known[name(i)]; got != want {
			t.Errorf("text %d is known %d times, want %d", i, got, want)
		}
	}
	if len(l.known) != maxSealed {
		t.Errorf("%d are kept", len(l.known))
	}
	l.add(name(last))
	for range maxSealed - 1 {
		l.add(name(-1))
	}
	if l.known[name(last)] != 1 {
		t.Error("a text is forgotten with the first of the two times it came")
	}
}
