package app_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// settled waits until a node serves somebody and has a lot of theirs.
func settled(t *testing.T, p *apptest.Person, id app.NodeID) {
	t.Helper()
	p.Await("node", func() bool { return ownNode(t, p, id).State == app.NodeGood })
	apptest.Settle(3 * time.Second)
}

func ownNode(t *testing.T, p *apptest.Person, id app.NodeID) app.Node {
	t.Helper()
	all, err := p.Nodes(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range all {
		if n.ID == id {
			return n
		}
	}
	return app.Node{}
}

func addNode(t *testing.T, u *apptest.Universe, p *apptest.Person, name string) app.Node {
	t.Helper()
	n, err := p.AddNode(context.Background(), u.Nodes.Node(name).String())
	if err != nil {
		t.Fatal(err)
	}
	settled(t, p, n.ID)
	return n
}

func ops(u *apptest.Universe, node, op string) (found []apptest.Sight) {
	for _, s := range u.Nodes.Log(node) {
		if s.Op == op {
			found = append(found, s)
		}
	}
	return found
}

func TestNodeIsAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		ctx := context.Background()
		address := u.Nodes.Node("one").String()
		for text, want := range map[string]error{
			"": app.ErrNodeAddress, "TACIT1:AA": app.ErrNodeAddress, address + "A": app.ErrNodeAddress,
			"TACITNODE2:AA": app.ErrNodeNewer,
		} {
			if _, err := alice.AddNode(ctx, text); !errors.Is(err, want) {
				t.Errorf("%q: %v, want %v", text, err, want)
			}
		}
		n, err := alice.AddNode(ctx, " "+address+"\n")
		if err != nil {
			t.Fatal(err)
		}
		if n.State != app.NodeNew || !n.Default || n.Host != "192.31.196.1:4001" {
			t.Fatalf("new node: %+v", n)
		}
		if _, err := alice.AddNode(ctx, address); !errors.Is(err, app.ErrNodeKnown) {
			t.Fatalf("again: %v", err)
		}
		settled(t, alice, n.ID)
		if got := ops(u, "one", "lot"); len(got) != 1 {
			t.Fatalf("%d lots, want the first one", len(got))
		}
		alice.Restart()
		settled(t, alice, n.ID)
		apptest.Settle(2 * time.Hour)
		if got := ops(u, "one", "lot"); len(got) != 1 || u.Nodes.Accounts("one") != 1 {
			t.Fatalf("after a restart %d lots and %d accounts", len(got), u.Nodes.Accounts("one"))
		}
	})
}

func TestGrantsNameTheNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob := u.Person("Alice"), u.Person("Bob")
		addNode(t, u, alice, "one")
		bobOfA, aOfBob := u.Pair(alice, bob)
		apptest.Settle(10 * time.Second)
		u.Net.Close(true)
		bob.Say(aOfBob, "while you are away")
		apptest.Settle(time.Minute)
		if got := u.Nodes.Cells("one"); got != 1 && len(alice.Heard(bobOfA)) != 1 {
			t.Fatalf("%d cells wait, and Alice heard %q", got, alice.Heard(bobOfA))
		}
		alice.Await("message", func() bool { alice.Poll(); return len(alice.Heard(bobOfA)) == 1 })
		if got := ops(u, "one", "lot"); len(got) != 1 {
			t.Fatalf("%d lots: one was to do", len(got))
		}
	})
}

// overNodes has two people meet by a link of Alice's whose card names a node, without a network.
type overNode struct {
	u        *apptest.Universe
	r, s     *apptest.Person
	rid, sid app.PairingID
}

func (o *overNode) codes(t *testing.T) {
	t.Helper()
	offer := o.r.Card(app.CardRequest{TTL: 7 * 24 * time.Hour})
	if !offer.Internet {
		t.Fatal("the card names no node")
	}
	o.rid = offer.Pairing
	apptest.Settle(3 * time.Second)
	o.sid = o.s.Accept(offer.Card, false)
}

func shows(p app.Pairing) bool { return p.Show != "" }

func eventually(t *testing.T, what string, within time.Duration, f func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !f(); apptest.Settle(10 * time.Second) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

func (o *overNode) finish(t *testing.T) (sOfR, rOfS app.ContactID) {
	t.Helper()
	ctx := context.Background()
	eventually(t, "codes", 24*time.Hour, func() bool { return shows(o.r.Pairing(o.rid)) && shows(o.s.Pairing(o.sid)) })
	sOfR, err := o.r.EnterCode(ctx, o.rid, o.s.Pairing(o.sid).Show)
	must(t, err)
	rOfS, err = o.s.EnterCode(ctx, o.sid, o.r.Pairing(o.rid).Show)
	must(t, err)
	eventually(t, "right to write", 24*time.Hour, func() bool { return writable(t, o.r, sOfR) && writable(t, o.s, rOfS) })
	return sOfR, rOfS
}

func writable(t *testing.T, p *apptest.Person, c app.ContactID) bool {
	t.Helper()
	contact, err := p.Contact(context.Background(), c)
	must(t, err)
	return contact.Writable
}

func TestPairingOverSlots(t *testing.T) {
	for name, both := range map[string]bool{"one node": false, "two nodes": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := apptest.NewUniverse(t)
				o := &overNode{u: u, r: u.Person("Alice"), s: u.Person("Bob")}
				u.Net.Close(true)
				addNode(t, u, o.r, "one")
				if both {
					addNode(t, u, o.s, "two")
				}
				o.codes(t)
				sOfR, rOfS := o.finish(t)
				o.s.Say(rOfS, "to Alice")
				eventually(t, "message", 2*time.Hour, func() bool { return len(o.r.Heard(sOfR)) == 1 })
				eventually(t, "end of the meeting", 24*time.Hour, func() bool {
					return o.r.Pairing(o.rid).Phase != app.PhaseChecked && o.s.Pairing(o.sid).Phase != app.PhaseChecked
				})
				if both {
					o.r.Say(sOfR, "to Bob")
					eventually(t, "message", 2*time.Hour, func() bool { return len(o.s.Heard(rOfS)) == 1 })
				}
			})
		})
	}
}
