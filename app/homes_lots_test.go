package app_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// befriend pairs p with n others, and returns them with what they call p.
func befriend(t *testing.T, u *apptest.Universe, p *apptest.Person, n int) (friends []*apptest.Person, theirs []app.ContactID) {
	t.Helper()
	for i := range n {
		f := u.Person(fmt.Sprintf("Friend %d", i+1))
		_, c := u.Pair(p, f)
		friends, theirs = append(friends, f), append(theirs, c)
	}
	return friends, theirs
}

// deposits returns how many each node got.
func deposits(u *apptest.Universe, nodes ...string) (n []int) {
	for _, name := range nodes {
		n = append(n, len(ops(u, name, "put")))
	}
	return n
}

// TestLotsTellNothingOfGrants: handing grants out and renewing them uploads nothing, and
// another lot goes up at a random moment within the hour after few spares were left.
func TestLotsTellNothingOfGrants(t *testing.T) {
	var delays []time.Duration
	for range 4 {
		synctest.Test(t, func(t *testing.T) {
			u := apptest.NewUniverse(t)
			alice := u.Person("Alice")
			addNode(t, u, alice, "one")
			befriend(t, u, alice, 11)
			apptest.Settle(2 * time.Hour)
			if got := ops(u, "one", "lot"); len(got) != 1 {
				t.Fatalf("%d lots while five spares are left", len(got))
			}
			befriend(t, u, alice, 1)
			at := time.Now()
			apptest.Settle(time.Second)
			if got := ops(u, "one", "lot"); len(got) > 2 {
				t.Fatalf("%d lots at once", len(got))
			}
			apptest.Settle(time.Hour)
			got := ops(u, "one", "lot")
			if len(got) != 2 {
				t.Fatalf("%d lots an hour after four spares were left", len(got))
			}
			delays = append(delays, got[1].At.Sub(at))
			apptest.Settle(3 * time.Hour)
			if got := ops(u, "one", "lot"); len(got) != 2 {
				t.Fatalf("%d lots in the end", len(got))
			}
		})
	}
	same := 0
	for _, d := range delays {
		if (d - delays[0]).Abs() < 10*time.Second {
			same++
		}
	}
	if same == len(delays) {
		t.Errorf("the moment is not random: %v", delays)
	}
}

// TestLotsFollowOneAnotherWhenAllMove: everybody gets a grant of another node, though one
// lot does not pay for all of them.
func TestLotsFollowOneAnotherWhenAllMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		friends, theirs := befriend(t, u, alice, 20)
		addNode(t, u, alice, "one")
		apptest.Settle(2 * time.Hour)
		u.Net.Close(true)
		for i, f := range friends {
			f.Say(theirs[i], "hello")
		}
		apptest.Settle(time.Minute)
		if got := deposits(u, "one")[0]; got != len(friends) {
			t.Fatalf("%d of %d could leave a message", got, len(friends))
		}
	})
}

// TestGrantsAreRenewedFromSpares: a grant runs out after 90 days, and is renewed before, by
// mailbox alone; old lots are dropped.
func TestGrantsAreRenewedFromSpares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		for week := range 52 {
			for _, p := range []*apptest.Person{a.alice, a.bob} {
				p.Clock.Jump(7*24*time.Hour - 4*time.Hour)
				a.u.Nodes.Jump("node of "+p.Name, 7*24*time.Hour-4*time.Hour)
			}
			a.alice.Say(a.bobOfAlice, fmt.Sprintf("week %d", week))
			apptest.Settle(2 * time.Hour)
			a.bob.Say(a.aliceOfBob, fmt.Sprintf("week %d", week))
			apptest.Settle(2 * time.Hour)
			if got, want := len(a.bob.Heard(a.aliceOfBob)), week+1; got != want {
				t.Fatalf("week %d: Bob heard %d of %d", week, got, want)
			}
		}
		for _, node := range []string{"node of Alice", "node of Bob"} {
			if lots := len(ops(a.u, node, "lot")); lots < 2 || lots > 4 {
				t.Errorf("%s: %d lots in a year", node, lots)
			}
			if len(ops(a.u, node, "drop lot")) == 0 {
				t.Errorf("%s: no lot was ever ended", node)
			}
		}
	})
}

// TestOlderCopyForgetsSpares: a profile that was put back may have issued the spares that
// it still has.
func TestOlderCopyForgetsSpares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob, carol := u.Person("Alice"), u.Person("Bob"), u.Person("Carol")
		addNode(t, u, alice, "one")
		old := alice.Store.Copy()
		_, aliceOfBob := u.Pair(alice, bob)
		apptest.Settle(time.Minute)
		alice.Stop()
		alice.Store = old.Reopen()
		alice.Store.SetRolledBack()
		alice.Start()
		settled(t, alice, 1)
		_, aliceOfCarol := u.Pair(alice, carol)
		apptest.Settle(2 * time.Hour)
		u.Net.Close(true)
		bob.Say(aliceOfBob, "to the newer Alice")
		carol.Say(aliceOfCarol, "to the older one")
		apptest.Settle(time.Minute)
		spent := map[[16]byte]string{}
		lots := map[string][16]byte{}
		for _, s := range ops(u, "one", "put") {
			lots[s.Owner] = s.Lot
			if who := spent[s.Lot]; who != "" && who != s.Owner {
				t.Errorf("%s and %s pay from one lot after a restore", who, s.Owner)
			}
			spent[s.Lot] = s.Owner
		}
		if len(lots) != 2 {
			t.Fatalf("%d depositors", len(lots))
		}
	})
}

// TestRefusedLot: a node that takes no lot serves all the same; it is asked ever less often.
func TestRefusedLot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob := u.Person("Alice"), u.Person("Bob")
		address := u.Nodes.Node("one")
		u.Nodes.Fail("one", apptest.NodeFaults{NoLots: true})
		n, err := alice.AddNode(ctx, address.String())
		must(t, err)
		_, aliceOfBob := u.Pair(alice, bob)
		apptest.Settle(5 * time.Hour)
		if s := ownNode(t, alice, n.ID).State; s != app.NodeGood {
			t.Errorf("the node is %s", s)
		}
		if got := len(ops(u, "one", "lot")); got < 5 || got > 60 {
			t.Errorf("asked %d times in five hours", got)
		}
		u.Nodes.Fail("one", apptest.NodeFaults{})
		apptest.Settle(time.Hour)
		u.Net.Close(true)
		bob.Say(aliceOfBob, "hello")
		apptest.Settle(time.Minute)
		if deposits(u, "one")[0] == 0 {
			t.Error("the grant still names no node")
		}
	})
}

// TestBackupKeepsAccounts: out of a backup comes the account, and what waits there; lots
// without their spares stay where they are, since contacts pay from them.
func TestBackupKeepsAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		a.bob.Stop()
		a.alice.Stop()
		restored := apptest.NewStore()
		must(t, a.alice.Store.View(ctx, func(from app.ReadTx) error {
			return restored.Update(ctx, func(to app.Tx) error {
				profile, err := from.Profile()
				must(t, err)
				contact, err := from.Contact(a.bobOfAlice)
				must(t, err)
				grants, err := from.Grants(a.bobOfAlice)
				must(t, err)
				nodes, err := from.Nodes()
				must(t, err)
				lots, err := from.Lots(nodes[0].ID)
				must(t, err)
				must(t, to.SetProfile(profile))
				_, err = to.AddContact(contact)
				must(t, err)
				must(t, to.SetGrants(a.bobOfAlice, grants))
				_, err = to.AddNode(nodes[0])
				must(t, err)
				for _, l := range lots {
					l.Spares, l.Uploaded, l.IssuedAt = nil, false, time.Time{}
					must(t, to.SetLot(l))
				}
				return nil
			})
		}))
		before := len(ops(a.u, "node of Alice", "lot"))
		a.bob.Start()
		a.bob.Say(a.aliceOfBob, "while Alice is out of a backup")
		apptest.Settle(time.Minute)
		a.alice.Store = restored
		a.alice.Start()
		eventually(t, "message", 48*time.Hour, func() bool { return len(a.alice.Heard(a.bobOfAlice)) == 1 })
		if got := len(ops(a.u, "node of Alice", "drop lot")); got != 0 {
			t.Errorf("%d lots were ended that contacts pay from", got)
		}
		if got := len(ops(a.u, "node of Alice", "lot")) - before; got != 1 {
			t.Errorf("%d lots were handed over, want a new one", got)
		}
	})
}
