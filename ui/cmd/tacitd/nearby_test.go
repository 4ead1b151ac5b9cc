package main

import (
	"testing"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// neighbour is a process that is shown nearby, with what it was told last.
type neighbour struct {
	w     *world
	p     *drive.Process
	shown drive.Event
}

func (w *world) nearby(p *drive.Process) *neighbour {
	w.t.Helper()
	if err := p.Call(w.ctx, "nearby.start", nil, &struct{}{}); err != nil {
		w.t.Fatal(err)
	}
	return &neighbour{w: w, p: p}
}

// await waits until what is told satisfies f.
func (n *neighbour) await(f func(drive.Event) bool) {
	n.w.t.Helper()
	for n.shown == nil || !f(n.shown) {
		e, err := n.p.AwaitType(n.w.ctx, "nearby.changed")
		if err != nil {
			n.w.t.Fatal(err)
		}
		n.shown = e
	}
}

// partner waits until another is there under its name, and returns it.
func (n *neighbour) partner(of *neighbour) (id string) {
	n.w.t.Helper()
	of.await(func(e drive.Event) bool { return e.Text("name") != "" })
	n.await(func(e drive.Event) bool {
		for _, p := range partners(e) {
			if p.Text("name") == of.shown.Text("name") {
				id = p.Text("partner")
			}
		}
		return id != ""
	})
	return id
}

func partners(e drive.Event) (out []drive.Event) {
	list, _ := e["partners"].([]any)
	for _, p := range list {
		if p, ok := p.(map[string]any); ok {
			out = append(out, p)
		}
	}
	return out
}

func (n *neighbour) pick(of *neighbour) {
	n.w.t.Helper()
	if err := n.p.Call(n.w.ctx, "nearby.pick", map[string]any{"partner": n.partner(of)}, &struct{}{}); err != nil {
		n.w.t.Fatal(err)
	}
}

// stillSees reports whether one of those who were there is there at the last word.
func (n *neighbour) stillSees(id string) bool {
	for _, p := range partners(n.shown) {
		if p.Text("partner") == id {
			return true
		}
	}
	return false
}

// pairNearby has two of three pick each other and become contacts, while the third picks
// one of them and is picked by nobody.
func (w *world) pairNearby(pa, pb, pc *drive.Process) {
	w.t.Helper()
	for _, p := range []*drive.Process{pa, pb, pc} {
		if err := p.Call(w.ctx, "profile.get", nil, &struct{}{}); err != nil { // it is open
			w.t.Fatal(err)
		}
	}
	began := time.Now()
	a, b, c := w.nearby(pa), w.nearby(pb), w.nearby(pc)
	aOfC, bOfC := c.partner(a), c.partner(b)
	w.t.Logf("names are there after %v", time.Since(began))
	c.pick(a)
	a.pick(b)
	b.pick(a)
	ofA, err := pa.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		w.t.Fatal(err)
	}
	ofB, err := pb.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := pa.EnterCode(w.ctx, ofA.Text("pairing"), ofB.Text("show")); err != nil {
		w.t.Fatal(err)
	}
	if _, err := pb.EnterCode(w.ctx, ofB.Text("pairing"), ofA.Text("show")); err != nil {
		w.t.Fatal(err)
	}
	for _, p := range []*drive.Process{pa, pb} {
		if _, err := p.AwaitType(w.ctx, "contact.added"); err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Logf("contacts after %v", time.Since(began))
	c.await(func(e drive.Event) bool {
		c.shown = e
		return !c.stillSees(aOfC) && !c.stillSees(bOfC)
	})
	if c.shown.Text("picked") != "" || c.shown.Text("pairing") != "" {
		w.t.Errorf("the third has %v", c.shown)
	}
	var contacts struct{ Contacts []any }
	if err := pc.Call(w.ctx, "contact.list", nil, &contacts); err != nil || len(contacts.Contacts) > 0 {
		w.t.Errorf("the third has contacts %v, %v", contacts.Contacts, err)
	}
	if err := pc.Call(w.ctx, "nearby.stop", nil, &struct{}{}); err != nil {
		w.t.Error(err)
	}
}

// TestNearby: three programs on one machine.
func TestNearby(t *testing.T) {
	w := newWorld(t)
	var ps [3]*drive.Process
	for i, name := range []string{"a", "b", "c"} {
		w.init(name)
		ps[i] = w.start(name)
	}
	w.pairNearby(ps[0], ps[1], ps[2])
}

// TestNearbyRefusals: nobody is shown against what they chose, and what is not there
// cannot be picked.
func TestNearbyRefusals(t *testing.T) {
	w := newWorld(t)
	w.init("a")
	p := w.start("a")
	fails := func(method string, params any, code string) {
		t.Helper()
		if err := p.Call(w.ctx, method, params, &struct{}{}); drive.Code(err) != code {
			t.Errorf("%s: %v, want %s", method, err, code)
		}
	}
	set := func(params map[string]any) {
		t.Helper()
		if err := p.Call(w.ctx, "preferences.set", params, &struct{}{}); err != nil {
			t.Fatal(err)
		}
	}
	fails("nearby.pick", map[string]any{"partner": "x"}, "not_found")
	n := w.nearby(p)
	fails("nearby.pick", map[string]any{"partner": "x"}, "not_found")
	set(map[string]any{"lan": false})
	n.await(func(e drive.Event) bool { return e.Text("code") == "nearby_off" && e["open"] == false })
	fails("nearby.start", nil, "nearby_off")
	set(map[string]any{"lan": true, "hide_address": true})
	fails("nearby.start", nil, "nearby_hidden")
	set(map[string]any{"hide_address": false, "proxy": "127.0.0.1:9050"})
	fails("nearby.start", nil, "nearby_hidden")
	fails("nearby.start", map[string]any{"name": "x"}, "invalid_params")
}
