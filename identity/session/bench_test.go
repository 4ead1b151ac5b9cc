package session

import (
	"testing"
	"time"
)

// Each benchmark counts whole messages of 100 bytes, sealed and opened.

func BenchmarkPingPong(b *testing.B) {
	r, s := pair(b)
	content := make([]byte, 100)
	for i := 0; b.Loop(); i++ {
		from, to := &s, &r
		if i%2 == 1 {
			from, to = &r, &s
		}
		pass(b, from, to, content)
	}
	report(b)
}

func BenchmarkOneWay(b *testing.B) {
	r, s := pair(b)
	content := make([]byte, 100)
	for b.Loop() {
		pass(b, &s, &r, content)
	}
	report(b)
}

// BenchmarkPingPongStored marshals each state, as before a commit.
func BenchmarkPingPongStored(b *testing.B) {
	r, s := pair(b)
	content := make([]byte, 100)
	for i := 0; b.Loop(); i++ {
		from, to := &s, &r
		if i%2 == 1 {
			from, to = &r, &s
		}
		pass(b, from, to, content)
		from.Marshal()
		to.Marshal()
	}
	report(b)
}

// BenchmarkUnknownBox is a box of somebody else, tried against one contact.
func BenchmarkUnknownBox(b *testing.B) {
	r, s := pair(b)
	pass(b, &s, &r, nil)
	pass(b, &r, &s, nil)
	_, other := pair(b)
	box := seal(b, &other, "x")
	for b.Loop() {
		if _, _, err := r.Open(box, start); err != ErrUnknown {
			b.Fatal(err)
		}
	}
}

func pass(b *testing.B, from, to *State, content []byte) {
	box, next, err := from.Seal(content, start)
	if err != nil {
		b.Fatal(err)
	}
	*from = next
	if _, *to, err = to.Open(box, start); err != nil {
		b.Fatal(err)
	}
}

func report(b *testing.B) {
	b.ReportMetric(float64(b.N)*float64(time.Second)/float64(b.Elapsed()), "msg/s")
}
