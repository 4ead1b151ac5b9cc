package app_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// renewals returns how often the keys were renewed, as a person's chat shows it.
func renewals(t *testing.T, p *apptest.Person, c app.ContactID) (n int) {
	t.Helper()
	ms, err := p.Messages(ctx, c, 0, app.MaxPage)
	must(t, err)
	for _, m := range ms {
		if m.Notice == app.NoticeRenewed {
			n++
		}
	}
	return n
}

// TestResetByMail: keys are renewed although the two never meet, whoever asks for it, with
// one deposit for each message of the reset.
func TestResetByMail(t *testing.T) {
	for _, who := range []string{"Alice", "Bob"} {
		t.Run(who, func(t *testing.T) {
			inBubble(t, func(t *testing.T, a apart) {
				a.alice.Say(a.bobOfAlice, "before")
				apptest.Settle(2 * time.Hour)
				left := a.count()
				if who == "Alice" {
					must(t, a.alice.RenewSession(ctx, a.bobOfAlice))
				} else {
					must(t, a.bob.RenewSession(ctx, a.aliceOfBob))
				}
				a.alice.Say(a.bobOfAlice, "meanwhile")
				apptest.Settle(12 * time.Hour)
				a.alice.Say(a.bobOfAlice, "after")
				a.bob.Say(a.aliceOfBob, "well")
				apptest.Settle(3 * time.Hour)
				if x, y := renewals(t, a.alice, a.bobOfAlice), renewals(t, a.bob, a.aliceOfBob); x != 1 || y != 1 {
					t.Errorf("renewed %d and %d times", x, y)
				}
				if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"before", "meanwhile", "after"}) {
					t.Errorf("Bob heard %q", got)
				}
				if got := a.alice.Heard(a.bobOfAlice); !slices.Equal(got, []string{"well"}) {
					t.Errorf("Alice heard %q", got)
				}
				if n := left("Alice") + left("Bob"); n > 32 {
					t.Errorf("%d boxes were left", n)
				}
			})
		})
	}
}

// TestRestoredByMail: who was put back to an older copy, and knows it, renews the keys by
// mailbox, and loses nothing that comes.
func TestRestoredByMail(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		copied := a.bob.Store.Copy()
		a.alice.Say(a.bobOfAlice, "read and lost")
		a.bob.Say(a.aliceOfBob, "said and lost")
		apptest.Settle(2 * time.Hour)
		a.bob.Kill()
		a.bob.Store = copied.Copy()
		a.bob.Store.SetRolledBack()
		a.bob.Start()
		a.alice.Say(a.bobOfAlice, "one")
		apptest.Settle(24 * time.Hour)
		a.alice.Say(a.bobOfAlice, "two")
		a.bob.Say(a.aliceOfBob, "three")
		apptest.Settle(12 * time.Hour)
		if n := renewals(t, a.bob, a.aliceOfBob); n == 0 {
			t.Error("the keys were not renewed")
		}
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("Bob heard %q", got)
		}
		if got := a.alice.Heard(a.bobOfAlice); !slices.Equal(got, []string{"said and lost", "three"}) {
			t.Errorf("Alice heard %q", got)
		}
	})
}

// TestAlteredByNode: cells that a node swaps, cuts or makes up open nothing; after three of
// them the keys are renewed, and what they said comes in the new ones.
func TestAlteredByNode(t *testing.T) {
	for name, lie := range map[string]apptest.NodeFaults{"swap": {Swap: true}, "truncate": {Truncate: true}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, a apart) {
				a.bob.Stop()
				for i := range 6 {
					a.alice.Say(a.bobOfAlice, fmt.Sprint(i))
					apptest.Settle(time.Minute)
				}
				a.u.Nodes.Fail("node of Bob", lie)
				a.bob.Start()
				apptest.Settle(time.Minute)
				a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
				apptest.Settle(time.Hour)
				a.u.Net.Close(false) // the sender knows nothing of it, until there is a link
				apptest.Settle(time.Hour)
				if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"0", "1", "2", "3", "4", "5"}) {
					t.Errorf("heard %q", got)
				}
			})
		})
	}
}

// TestReplayingNode: a node that hands out again and again what was taken makes nobody
// answer again and again, and is not asked without a pause.
func TestReplayingNode(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Replay: true})
		a.bob.Watch(true)
		const texts = 16 // a page
		for i := range texts {
			a.alice.Say(a.bobOfAlice, fmt.Sprint(i))
		}
		apptest.Settle(24 * time.Hour)
		if got := a.bob.Heard(a.aliceOfBob); len(got) != texts {
			t.Errorf("heard %q", got)
		}
		pages := 0
		for _, s := range a.u.Nodes.Log("node of Bob") {
			if s.Op == "page" {
				pages++
			}
		}
		if pages > 500 {
			t.Errorf("%d pages in a day", pages)
		}
		left := a.count()
		for range 10 { // Bob's receipts are known to have come, over a link as well
			a.u.Net.Close(false)
			apptest.Settle(time.Minute)
			a.u.Net.Close(true)
			apptest.Settle(2 * time.Hour)
		}
		if n := left("Bob"); n > 1 {
			t.Errorf("Bob answered %d times", n)
		}
	})
}

// TestJunkOfANode: a node that makes boxes of its own behind tokens that it has seen is not
// asked without a pause.
func TestJunkOfANode(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Replay: true, Junk: true})
		a.bob.Watch(true)
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(24 * time.Hour)
		pages := 0
		for _, s := range a.u.Nodes.Log("node of Bob") {
			if s.Op == "page" {
				pages++
			}
		}
		if pages < 10 || pages > 24*60 {
			t.Errorf("%d pages in a day", pages)
		}
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		apptest.Settle(31 * 24 * time.Hour) // it is left again
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestSoughtAgain: who has no node hears of what was held over a link only, and goes on
// looking for one, ever less often.
func TestSoughtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob := u.Person("Alice"), u.Person("Bob")
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		_, err := alice.AddNode(ctx, u.Nodes.Node("node of Alice").String())
		must(t, err)
		apptest.Settle(2 * time.Hour)
		u.Net.Close(true)
		apptest.Settle(time.Second)
		bob.Say(aliceOfBob, "hello")
		before := bob.Transport.Sought()
		apptest.Settle(10 * time.Minute)
		if n := bob.Transport.Sought() - before; n < 5 || n > 10 {
			t.Errorf("sought %d times", n)
		}
		u.Net.Close(false)
		apptest.Settle(time.Minute)
		if got := bob.Said(aliceOfBob, app.StateDelivered); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("delivered: %q", got)
		}
		if got := alice.Heard(bobOfAlice); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestNodeReplaced: when a node is gone with what it held, its owner names another one, and
// what was held is left there.
func TestNodeReplaced(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true})
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(time.Hour)
		a.u.Nodes.Erase("node of Bob")
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Down: true})
		old, err := a.bob.Nodes(ctx)
		must(t, err)
		_, err = a.bob.AddNode(ctx, a.u.Nodes.Node("another of Bob").String())
		must(t, err)
		must(t, a.bob.ForgetNode(ctx, old[0].ID))
		apptest.Settle(6 * time.Hour)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestTwoNodes: what contacts leave at either of two own nodes comes once.
func TestTwoNodes(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		second, err := a.bob.AddNode(ctx, a.u.Nodes.Node("another of Bob").String())
		must(t, err)
		apptest.Settle(time.Hour)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true})
		a.alice.Say(a.bobOfAlice, "one")
		apptest.Settle(time.Hour)
		must(t, a.bob.SetDefaultNode(ctx, second.ID))
		apptest.Settle(6 * time.Hour)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"one"}) {
			t.Errorf("heard %q", got)
		}
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{}) // and again from the first
		a.alice.Say(a.bobOfAlice, "two")
		apptest.Settle(6 * time.Hour)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("heard %q", got)
		}
		if n := a.u.Nodes.Cells("node of Bob") + a.u.Nodes.Cells("another of Bob"); n != 0 {
			t.Errorf("%d cells stay", n)
		}
	})
}

// TestLeftAgain: what a node kept for 30 days in vain is left there again.
func TestLeftAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		left := a.count()
		a.bob.Stop()
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(31 * 24 * time.Hour)
		if n := left("Alice"); n != 2 {
			t.Errorf("left %d times", n)
		}
		a.bob.Start()
		apptest.Settle(2 * time.Hour)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestWallClockByMail: a clock that jumps neither loses what is under way nor leaves it for ever.
func TestWallClockByMail(t *testing.T) {
	for _, by := range []time.Duration{-365 * 24 * time.Hour, 80 * 24 * time.Hour} {
		inBubble(t, func(t *testing.T, a apart) {
			a.alice.Clock.Jump(by)
			a.alice.Say(a.bobOfAlice, "while it is wrong")
			apptest.Settle(time.Hour)
			a.alice.Clock.Jump(-by)
			a.bob.Clock.Jump(by)
			a.alice.Say(a.bobOfAlice, "and then")
			apptest.Settle(5 * time.Hour)
			if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"while it is wrong", "and then"}) {
				t.Errorf("by %v: heard %q", by, got)
			}
			if got := a.alice.Said(a.bobOfAlice, app.StateDelivered); len(got) != 2 {
				t.Errorf("by %v: delivered %q", by, got)
			}
		})
	}
}

// TestReserveSpent: the few tokens that are kept for resets end, and then a reset waits for a
// link, without asking the node for ever.
func TestReserveSpent(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.u.Nodes.Erase("node of Bob") // it knows none of the tokens
		left := a.count()
		must(t, a.alice.RenewSession(ctx, a.bobOfAlice))
		apptest.Settle(3 * time.Hour)
		if n := left("Alice"); n != 8 {
			t.Errorf("%d tokens were tried", n)
		}
		a.u.Net.Close(false)
		apptest.Settle(time.Minute)
		if n := renewals(t, a.alice, a.bobOfAlice); n != 1 {
			t.Errorf("renewed %d times", n)
		}
	})
}

// TestPutBackWithinReset: one of two is put back, twice and unnoticed, to a copy from the
// middle of a reset, and lacks the grant that it gave out since. Whoever leads the reset, it
// ends by mailbox alone, and what either says is shown.
func TestPutBackWithinReset(t *testing.T) {
	var start mailStart
	synctest.Test(t, func(t *testing.T) { start = newMailStart(t) })
	for who := range 2 {
		history := []incident{
			{What: "renew", Who: who, N: 1}, {What: "copy", Who: who, N: 1}, {What: "rest", Who: who, N: 4}, {What: "say", Who: 1 - who, N: 1},
			{What: "restore", Who: who, N: 1}, {What: "restore", Who: who, N: 1}, {What: "renew", Who: who, N: 1},
		}
		var failure string
		synctest.Test(t, func(t *testing.T) { failure = newMailWorld(t, start).run(history) })
		if failure != "" {
			t.Errorf("%s is put back: %s", names[who], failure)
		}
	}
}
