package ui

import (
	"testing"

	"tacit/app"
)

func TestPumpJoinsABurst(t *testing.T) {
	var posted []func()
	var batches [][]app.Event
	p := &pump{
		post:    func(f func()) { posted = append(posted, f) },
		deliver: func(e []app.Event) { batches = append(batches, e) },
	}
	run := func(n int) {
		events := make(chan app.Event, n)
		for i := range n {
			events <- app.ContactRemoved{Contact: app.ContactID(i)}
		}
		close(events)
		p.run(events)
	}
	run(100)
	if len(posted) != 1 {
		t.Fatalf("%d crossings for a burst", len(posted))
	}
	posted[0]()
	if len(batches) != 1 || len(batches[0]) != 100 {
		t.Fatalf("%d batches", len(batches))
	}
	for i, e := range batches[0] {
		if e.(app.ContactRemoved).Contact != app.ContactID(i) {
			t.Fatalf("event %d out of order", i)
		}
	}
	run(1)
	if len(posted) != 2 {
		t.Fatal("nothing crosses after the first burst")
	}
	posted[1]()
	if len(batches) != 2 || len(batches[1]) != 1 {
		t.Error("the second burst has not arrived")
	}
}
