package app_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/session"
)

// friends runs f with Alice and Bob as contacts of one another.
func friends(t *testing.T, f func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID)) {
	t.Helper()
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		apptest.Settle(time.Minute) // the card's link is gone
		f(t, u, alice, bob, bobOfAlice, aliceOfBob)
	})
}

func numbered(prefix string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(prefix, i))
	}
	return out
}

func wantTexts(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestQueuedWhileAway(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		bob.Stop()
		alice.Await("absence", func() bool { return reach(t, alice) == app.ReachNo })
		const n = 700 // more than are sealed ahead
		for _, text := range numbered("m", n) {
			alice.Say(bobOfAlice, text)
		}
		if got := len(alice.Said(bobOfAlice, app.StateQueued)); got != n {
			t.Fatalf("%d queued", got)
		}
		sealed := 0
		alice.Store.View(ctx, func(tx app.ReadTx) (err error) {
			sealed, err = tx.OutboxCount(bobOfAlice)
			return err
		})
		if sealed != 500 {
			t.Errorf("%d sealed ahead", sealed)
		}
		alice.Restart()
		bob.Start()
		bob.Await("everything", func() bool { return len(bob.Heard(aliceOfBob)) >= n })
		wantTexts(t, "order", bob.Heard(aliceOfBob), numbered("m", n))
		alice.Await("receipts", func() bool { return len(alice.Said(bobOfAlice, app.StateDelivered)) == n })
	})
}

func reach(t *testing.T, p *apptest.Person) app.Reach {
	t.Helper()
	chats, err := p.Chats(ctx)
	if err != nil || len(chats) != 1 {
		t.Fatalf("chats: %v, %v", chats, err)
	}
	return chats[0].Reach
}

func TestDuplicatesAndBrokenLinks(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		u.Net.Double(true)
		for i, text := range numbered("m", 100) {
			alice.Say(bobOfAlice, text)
			if i%10 == 0 {
				u.Net.Break(alice.Transport, bob.Transport)
			}
		}
		alice.Await("receipts", func() bool { return len(alice.Said(bobOfAlice, app.StateDelivered)) == 100 })
		wantTexts(t, "heard", bob.Heard(aliceOfBob), numbered("m", 100))
	})
}

func TestDiskFullWhileSending(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		before := blob(t, alice, bobOfAlice)
		alice.Store.FailNext(app.ErrDiskFull)
		_, err := alice.Send(ctx, bobOfAlice, "lost?")
		wantErr(t, "disk full", err, app.ErrDiskFull)
		if n, _ := alice.MessageCount(ctx, bobOfAlice); n != 0 {
			t.Errorf("%d messages after a failed commit", n)
		}
		if !bytes.Equal(before, blob(t, alice, bobOfAlice)) {
			t.Error("the ratchet moved without a commit")
		}
		alice.Store.FailNext(app.ErrDiskReadOnly)
		_, err = alice.Send(ctx, bobOfAlice, "lost?")
		wantErr(t, "read-only disk", err, app.ErrDiskReadOnly)
		alice.Say(bobOfAlice, "again")
		bob.Await("the later one", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{"again"}) })
	})
}

func blob(t *testing.T, p *apptest.Person, c app.ContactID) (b []byte) {
	t.Helper()
	if err := p.Store.View(ctx, func(tx app.ReadTx) (err error) { b, err = tx.Session(c); return err }); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDiskFullWhileReceiving(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		alice.Say(bobOfAlice, "one")
		apptest.Settle(time.Second)
		full := slices.ContainsFunc(bob.Events(), func(e app.Event) bool {
			f, ok := e.(app.StorageFailed)
			return ok && errors.Is(f.Err, app.ErrDiskFull)
		})
		if !full {
			t.Error("nobody was told that the disk is full")
		}
		bob.Store.Inject(nil)
		alice.Say(bobOfAlice, "two") // comes first, and has to wait
		bob.Await("both", func() bool { return len(bob.Heard(aliceOfBob)) == 2 })
		wantTexts(t, "order", bob.Heard(aliceOfBob), []string{"one", "two"})
	})
}

// TestOneFailureIsNotAnothers: operations that share a commit do not share errors.
func TestOneFailureIsNotAnothers(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		alice.Store.FailNext(errors.New("commit failed"))
		var wg sync.WaitGroup
		var good, unknown [20]error
		for i := range 20 {
			wg.Go(func() { _, good[i] = alice.Send(ctx, bobOfAlice, fmt.Sprint("m", i)) })
			wg.Go(func() { _, unknown[i] = alice.Send(ctx, 99, "to nobody") })
		}
		wg.Wait()
		failed := 0
		for i := range 20 {
			if good[i] != nil {
				failed++
			}
			if unknown[i] != nil && !errors.Is(unknown[i], app.ErrNotFound) {
				failed++
			} else {
				wantErr(t, "nobody", errors.Join(unknown[i], good[i]), app.ErrNotFound)
			}
		}
		if failed > 1 { // the failed commit may have been that of one operation alone
			t.Errorf("%d sends failed for one failed commit", failed)
		}
	})
}

func TestTextsThatAreRefused(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		for _, c := range []struct {
			text string
			want error
		}{
			{strings.Repeat("x", 1<<20), app.ErrTextTooLong},
			{strings.Repeat("x", app.MaxTextBytes+1), app.ErrTextTooLong},
			{"", app.ErrTextEmpty},
			{" \n\t ", app.ErrTextEmpty},
			{"\xff", app.ErrTextInvalid},
		} {
			_, err := alice.Send(ctx, bobOfAlice, c.text)
			wantErr(t, fmt.Sprintf("text of %d bytes", len(c.text)), err, c.want)
		}
		_, err := alice.Send(ctx, 99, "hello")
		wantErr(t, "to nobody", err, app.ErrNotFound)
		longest := strings.Repeat("ü", app.MaxTextBytes/2)
		alice.Say(bobOfAlice, longest)
		bob.Await("the longest text", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{longest}) })
	})
}

func TestForeignCellsAreIgnored(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		carol := u.Person("Carol")
		carolOfAlice, _ := u.Pair(alice, carol)
		apptest.Settle(time.Minute)
		var mu sync.Mutex
		var toBob, toCarol [][]byte
		u.Net.Tap(func(from *apptest.Transport, cell []byte) {
			mu.Lock()
			defer mu.Unlock()
			if len(toBob) == 0 {
				toBob = append(toBob, cell)
			} else {
				toCarol = append(toCarol, cell)
			}
		})
		alice.Say(bobOfAlice, "for Bob")
		bob.Await("message", func() bool { return len(bob.Heard(aliceOfBob)) == 1 })
		alice.Say(carolOfAlice, "for Carol")
		apptest.Settle(time.Second)
		u.Net.Tap(nil)

		random := make([]byte, 4096)
		rand.Read(random)
		handle := bob.Transport.Handles()[0]
		flipped := bytes.Clone(toBob[0])
		flipped[1000] ^= 1
		for what, cell := range map[string][]byte{
			"random": random, "empty": {}, "short": random[:4095], "long": append(random, 0),
			"large random": bytes.Repeat(random, 4), "another contact's": toCarol[0], "changed": flipped,
		} {
			before := blob(t, bob, aliceOfBob)
			if acks := bob.Transport.Inject(handle, cell); len(acks) != 0 {
				t.Errorf("%s cell was acknowledged", what)
			}
			if !bytes.Equal(before, blob(t, bob, aliceOfBob)) {
				t.Errorf("%s cell changed the session", what)
			}
			alice.Say(bobOfAlice, what) // or three of them would be a reason to renew the keys
			bob.Await(what, func() bool { return slices.Contains(bob.Heard(aliceOfBob), what) })
		}
		if acks := bob.Transport.Inject(identity.Handle{1}, toBob[0]); len(acks) != 0 {
			t.Error("a cell over nobody's link was acknowledged")
		}
		if acks := bob.Transport.Inject(handle, toBob[0]); len(acks) != 1 {
			t.Error("a repeated cell was not acknowledged")
		}
		if n := len(bob.Heard(aliceOfBob)); n != 8 || notices(t, bob, aliceOfBob) != 0 {
			t.Errorf("%d messages, %d renewals", n, notices(t, bob, aliceOfBob))
		}
	})
}

func TestGivenUpAndRetried(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		first := alice.Say(bobOfAlice, "one")
		alice.Say(bobOfAlice, "two")
		apptest.Settle(50 * time.Minute)
		wantTexts(t, "not yet", alice.Said(bobOfAlice, app.StateQueued), []string{"one", "two"})
		apptest.Settle(30 * time.Minute)
		wantTexts(t, "failed", alice.Said(bobOfAlice, app.StateFailed), []string{"one", "two"})
		if ms, _ := alice.Messages(ctx, bobOfAlice, 0, 1); ms[0].Reason != app.ReasonKeys {
			t.Errorf("reason: %+v", ms[0])
		}
		bob.Store.Inject(nil)
		alice.Say(bobOfAlice, "three")
		bob.Await("what follows a gap", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{"three"}) })
		if m, err := alice.Retry(ctx, first.ID); err != nil || m.State != app.StateQueued {
			t.Errorf("retry: %+v, %v", m, err)
		}
		bob.Await("the retried one", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{"three", "one"}) })
	})
}

func TestBlockedAndRemoved(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		if err := bob.SetBlocked(ctx, aliceOfBob, true); err != nil {
			t.Fatal(err)
		}
		_, err := bob.Send(ctx, aliceOfBob, "no")
		wantErr(t, "to a blocked contact", err, app.ErrBlocked)
		alice.Say(bobOfAlice, "hello?")
		apptest.Settle(10 * time.Minute)
		if reach(t, alice) != app.ReachNo || len(bob.Heard(aliceOfBob)) != 0 {
			t.Error("a blocked contact reached somebody")
		}
		if err := bob.SetBlocked(ctx, aliceOfBob, false); err != nil {
			t.Fatal(err)
		}
		bob.Await("what waited", func() bool { return len(bob.Heard(aliceOfBob)) == 1 })
		if err := bob.RemoveContact(ctx, aliceOfBob); err != nil {
			t.Fatal(err)
		}
		_, err = bob.Contact(ctx, aliceOfBob)
		wantErr(t, "removed", err, app.ErrNotFound)
		wantErr(t, "removed twice", bob.RemoveContact(ctx, aliceOfBob), app.ErrNotFound)
		alice.Await("absence", func() bool { return reach(t, alice) == app.ReachNo })
	})
}

// TestListenerAnswers: who only listens says so after 50 messages or a day, and
// that is not answered.
func TestListenerAnswers(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		var mu sync.Mutex
		cells := map[*apptest.Transport]int{}
		u.Net.Tap(func(from *apptest.Transport, _ []byte) {
			mu.Lock()
			defer mu.Unlock()
			cells[from]++
		})
		sent := func(p *apptest.Person) int {
			mu.Lock()
			defer mu.Unlock()
			return cells[p.Transport]
		}
		for _, text := range numbered("m", 50) {
			alice.Say(bobOfAlice, text)
		}
		apptest.Settle(time.Second)
		if sent(bob) != 1 {
			t.Errorf("%d cells after 50 messages", sent(bob))
		}
		alice.Say(bobOfAlice, "one more")
		apptest.Settle(23 * time.Hour)
		if sent(bob) != 1 {
			t.Errorf("%d cells before a day went by", sent(bob))
		}
		apptest.Settle(2 * time.Hour)
		if sent(bob) != 2 || sent(alice) != 51 {
			t.Errorf("%d and %d cells after a day", sent(bob), sent(alice))
		}
		if n, _ := alice.MessageCount(ctx, bobOfAlice); n != 51 {
			t.Errorf("an empty message is shown: %d", n)
		}
	})
}

// TestGrantsAreRenewed: after more than the life of a grant both still meet.
func TestGrantsAreRenewed(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		before := grants(t, alice, bobOfAlice)
		for range 5 {
			alice.Clock.Jump(20 * 24 * time.Hour)
			bob.Clock.Jump(20 * 24 * time.Hour)
			apptest.Settle(20 * time.Minute)
		}
		if bytes.Equal(before, grants(t, alice, bobOfAlice)) {
			t.Error("no grant was renewed in 100 days")
		}
		u.Net.Break(alice.Transport, bob.Transport)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// TestUnheardGrantsShutNobodyOut: while a contact can store nothing, grants are given
// up and said again; the key that it holds is accepted all the same.
func TestUnheardGrantsShutNobodyOut(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		held := rights(t, bob, aliceOfBob).DialKeys()[0]
		alice.Clock.Jump(80 * 24 * time.Hour) // a new grant is due
		bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		apptest.Settle(5 * time.Hour)
		accepted := rights(t, alice, bobOfAlice).AcceptKeys()
		if accepted[0] == held {
			t.Error("no grant was renewed")
		}
		if !slices.Contains(accepted, held) {
			t.Error("the key that the contact holds is not accepted any more")
		}
		bob.Store.Inject(nil)
		apptest.Settle(time.Hour)
		if got := rights(t, bob, aliceOfBob).DialKeys()[0]; got != accepted[0] {
			t.Error("the grant that was given up did not come later")
		}
	})
}

func rights(t *testing.T, p *apptest.Person, c app.ContactID) session.Grants {
	t.Helper()
	g, err := session.UnmarshalGrants(grants(t, p, c))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func grants(t *testing.T, p *apptest.Person, c app.ContactID) (b []byte) {
	t.Helper()
	if err := p.Store.View(ctx, func(tx app.ReadTx) (err error) { b, err = tx.Grants(c); return err }); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestNothingLostNothingDoubled is the property of the outbox: whatever crashes,
// breaks and repeats, each message that was accepted, and each that a crash left
// behind in the store, is shown once, in the order of its sender.
func TestNothingLostNothingDoubled(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			return step{
				Kind:  rapid.IntRange(0, 6).Draw(rt, "kind"),
				Who:   rapid.IntRange(0, 1).Draw(rt, "who"),
				N:     rapid.IntRange(1, 6).Draw(rt, "n"),
				After: rapid.Bool().Draw(rt, "after"),
			}
		}), 1, 25).Draw(rt, "steps")
		var failure string
		synctest.Test(t, func(t *testing.T) { failure = ordeal(t, steps) })
		if failure != "" {
			rt.Fatal(failure)
		}
	})
}

// step is one of the things that happen in an ordeal.
type step struct {
	Kind, Who, N int
	After        bool
}

func ordeal(t *testing.T, steps []step) string {
	u := apptest.NewUniverse(t)
	people := [2]*apptest.Person{u.Person("Alice"), u.Person("Bob")}
	var peer [2]app.ContactID
	peer[0], peer[1] = u.Pair(people[0], people[1])
	var accepted [2][]string
	revive := func() {
		for _, p := range people {
			if p.Store.Killed() {
				p.Restart()
			}
		}
	}
	for i, s := range steps {
		p := people[s.Who]
		switch s.Kind {
		case 0, 1:
			for j := range s.N {
				text := fmt.Sprintf("%d.%d", i, j)
				if _, err := p.Send(ctx, peer[s.Who], text); err == nil {
					accepted[s.Who] = append(accepted[s.Who], text)
				}
			}
		case 2: // the process dies at a commit soon
			p.Store.Inject(func(n int) apptest.Fault { return apptest.Fault{Kill: n%s.N == 0, After: s.After} })
		case 3:
			u.Net.Break(people[0].Transport, people[1].Transport)
		case 4:
			u.Net.Double(s.After)
		case 5:
			time.Sleep(time.Duration(s.N) * time.Second)
		case 6: // the keys are renewed, an hour later by the clocks if need be
			if s.After {
				people[0].Clock.Jump(time.Hour)
				people[1].Clock.Jump(time.Hour)
			}
			p.RenewSession(ctx, peer[s.Who]) // or refused: too soon, or the process dies
		}
		revive()
	}
	for _, p := range people {
		p.Store.Inject(nil)
	}
	revive()
	apptest.Settle(time.Minute)
	for i, p := range people {
		stored := slices.Concat(p.Said(peer[i], app.StateDelivered), p.Said(peer[i], app.StateQueued))
		heard := people[1-i].Heard(peer[1-i])
		if !slices.Equal(stored, heard) {
			return fmt.Sprintf("%s stored %q, the other heard %q", p.Name, stored, heard)
		}
		if n := len(p.Said(peer[i], app.StateQueued)); n != 0 {
			return fmt.Sprintf("%s: %d messages wait without receipt", p.Name, n)
		}
		for _, text := range accepted[i] {
			if !slices.Contains(heard, text) {
				return fmt.Sprintf("%q was accepted and lost", text)
			}
		}
	}
	return ""
}
