package app_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

func defaultOf(t *testing.T, p *apptest.Person) app.NodeID {
	t.Helper()
	all, err := p.Nodes(ctx)
	must(t, err)
	i := slices.IndexFunc(all, func(n app.Node) bool { return n.Default })
	if i < 0 {
		return 0
	}
	return all[i].ID
}

// TestDefaultChanges: contacts are told inside the ratchet, by mailbox alone, and leave
// what they say at the other node from then on.
func TestDefaultChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		two := addNode(t, a.u, a.alice, "two")
		if two.Default {
			t.Fatal("the second node is the default")
		}
		must(t, a.alice.SetDefaultNode(ctx, two.ID))
		if defaultOf(t, a.alice) != two.ID {
			t.Fatal("the default did not change")
		}
		apptest.Settle(3 * time.Hour)
		before := deposits(a.u, "node of Alice", "two")
		a.bob.Say(a.aliceOfBob, "hello")
		apptest.Settle(time.Hour)
		after := deposits(a.u, "node of Alice", "two")
		if after[0] != before[0] || after[1] == before[1] {
			t.Errorf("deposits went from %v to %v", before, after)
		}
		if got := a.alice.Heard(a.bobOfAlice); len(got) != 1 {
			t.Errorf("Alice heard %q", got)
		}
		if err := a.alice.SetDefaultNode(ctx, 77); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("an unknown node: %v", err)
		}
		a.alice.Restart()
		if defaultOf(t, a.alice) != two.ID {
			t.Error("a restart forgot the default")
		}
	})
}

// TestRemovedNodeIsMovedFirst: what waits there is fetched, contacts are told, and only
// then the account is deleted. Nothing is lost, also where the program is killed meanwhile.
func TestRemovedNodeIsMovedFirst(t *testing.T) {
	for kill := range 10 {
		synctest.Test(t, func(t *testing.T) {
			a := meetAndPart(t)
			one := defaultOf(t, a.alice)
			addNode(t, a.u, a.alice, "two")
			a.alice.Stop()
			for i := range 40 {
				a.bob.Say(a.aliceOfBob, fmt.Sprint(i))
			}
			apptest.Settle(time.Minute)
			if got := a.u.Nodes.Cells("node of Alice"); got < 40 {
				t.Fatalf("%d cells wait", got)
			}
			a.alice.Start()
			must(t, a.alice.RemoveNode(ctx, one))
			if n := ownNode(t, a.alice, one); n.State != app.NodeLeaving || n.Default {
				t.Fatalf("removed: %+v", n)
			}
			base := a.alice.Store.Updates()
			a.alice.Store.Inject(func(update int) apptest.Fault {
				return apptest.Fault{Kill: kill > 0 && update == base+kill, After: kill%2 == 0}
			})
			eventually(t, "account deleted", 48*time.Hour, func() bool {
				if a.alice.Store.Killed() {
					a.alice.Restart()
				}
				return a.u.Nodes.Accounts("node of Alice") == 0 && ownNode(t, a.alice, one).ID == 0
			})
			if got := a.alice.Heard(a.bobOfAlice); len(got) != 40 {
				t.Fatalf("%d of 40 arrived", len(got))
			}
			a.bob.Say(a.aliceOfBob, "to the other node")
			apptest.Settle(time.Hour)
			if got := a.alice.Heard(a.bobOfAlice); len(got) != 41 || deposits(a.u, "two")[0] == 0 {
				t.Fatalf("%d of 41 arrived, %d deposits at the other node", len(got), deposits(a.u, "two")[0])
			}
		})
	}
}

// TestRemovedNodeWaitsForContacts: one who does not come is waited for, 30 days long.
func TestRemovedNodeWaitsForContacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		one := defaultOf(t, a.alice)
		a.bob.Stop()
		must(t, a.alice.RemoveNode(ctx, one)) // the only one
		apptest.Settle(5 * time.Hour)
		if ownNode(t, a.alice, one).State != app.NodeLeaving {
			t.Fatal("Bob knows of no other place, and the node is gone")
		}
		if defaultOf(t, a.alice) != 0 {
			t.Fatal("a node that is left is the default")
		}
		a.alice.Clock.Jump(30 * 24 * time.Hour)
		apptest.Settle(time.Hour)
		if ownNode(t, a.alice, one).ID != 0 || a.u.Nodes.Accounts("node of Alice") != 0 {
			t.Fatal("the node is still there after 30 days")
		}
	})
}

// TestRemovedNodeIsTakenBack: adding it again ends the leaving.
func TestRemovedNodeIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		one := defaultOf(t, a.alice)
		a.bob.Stop()
		must(t, a.alice.RemoveNode(ctx, one))
		apptest.Settle(time.Minute)
		n, err := a.alice.AddNode(ctx, a.u.Nodes.Node("node of Alice").String())
		must(t, err)
		if n.ID != one || !n.Default {
			t.Fatalf("taken back: %+v", n)
		}
		settled(t, a.alice, one)
		a.bob.Start()
		a.bob.Say(a.aliceOfBob, "hello")
		apptest.Settle(time.Hour)
		if len(a.alice.Heard(a.bobOfAlice)) != 1 {
			t.Fatal("nothing came")
		}
	})
}

// TestDeadNode: a node dies before it could be moved. What lay there is sent again, and
// contacts learn of another place as soon as they can be reached.
func TestDeadNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		one := defaultOf(t, a.alice)
		two := addNode(t, a.u, a.alice, "two")
		a.alice.Stop()
		a.bob.Say(a.aliceOfBob, "lost with the node")
		apptest.Settle(time.Minute)
		a.u.Nodes.Erase("node of Alice")
		a.u.Nodes.Fail("node of Alice", apptest.NodeFaults{Down: true})
		a.alice.Start()
		eventually(t, "away", time.Hour, func() bool { return ownNode(t, a.alice, one).State == app.NodeAway })
		must(t, a.alice.RemoveNode(ctx, one))
		apptest.Settle(time.Hour)
		if ownNode(t, a.alice, one).ID == 0 {
			t.Fatal("a node that nobody spoke to was left")
		}
		must(t, a.alice.ForgetNode(ctx, one))
		if ownNode(t, a.alice, one).ID != 0 || defaultOf(t, a.alice) != two.ID {
			t.Fatal("the dead node is still there")
		}
		eventually(t, "message", 24*time.Hour, func() bool { return len(a.alice.Heard(a.bobOfAlice)) == 1 })
	})
}

// TestLastNodeForgotten: without a node, grants name none.
func TestLastNodeForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		must(t, a.alice.ForgetNode(ctx, defaultOf(t, a.alice)))
		if err := a.alice.ForgetNode(ctx, 1); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("again: %v", err)
		}
		apptest.Settle(2 * time.Hour)
		a.bob.Say(a.aliceOfBob, "hello")
		apptest.Settle(time.Hour)
		if got := a.bob.Said(a.aliceOfBob, app.StateQueued); len(got) != 1 {
			t.Fatalf("queued: %q", got)
		}
		a.u.Net.Close(false)
		apptest.Settle(time.Minute)
		if len(a.alice.Heard(a.bobOfAlice)) != 1 {
			t.Fatal("nothing came over the link")
		}
	})
}
