package chat

import (
	"slices"
	"testing"
	"time"

	"tacit/app"
)

func openFinder(t *testing.T) *talk {
	p := openPane(t, 300) // 31 of them have a 7 twice or so; "message 77" is one
	p.OpenFinder()
	return p
}

func TestFinderGoesThroughTheHits(t *testing.T) {
	p := openFinder(t)
	p.fake.add(8, false, "message 77 of somebody else")
	p.Search("e 7")
	if len(p.fake.queries) != 0 {
		t.Error("a search for each key")
	}
	p.Search(" message 77 ")
	if _, _, pending := p.Found(); !pending {
		t.Error("nothing is being looked for")
	}
	p.tick(searchDelay)
	if n, of, pending := p.Found(); n != 1 || of != 1 || pending || len(p.fake.queries) != 1 {
		t.Fatalf("%d of %d, %v, %d searches", n, of, pending, len(p.fake.queries))
	}
	if m, ok := p.Find(p.target); !ok || m.Text != "message 77" || p.showed[len(p.showed)-1] != Message {
		t.Errorf("shows %+v", m)
	}
	p.Search("message 7")
	p.tick(searchDelay)
	_, of, _ := p.Found()
	newest := p.target
	p.Step(true)
	p.settle()
	if n, _, _ := p.Found(); n != 2 || p.target >= newest || of != 11 {
		t.Errorf("hit %d of %d is %d, the first was %d", n, of, p.target, newest)
	}
	p.Step(false)
	p.Step(false)
	p.settle()
	if n, _, _ := p.Found(); n != of {
		t.Errorf("before the first comes %d of %d", n, of)
	}
	if q := p.fake.queries[0]; q.Contact != claire.ID || !q.Hidden {
		t.Errorf("asked for %+v", q)
	}
}

func TestFinderHighlights(t *testing.T) {
	p := openFinder(t)
	p.Search("MESS")
	if marks := p.item(p.Item(0)).Marks; len(marks) != 1 || marks[0].From != 0 || marks[0].To != 4 {
		t.Errorf("highlighted %v", marks)
	}
	p.CloseFinder()
	if marks := p.item(p.Item(0)).Marks; marks != nil {
		t.Errorf("highlighted %v after the search", marks)
	}
	if p.CloseFinder() {
		t.Error("closed twice")
	}
}

// TestFinderHitOfTheList: the words that led here are highlighted until an answer.
func TestFinderHitOfTheList(t *testing.T) {
	p := openPane(t, 300)
	p.GoToHit(p.fake.msgs[20].ID, "message")
	p.settle()
	if m, ok := p.Find(p.target); !ok || m.Text != "message 20" || len(p.item(m).Marks) != 1 {
		t.Errorf("went to %+v", m)
	}
	p.Send("found it")
	p.settle()
	if p.Sought() != "" {
		t.Error("highlighted for ever")
	}
}

func TestFinderDropsStaleAnswers(t *testing.T) {
	p := openFinder(t)
	p.Search("message 77")
	p.tickOnly(searchDelay) // asked, not answered
	p.Search("message 88")
	p.tick(searchDelay)
	if m, _ := p.Find(p.target); m.Text != "message 88" {
		t.Errorf("shows %q", m.Text)
	}
	p.Search("x")
	p.tick(searchDelay)
	if _, of, _ := p.Found(); of != 0 {
		t.Error("a letter finds messages")
	}
	p.Search("message 99")
	p.tickOnly(searchDelay)
	p.CloseFinder()
	before := p.target
	p.settle()
	if p.target != before {
		t.Error("an answer moves the thread after the search was closed")
	}
}

func TestFinderFollowsRemovals(t *testing.T) {
	p := openFinder(t)
	p.Search("message 7")
	p.tick(searchDelay)
	_, of, _ := p.Found()
	p.Handle(app.MessageRemoved{Contact: claire.ID, Message: p.target})
	if n, left, _ := p.Found(); left != of-1 || n != 1 {
		t.Errorf("%d of %d after one of %d is gone", n, left, of)
	}
}

// tickOnly ends what was put off and leaves what follows from it under way.
func (d *desk) tickOnly(after time.Duration) {
	d.settle()
	for _, t := range slices.Clone(d.timers) {
		if t.d <= after {
			d.timers = slices.DeleteFunc(d.timers, func(o *timer) bool { return o == t })
			t.f()
		}
	}
	d.runPosted()
}
