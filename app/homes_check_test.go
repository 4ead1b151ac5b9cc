package app_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// TestNodeIsTested: each step tells what works, whatever is wrong with the node.
func TestNodeIsTested(t *testing.T) {
	steps := []app.NodeStep{app.StepReach, app.StepKey, app.StepAdmit, app.StepHold, app.StepRelay, app.StepForward}
	for _, tt := range []struct {
		name   string
		faults apptest.NodeFaults
		failed app.NodeStep
		err    error
	}{
		{name: "good"},
		{"down", apptest.NodeFaults{Down: true}, app.StepReach, app.ErrNodeUnreachable},
		{"false", apptest.NodeFaults{False: true}, app.StepKey, app.ErrNodeFalse},
		{"refusing", apptest.NodeFaults{Refusing: true}, app.StepAdmit, app.ErrNodeRefused},
		{"full", apptest.NodeFaults{Full: true}, app.StepHold, app.ErrNodeLater},
		{"withholding", apptest.NodeFaults{Withhold: true}, app.StepHold, app.ErrNodeFalse},
		{"very slow", apptest.NodeFaults{Slow: time.Minute}, app.StepReach, app.ErrNodeUnreachable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := apptest.NewUniverse(t)
				alice := u.Person("Alice")
				one := addNode(t, u, alice, "one")
				addNode(t, u, alice, "two")
				u.Nodes.Fail("one", tt.faults)
				var told []app.NodeStep
				began := time.Now()
				checks, err := alice.TestNode(ctx, one.ID, func(c app.NodeCheck) { told = append(told, c.Step) })
				must(t, err)
				if took := time.Since(began); took > 31*time.Second {
					t.Errorf("it took %v", took)
				}
				if !slices.Equal(told, steps) || len(checks) != len(steps) {
					t.Fatalf("told %v, returned %d", told, len(checks))
				}
				ruledOut := false
				for _, c := range checks {
					switch {
					case c.Step == tt.failed:
						if !errors.Is(c.Err, tt.err) {
							t.Errorf("%s: %v, want %v", c.Step, c.Err, tt.err)
						}
						ruledOut = c.Step != app.StepHold
					case ruledOut && c.Tried:
						t.Errorf("%s was tried", c.Step)
					case !ruledOut && c.Err != nil:
						t.Errorf("%s: %v", c.Step, c.Err)
					case !ruledOut && c.Step != app.StepRelay && c.Step != tt.failed && !c.Tried:
						t.Errorf("%s was not tried", c.Step)
					}
				}
				u.Nodes.Fail("one", apptest.NodeFaults{})
				apptest.Settle(2 * time.Hour) // polls are random, an hour apart at most
				if n := u.Nodes.Cells("one"); n != 0 {
					t.Errorf("%d cells of the test are left", n)
				}
			})
		})
	}
}

// TestNodeOnItsOwn: alone, nothing is forwarded to; an unknown one is not tested.
func TestNodeOnItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		one := addNode(t, u, alice, "one")
		checks, err := alice.TestNode(ctx, one.ID, nil)
		must(t, err)
		if c := checks[len(checks)-1]; c.Step != app.StepForward || c.Tried {
			t.Errorf("last step: %+v", c)
		}
		if _, err := alice.TestNode(ctx, 77, nil); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

// TestNodeStates: the owner is told what a node does, and when it serves again.
func TestNodeStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		alice.Watch(true)
		one := addNode(t, u, alice, "one")
		for _, tt := range []struct {
			faults apptest.NodeFaults
			want   app.NodeState
		}{
			{apptest.NodeFaults{Down: true}, app.NodeAway},
			{apptest.NodeFaults{Later: true}, app.NodeAway},
			{apptest.NodeFaults{Refusing: true}, app.NodeShut},
			{apptest.NodeFaults{False: true}, app.NodeFalse},
		} {
			u.Nodes.Fail("one", tt.faults)
			eventually(t, string(tt.want), time.Hour, func() bool { return ownNode(t, alice, one.ID).State == tt.want })
			u.Nodes.Fail("one", apptest.NodeFaults{})
			eventually(t, "good again", time.Hour, func() bool { return ownNode(t, alice, one.ID).State == app.NodeGood })
		}
		told := 0
		for _, e := range alice.Events() {
			if c, ok := e.(app.NodeChanged); ok && c.Node.ID == one.ID {
				told++
			}
		}
		if told < 8 {
			t.Errorf("told %d times", told)
		}
	})
}

// TestClosedNode: one that asks for an invitation admits who has one.
func TestClosedNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		address := u.Nodes.Node("one")
		u.Nodes.Admit("one", [16]byte{7})
		n, err := alice.AddNode(ctx, address.String())
		must(t, err)
		apptest.Settle(time.Minute)
		if s := ownNode(t, alice, n.ID).State; s != app.NodeShut {
			t.Fatalf("without an invitation: %s", s)
		}
		address.Invite = [16]byte{7}
		again, err := alice.AddNode(ctx, address.String())
		must(t, err)
		if again.ID != n.ID {
			t.Fatal("the node with an invitation is another one")
		}
		settled(t, alice, n.ID)
	})
}

// TestProxyAddress: a proxy is an IP address or localhost with a port, else nothing changes.
func TestProxyAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		set := func(proxy string) error {
			p, err := alice.Preferences(ctx)
			must(t, err)
			p.Proxy, p.HideAddress = proxy, true
			return alice.SetPreferences(ctx, p)
		}
		for _, bad := range []string{"127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "proxy.example:9050", ":9050", "socks5://127.0.0.1:9050", "127.0.0.1:+90", "0.0.0.0:9050"} {
			if err := set(bad); !errors.Is(err, app.ErrProxyAddress) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if p, _ := alice.Preferences(ctx); p.Proxy != "" || p.HideAddress {
			t.Fatalf("something was kept: %+v", p)
		}
		for _, good := range []string{"127.0.0.1:9050", "[::1]:9050", "localhost:9150", ""} {
			if err := set(good); err != nil {
				t.Errorf("%q: %v", good, err)
			}
			apptest.Settle(time.Second)
			if i := alice.Mail.Internet(); i.Proxy != good || !i.Hide || !i.Open {
				t.Errorf("%q: told %+v", good, i)
			}
		}
		must(t, set("127.0.0.1:9050"))
		alice.Restart()
		apptest.Settle(time.Second)
		if i := alice.Mail.Internet(); i.Proxy != "127.0.0.1:9050" || !i.Hide {
			t.Errorf("after a restart: %+v", i)
		}
	})
}

// TestHideFromOneContact: its node learns no address, and neither does it.
func TestHideFromOneContact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		must(t, a.alice.SetHideFrom(ctx, a.bobOfAlice, true))
		contact, err := a.alice.Contact(ctx, a.bobOfAlice)
		must(t, err)
		if !contact.Hide {
			t.Fatal("not hidden")
		}
		apptest.Settle(time.Second)
		want := a.u.Nodes.Node("node of Bob").Node
		if i := a.alice.Mail.Internet(); i.Hide || !slices.Contains(i.HideFrom, want) {
			t.Fatalf("nodes were told %+v", i)
		}
		a.alice.Restart()
		apptest.Settle(time.Second)
		if i := a.alice.Mail.Internet(); !slices.Contains(i.HideFrom, want) {
			t.Fatalf("after a restart %+v", i)
		}
		must(t, a.alice.SetHideFrom(ctx, a.bobOfAlice, false))
		apptest.Settle(time.Second)
		if i := a.alice.Mail.Internet(); len(i.HideFrom) != 0 {
			t.Fatalf("after it ended %+v", i)
		}
	})
}

// TestHiddenDepositsAreForwarded: while the address is hidden, nothing goes straight to
// another's node, and without a forwarder nothing goes at all.
func TestHiddenDepositsAreForwarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		p, err := a.alice.Preferences(ctx)
		must(t, err)
		p.HideAddress = true
		must(t, a.alice.SetPreferences(ctx, p))
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(time.Minute)
		own := a.u.Nodes.Node("node of Alice").Addr.String()
		puts := ops(a.u, "node of Bob", "put")
		if len(puts) == 0 {
			t.Fatal("nothing was left")
		}
		for _, s := range puts[len(puts)-1:] {
			if s.Peer != own {
				t.Errorf("Bob's node saw %s, not Alice's node", s.Peer)
			}
		}
		a.u.Nodes.Fail("node of Alice", apptest.NodeFaults{Down: true})
		before := len(ops(a.u, "node of Bob", "put"))
		a.alice.Say(a.bobOfAlice, "later")
		apptest.Settle(time.Hour)
		if got := len(ops(a.u, "node of Bob", "put")); got != before {
			t.Error("something went straight")
		}
	})
}

// TestHolder: the friend mailbox is offered to verified contacts, each with an invitation
// of its own, and taken back.
func TestHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob := u.Person("Alice"), u.Person("Bob")
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		at := u.Nodes.Node("Alice's computer")
		must(t, alice.SetHolder(ctx, at.Hint))
		apptest.Settle(10 * time.Second)
		offers, err := bob.Offers(ctx)
		must(t, err)
		if len(offers) != 1 || offers[0].Contact != aliceOfBob {
			t.Fatalf("%d offers", len(offers))
		}
		invites, err := alice.HolderInvites(ctx)
		must(t, err)
		got, err := identity.ParseNodeAddress(offers[0].Address)
		must(t, err)
		if len(invites) != 1 || got.Invite != invites[0] || got.Hint != at.Hint {
			t.Fatal("the offer does not carry the invitation")
		}
		u.Nodes.Admit("Alice's computer", invites...)
		n, err := bob.AddNode(ctx, offers[0].Address)
		must(t, err)
		if n.OfferedBy != aliceOfBob || !n.Friend {
			t.Fatalf("added: %+v", n)
		}
		settled(t, bob, n.ID)

		carol := u.Person("Carol") // who comes later is told, too
		carolOfAlice, _ := u.Pair(alice, carol)
		apptest.Settle(10 * time.Second)
		if offers, _ := carol.Offers(ctx); len(offers) != 1 {
			t.Fatalf("Carol has %d offers", len(offers))
		}
		if invites, _ := alice.HolderInvites(ctx); len(invites) != 2 || invites[0] == invites[1] {
			t.Fatal("two contacts have not two invitations")
		}
		must(t, alice.SetHideFrom(ctx, carolOfAlice, true)) // the computer is where the node is
		apptest.Settle(10 * time.Second)
		if offers, _ := carol.Offers(ctx); len(offers) != 0 {
			t.Fatal("who is hidden from has an offer")
		}
		if invites, _ := alice.HolderInvites(ctx); len(invites) != 1 {
			t.Fatal("who is hidden from is admitted")
		}
		must(t, alice.SetHolder(ctx, identity.Hint{}))
		must(t, alice.SetHolder(ctx, at.Hint))
		apptest.Settle(10 * time.Second)
		if offers, _ := carol.Offers(ctx); len(offers) != 0 {
			t.Fatal("who is hidden from is told where this computer is")
		}
		must(t, alice.SetHideFrom(ctx, carolOfAlice, false))
		apptest.Settle(10 * time.Second)
		if offers, _ := carol.Offers(ctx); len(offers) != 1 {
			t.Fatal("who is hidden from no more has no offer")
		}
		must(t, alice.SetBlocked(ctx, carolOfAlice, true))
		if invites, _ := alice.HolderInvites(ctx); len(invites) != 1 {
			t.Fatal("a blocked contact is admitted")
		}
		must(t, alice.SetHolder(ctx, identity.Hint{}))
		apptest.Settle(10 * time.Second)
		if offers, _ := bob.Offers(ctx); len(offers) != 0 {
			t.Fatal("the offer stands")
		}
		must(t, alice.RemoveContact(ctx, bobOfAlice))
	})
}

// TestUpgradeKeepsPreferences: what was chosen before there were nodes stays, and the
// internet is open.
func TestUpgradeKeepsPreferences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice := u.Person("Alice")
		alice.Stop()
		must(t, alice.Store.Update(ctx, func(tx app.Tx) error {
			return tx.SetSetting("preferences", []byte{0x86, 0xf5, 0xf4, 0xf4, 0xf4, 0xf5, 0x18, 0x64}) // [true, false, false, false, true, 100]
		}))
		alice.Start()
		got, err := alice.Preferences(ctx)
		must(t, err)
		if want := (app.Preferences{TellRead: true, LAN: false, AskAbove: 100, Internet: true}); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}
