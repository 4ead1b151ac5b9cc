package main

import (
	"slices"
	"testing"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// useNode gives a profile a node and waits until it serves it.
func (w *world) useNode(p *drive.Process, address string) (node string) {
	w.t.Helper()
	var added struct {
		Node, State string
		Default     bool
	}
	w.call(p, "node.add", map[string]any{"address": address}, &added)
	if added.Node == "" || added.State != "new" || !added.Default {
		w.t.Fatalf("added %+v", added)
	}
	w.awaitNode(p, added.Node, "good")
	return added.Node
}

func (w *world) awaitNode(p *drive.Process, node, state string) {
	w.t.Helper()
	if _, err := p.Await(w.ctx, "node "+state, func(e drive.Event) bool {
		return e.Type() == "node.changed" && e.Text("node") == node && e.Text("state") == state
	}); err != nil {
		w.t.Fatalf("node %s never became %s: %v", node, state, err)
	}
}

// awaitPath asks until a contact can be reached by a path.
func (w *world) awaitPath(p *drive.Process, contact, path string) {
	w.t.Helper()
	for {
		var c struct{ Path string }
		w.call(p, "contact.get", map[string]any{"contact": contact}, &c)
		if c.Path == path {
			return
		}
		select {
		case <-w.ctx.Done():
			w.t.Fatalf("reached by %q, never by %q", c.Path, path)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Claire has a mailbox and is off; what Amina writes waits there, and Claire finds it when
// she comes, though Amina is off by then. Amina hears of it from the mailbox in turn.
func TestNeverOnTogether(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--allow-private")
	amina, claire, m := w.pair("Amina", "Claire")
	w.useNode(amina, n.address.String())
	w.useNode(claire, n.address.String())

	// Each tells the other of it while both are there, which shows only when one is away.
	for stay := time.Second; ; stay *= 2 {
		<-time.After(stay)
		w.shutdown(claire)
		e, err := amina.Await(w.ctx, "that Claire is away", func(e drive.Event) bool {
			return e.Type() == "contact.presence" && slices.Contains([]string{"mailbox", "no"}, e.Text("reachable"))
		})
		if err != nil {
			t.Fatal(err)
		}
		if e.Text("reachable") == "mailbox" {
			break
		}
		claire = w.start("Claire")
	}
	w.awaitPath(amina, m.Presenter, "mailbox")

	id := w.send(amina, m.Presenter, "read this when you are back")
	w.awaitState(amina, id, "held")
	w.shutdown(amina)

	claire = w.start("Claire")
	got := w.received(claire, "read this when you are back")
	if got.Text("path") != "mailbox" {
		t.Errorf("it came by %q", got.Text("path"))
	}
	w.awaitState(claire, w.send(claire, m.Scanner, "I am"), "held")
	w.shutdown(claire)

	amina = w.start("Amina")
	w.received(amina, "I am")
	w.awaitState(amina, id, "delivered")
}

// A test of a node tells each step, and a dead one says where it ends.
func TestNodeTestTellsEachStep(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--allow-private")
	w.init("Amina")
	amina := w.start("Amina")
	id := w.useNode(amina, n.address.String())

	type check struct {
		Step, Error, Says string
		Tried, Works      bool
	}
	test := func() map[string]check {
		var r struct{ Checks []check }
		w.call(amina, "node.test", map[string]any{"node": id}, &r)
		var steps []string
		of := map[string]check{}
		for _, c := range r.Checks {
			steps, of[c.Step] = append(steps, c.Step), c
		}
		if want := []string{"reach", "key", "admit", "hold", "relay", "forward"}; !slices.Equal(steps, want) {
			t.Fatalf("steps %v", steps)
		}
		return of
	}
	of := test()
	for _, step := range []string{"reach", "key", "admit", "hold", "relay"} {
		if !of[step].Works || of[step].Error != "" {
			t.Errorf("%s: %+v", step, of[step])
		}
	}
	if of["forward"].Tried {
		t.Errorf("forwarded with one node alone: %+v", of["forward"])
	}

	n.kill()
	of = test()
	if c := of["reach"]; c.Works || !c.Tried || c.Error != "node_unreachable" || c.Says == "" {
		t.Errorf("nobody is there: %+v", c)
	}
	if c := of["hold"]; c.Works {
		t.Errorf("a dead node holds: %+v", c)
	}
}

// TestNodesOfAProfile walks what can be asked of own nodes and of the ways out.
func TestNodesOfAProfile(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--allow-private")
	w.init("Amina")
	amina := w.start("Amina")

	var card struct{ Internet bool }
	w.call(amina, "card.create", map[string]any{"ttl_seconds": 600}, &card)
	if card.Internet {
		t.Error("a card without a node works over the internet")
	}
	id := w.useNode(amina, n.address.String())
	w.call(amina, "card.create", map[string]any{"ttl_seconds": 1}, &card) // the node stays while a card names it
	if !card.Internet {
		t.Error("a card with a node does not work over the internet")
	}

	var list struct {
		Nodes []struct {
			Node, Host, State string
			Default           bool
			SeenAt            *time.Time `json:"seen_at"`
			Quota             int64
		}
	}
	w.call(amina, "node.list", nil, &list)
	if len(list.Nodes) != 1 || list.Nodes[0].Node != id || list.Nodes[0].SeenAt == nil || list.Nodes[0].Quota == 0 {
		t.Errorf("listed %+v", list)
	}
	for _, c := range []struct {
		method string
		params map[string]any
		code   string
	}{
		{"node.add", map[string]any{"address": "hello"}, "node_malformed"},
		{"node.add", map[string]any{"address": n.address.String()}, "node_known"},
		{"node.test", map[string]any{"node": "99"}, "not_found"},
		{"node.remove", map[string]any{"node": "99"}, "not_found"},
		{"node.set_default", map[string]any{"node": "99"}, "not_found"},
		{"contact.hide", map[string]any{"contact": "99", "hide": true}, "not_found"},
		{"preferences.set", map[string]any{"proxy": "nonsense"}, "proxy_malformed"},
		{"preferences.set", map[string]any{"color": "blue"}, "invalid_params"},
	} {
		if err := amina.Call(w.ctx, c.method, c.params, nil); drive.Code(err) != c.code {
			t.Errorf("%s %v: %v (%s), want %s", c.method, c.params, err, drive.Code(err), c.code)
		}
	}
	var chosen struct {
		LAN, Internet bool
		Hide          bool `json:"hide_address"`
		Proxy         string
	}
	w.call(amina, "preferences.set", map[string]any{"hide_address": true}, &chosen)
	w.call(amina, "preferences.get", nil, &chosen)
	if !chosen.Hide || !chosen.LAN || !chosen.Internet || chosen.Proxy != "" {
		t.Errorf("chosen %+v", chosen)
	}

	w.call(amina, "node.remove", map[string]any{"node": id}, nil)
	w.awaitNode(amina, id, "gone")
	w.call(amina, "node.list", nil, &list)
	if len(list.Nodes) != 0 {
		t.Errorf("after it is gone: %+v", list)
	}
}

// Two who are on no common network meet by a card over the node that it names, and talk.
// Only the one who made the card has a node.
func TestMeetOverANode(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--allow-private")
	w.init("Amina")
	w.init("Claire")
	amina, claire := w.start("Amina"), w.start("Claire")
	for _, p := range []*drive.Process{amina, claire} {
		w.call(p, "preferences.set", map[string]any{"lan": false}, nil)
	}
	w.useNode(amina, n.address.String())
	m, err := drive.Pair(w.ctx, amina, claire, nil)
	if err != nil {
		t.Fatal(err)
	}
	id := w.send(claire, m.Scanner, "over the node")
	got := w.received(amina, "over the node")
	if path := got.Text("path"); path == "lan" || path == "" {
		t.Errorf("it came by %q", path)
	}
	w.awaitState(claire, id, "delivered")
	w.awaitState(amina, w.send(amina, m.Presenter, "and back"), "delivered")
}
