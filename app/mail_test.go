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
