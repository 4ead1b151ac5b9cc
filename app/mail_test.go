package app_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// apart is Alice and Bob, contacts of one another, each with a node of their own: after they
// met, they are never on one network again.
type apart struct {
	u          *apptest.Universe
	alice, bob *apptest.Person
	bobOfAlice app.ContactID
	aliceOfBob app.ContactID
}

// inBubble runs f on two people who are apart, in fake time.
func inBubble(t *testing.T, f func(t *testing.T, a apart)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := meetAndPart(t)
		f(t, a)
	})
}

func meetAndPart(t *testing.T) apart {
	t.Helper()
	u := apptest.NewUniverse(t)
	a := apart{u: u, alice: u.Person("Alice"), bob: u.Person("Bob")}
	a.bobOfAlice, a.aliceOfBob = u.Pair(a.alice, a.bob)
	for _, p := range []*apptest.Person{a.alice, a.bob} {
		_, err := p.AddNode(ctx, u.Nodes.Node("node of "+p.Name).String())
		must(t, err)
	}
	apptest.Settle(2 * time.Hour) // lots go up, grants are exchanged
	u.Net.Close(true)
	apptest.Settle(time.Second)
	return a
}

func (a apart) reach(t *testing.T, p *apptest.Person, c app.ContactID) app.Reach {
	t.Helper()
	chats, err := p.Chats(ctx)
	must(t, err)
	return chats[slices.IndexFunc(chats, func(x app.Chat) bool { return x.Contact.ID == c })].Reach
}

// TestNeverBothOnline: Alice writes and goes, Bob comes and reads and goes, and Alice learns
// of it when she comes again.
func TestNeverBothOnline(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(10 * time.Second)
		if got := a.alice.Said(a.bobOfAlice, app.StateHeld); !slices.Equal(got, []string{"hello"}) {
			t.Fatalf("held: %q", got)
		}
		if r := a.reach(t, a.alice, a.bobOfAlice); r != app.ReachMailbox {
			t.Errorf("Bob can be reached: %q", r)
		}
		a.alice.Stop()
		a.bob.Start()
		apptest.Settle(5 * time.Second)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"hello"}) {
			t.Fatalf("Bob heard %q", got)
		}
		ms, err := a.bob.Messages(ctx, a.aliceOfBob, 0, 1)
		must(t, err)
		if ms[0].Path != app.PathMailbox {
			t.Errorf("it came by %q", ms[0].Path)
		}
		apptest.Settle(time.Hour) // his receipt goes alone
		a.bob.Stop()
		a.alice.Start()
		apptest.Settle(5 * time.Second)
		if got := a.alice.Said(a.bobOfAlice, app.StateDelivered); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("delivered: %q", got)
		}
		ms, err = a.alice.Messages(ctx, a.bobOfAlice, 0, 1)
		must(t, err)
		if ms[0].Path != app.PathMailbox {
			t.Errorf("it went by %q", ms[0].Path)
		}
	})
}

// TestReorderingNode: what a node hands out newest first is shown in order, once.
func TestReorderingNode(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		var want []string
		for i := range 40 { // three pages
			want = append(want, fmt.Sprint("number ", i))
			a.alice.Say(a.bobOfAlice, want[i])
			apptest.Settle(time.Second)
		}
		apptest.Settle(10 * time.Second)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Reorder: true})
		a.bob.Start()
		apptest.Settle(5 * time.Minute)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, want) {
			t.Fatalf("heard %q", got)
		}
		apptest.Settle(2 * time.Hour)
		if got := a.alice.Said(a.bobOfAlice, app.StateDelivered); len(got) != len(want) {
			t.Errorf("%d are known to have come", len(got))
		}
	})
}

// count returns how many deposits of each owner reached a node.
func (a apart) count() func(owner string) int {
	var mu sync.Mutex
	n := map[string]int{}
	a.u.Nodes.Tap(func(owner, _ string, _ identity.Deposit) {
		mu.Lock()
		defer mu.Unlock()
		n[owner]++
	})
	return func(owner string) int {
		mu.Lock()
		defer mu.Unlock()
		return n[owner]
	}
}

// TestReceiptsComeToRest: a message is answered by one receipt, which nothing answers.
func TestReceiptsComeToRest(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		left := a.count()
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(20 * time.Hour)
		if got := a.alice.Said(a.bobOfAlice, app.StateDelivered); len(got) != 1 {
			t.Errorf("delivered: %q", got)
		}
		if x, y := left("Alice"), left("Bob"); x != 1 || y != 1 {
			t.Errorf("Alice left %d boxes and Bob %d", x, y)
		}
	})
}

// TestReceiptRidesAlong: what is said to a contact takes the receipts along at once.
func TestReceiptRidesAlong(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		for _, p := range []*apptest.Person{a.alice, a.bob} {
			p.Watch(true)
		}
		a.alice.Say(a.bobOfAlice, "how are you?")
		apptest.Settle(5 * time.Second)
		a.bob.Say(a.aliceOfBob, "fine")
		apptest.Settle(5 * time.Second)
		if got := a.alice.Said(a.bobOfAlice, app.StateDelivered); len(got) != 1 {
			t.Errorf("delivered: %q", got)
		}
	})
}

// TestReceiptsAreLate: a receipt that goes alone leaves after a random time of ten minutes
// in the mean, so that a node does not learn when somebody reads.
func TestReceiptsAreLate(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Watch(true)
		left := a.count()
		var sum time.Duration
		shortest, longest := time.Hour, time.Duration(0)
		const receipts = 100
		for i := range receipts {
			a.alice.Say(a.bobOfAlice, "hello")
			began := time.Now()
			for left("Bob") <= i {
				time.Sleep(time.Second)
			}
			d := time.Since(began)
			sum, shortest, longest = sum+d, min(shortest, d), max(longest, d)
		}
		// The mean of 100 such times lies beyond these bounds once in 50,000 runs.
		if mean := sum / receipts; mean < 6*time.Minute || mean > 15*time.Minute {
			t.Errorf("%v in the mean", mean)
		}
		if shortest > 2*time.Minute || longest < 20*time.Minute {
			t.Errorf("from %v to %v", shortest, longest)
		}
	})
}

// TestLinkTakesOver: what waits goes over a link that comes within two seconds, and what a
// node holds already does so, too, and is shown once.
func TestLinkTakesOver(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		left := a.count()
		a.alice.Say(a.bobOfAlice, "one")
		time.Sleep(time.Second)
		a.u.Net.Close(false)
		apptest.Settle(10 * time.Second)
		if n := left("Alice"); n != 0 {
			t.Errorf("%d boxes left at nodes", n)
		}
		a.u.Net.Close(true)
		apptest.Settle(time.Second)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true})
		two := a.alice.Say(a.bobOfAlice, "two")
		apptest.Settle(10 * time.Second)
		if got := message(t, a.alice, two.ID).State; got != app.StateHeld {
			t.Errorf("it is %s", got)
		}
		a.u.Net.Close(false)
		apptest.Settle(time.Second)
		if got := message(t, a.alice, two.ID); got.State != app.StateDelivered || got.Path != app.PathLAN {
			t.Errorf("it is %s by %q", got.State, got.Path)
		}
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		a.bob.Poll()
		apptest.Settle(10 * time.Minute)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestDeletedBeforeItWasLeft: what was taken back before a node had it never gets there, and
// what a node has is taken back behind it.
func TestDeletedBeforeItWasLeft(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Down: true})
		one := a.alice.Say(a.bobOfAlice, "one")
		apptest.Settle(10 * time.Second)
		must(t, a.alice.Delete(ctx, one.ID, true))
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true})
		apptest.Settle(20 * time.Minute)
		two := a.alice.Say(a.bobOfAlice, "two")
		apptest.Settle(10 * time.Second)
		must(t, a.alice.Delete(ctx, two.ID, true))
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		texts := make(chan string, 10)
		sub := a.bob.Subscribe()
		go func() {
			defer close(texts)
			for e := range sub.Events() {
				if m, ok := e.(app.MessageAdded); ok {
					texts <- m.Message.Text
				}
			}
		}()
		apptest.Settle(2 * time.Hour)
		sub.Close()
		var got []string
		for text := range texts {
			got = append(got, text)
		}
		if !slices.Equal(got, []string{"two"}) {
			t.Errorf("Bob was told %q", got)
		}
		if m := last(t, a.bob, a.aliceOfBob); !m.Deleted {
			t.Errorf("in the end it is %q", m.Text)
		}
		if m := message(t, a.alice, one.ID); !m.Deleted {
			t.Errorf("the first is %+v", m)
		}
	})
}

// TestBlockedByMail: what a blocked contact leaves is taken from the node and never shown;
// afterwards it comes no more.
func TestBlockedByMail(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		must(t, a.bob.SetBlocked(ctx, a.aliceOfBob, true))
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(2 * time.Hour)
		if n := a.u.Nodes.Cells("node of Bob"); n != 0 {
			t.Errorf("%d cells stay at the node", n)
		}
		if got := a.bob.Heard(a.aliceOfBob); len(got) != 0 {
			t.Errorf("heard %q", got)
		}
		must(t, a.bob.RemoveContact(ctx, a.aliceOfBob))
		a.alice.Say(a.bobOfAlice, "hello?")
		apptest.Settle(2 * time.Hour)
		if n := a.u.Nodes.Cells("node of Bob"); n != 0 {
			t.Errorf("%d cells of nobody stay at the node", n)
		}
	})
}

// TestDiskFullWhileFetching: what cannot be stored stays at the node.
func TestDiskFullWhileFetching(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Watch(true)
		apptest.Settle(time.Minute)
		a.bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(time.Hour)
		if n := a.u.Nodes.Cells("node of Bob"); n != 1 {
			t.Errorf("%d cells at the node", n)
		}
		told := slices.ContainsFunc(a.bob.Events(), func(e app.Event) bool { _, ok := e.(app.StorageFailed); return ok })
		if !told {
			t.Error("nobody was told")
		}
		a.bob.Store.Inject(nil)
		apptest.Settle(11 * time.Minute)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestSpentTokensAreSkipped: who was put back to a copy spends tokens again, which the node
// refuses, and goes on to others.
func TestSpentTokensAreSkipped(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		copied := a.alice.Store.Copy()
		for range 10 {
			a.alice.Say(a.bobOfAlice, "before")
		}
		apptest.Settle(2 * time.Hour)
		a.alice.Kill()
		a.alice.Store = copied.Copy()
		a.alice.Start() // it does not notice
		a.alice.Say(a.bobOfAlice, "after")
		apptest.Settle(time.Minute)
		if got := a.alice.Said(a.bobOfAlice, app.StateHeld); !slices.Contains(got, "after") {
			t.Errorf("held: %q", got)
		}
	})
}

// TestWithoutTokens: when a grant is spent, messages wait as queued until the contact gives
// another one.
func TestWithoutTokens(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true}) // Bob does not see how far it is spent
		for i := range 300 {
			a.alice.Say(a.bobOfAlice, fmt.Sprint(i))
		}
		apptest.Settle(3 * time.Hour)
		held, queued := len(a.alice.Said(a.bobOfAlice, app.StateHeld)), len(a.alice.Said(a.bobOfAlice, app.StateQueued))
		if held != 248 || queued != 52 {
			t.Errorf("%d held, %d queued", held, queued)
		}
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		apptest.Settle(5 * time.Hour)
		if got := a.bob.Heard(a.aliceOfBob); len(got) != 300 {
			t.Errorf("heard %d", len(got))
		}
	})
}

// TestReachIsTold: a contact is reached over a link, at a node, or not at all, and each
// change of that is told once.
func TestReachIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		from := len(a.alice.Events())
		told := func() (out []app.Reach) {
			for _, e := range a.alice.Events()[from:] {
				if e, ok := e.(app.PresenceChanged); ok {
					out = append(out, e.Reach)
				}
			}
			return out
		}
		a.u.Net.Over(app.PathRelay)
		a.u.Net.Close(false)
		apptest.Settle(3 * time.Second)
		a.u.Net.Over(app.PathDirect) // a better link takes its place
		a.u.Net.Break(a.alice.Transport, a.bob.Transport)
		apptest.Settle(3 * time.Second)
		said := a.alice.Say(a.bobOfAlice, "hello")
		apptest.Settle(3 * time.Second)
		if p := message(t, a.alice, said.ID).Path; p != app.PathDirect {
			t.Errorf("it went by %q", p)
		}
		if p := last(t, a.bob, a.aliceOfBob).Path; p != app.PathDirect {
			t.Errorf("it came by %q", p)
		}
		a.u.Net.Close(true)
		apptest.Settle(3 * time.Second)
		must(t, a.alice.SetBlocked(ctx, a.bobOfAlice, true))
		apptest.Settle(3 * time.Second)
		must(t, a.alice.SetBlocked(ctx, a.bobOfAlice, false))
		apptest.Settle(3 * time.Second)
		chosen, err := a.alice.Preferences(ctx)
		must(t, err)
		chosen.Internet = false
		must(t, a.alice.SetPreferences(ctx, chosen))
		apptest.Settle(3 * time.Second)
		want := []app.Reach{app.ReachRelay, app.ReachDirect, app.ReachMailbox, app.ReachNo, app.ReachMailbox, app.ReachNo}
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
	})
}

// TestNothingLeavesWhileClosed: without the internet nothing is fetched or left anywhere.
func TestNothingLeavesWhileClosed(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		chosen, err := a.alice.Preferences(ctx)
		must(t, err)
		chosen.Internet = false
		must(t, a.alice.SetPreferences(ctx, chosen))
		left, since := len(a.u.Nodes.Log("node of Bob"))+len(a.u.Nodes.Log("node of Alice")), time.Now()
		a.bob.Stop()
		msg := a.alice.Say(a.bobOfAlice, "hello")
		a.alice.Poll()
		apptest.Settle(5 * time.Hour)
		if n := len(a.u.Nodes.Log("node of Bob")) + len(a.u.Nodes.Log("node of Alice")); n != left {
			t.Errorf("%d requests since %v", n-left, since)
		}
		if s := message(t, a.alice, msg.ID).State; s != app.StateQueued {
			t.Errorf("it is %s", s)
		}
	})
}
