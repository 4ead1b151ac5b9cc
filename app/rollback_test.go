package app_test

import (
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// TestRollbackLosesNothing: a program that was put back without noticing says something
// under the number of what the copy does not know. It must not take the receipt for that as its own.
func TestRollbackLosesNothing(t *testing.T) {
	for range 6 {
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			bob.Say(aliceOfBob, "so that Alice turns")
			apptest.Settle(time.Second)
			old := alice.Store.Copy()
			alice.Say(bobOfAlice, "unknown to the copy")
			apptest.Settle(time.Second)
			alice.Kill()
			alice.Store = old
			alice.Start()
			alice.Say(bobOfAlice, "under the same number")
			bob.Say(aliceOfBob, "at the same time")
			apptest.Settle(time.Hour)
			wantTexts(t, "heard", bob.Heard(aliceOfBob), []string{"unknown to the copy", "under the same number"})
		})
	}
}

// TestRollbackDoublesNothing: what was under way when the copy was made had arrived before it
// was put back, and goes out again.
func TestRollbackDoublesNothing(t *testing.T) {
	for _, noticed := range []bool{false, true} {
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			u.Net.Cut(alice.Transport, bob.Transport, true)
			apptest.Settle(time.Second)
			alice.Say(bobOfAlice, "once")
			apptest.Settle(time.Second)
			old := alice.Store.Copy()
			u.Net.Cut(alice.Transport, bob.Transport, false)
			bob.Await("it", func() bool { return len(bob.Heard(aliceOfBob)) == 1 })
			apptest.Settle(time.Minute)
			alice.Kill()
			if alice.Store = old; noticed {
				old.SetRolledBack()
			}
			alice.Start()
			alice.Say(bobOfAlice, "again")
			apptest.Settle(3 * time.Hour)
			wantTexts(t, "heard", bob.Heard(aliceOfBob), []string{"once", "again"})
		})
	}
}

// TestRollbackBehindARenewal: the copy is of before the keys were renewed, and the renewal
// has used a number. What is said under it, in the ratchet of before, is no repeat.
func TestRollbackBehindARenewal(t *testing.T) {
	for i := range 2 {
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			victim, peer, peerOfVictim, victimOfPeer := alice, bob, bobOfAlice, aliceOfBob
			if i == 1 {
				victim, peer, peerOfVictim, victimOfPeer = bob, alice, aliceOfBob, bobOfAlice
			}
			old := victim.Store.Copy()
			if err := peer.RenewSession(ctx, victimOfPeer); err != nil {
				t.Fatal(err)
			}
			awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
			apptest.Settle(time.Hour) // and may be renewed again
			victim.Kill()
			victim.Store = old
			victim.Start()
			victim.Say(peerOfVictim, "under a used number")
			apptest.Settle(time.Minute)
			wantTexts(t, "heard", peer.Heard(victimOfPeer), []string{"under a used number"})
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		})
	}
}

// TestForgottenDigestsDoubleNothing: a message was stored and its receipt lost; the clock
// then jumps so far that its digest is forgotten. It comes again, and is a repeat all the same.
func TestForgottenDigestsDoubleNothing(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		alice.Restart() // what she says from now on is acknowledged by its box only
		apptest.Settle(time.Second)
		bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Kill: true, After: true} })
		alice.Say(bobOfAlice, "once")
		apptest.Settle(time.Second)
		bob.Kill()
		err := bob.Store.Update(ctx, func(tx app.Tx) error { return tx.ForgetSeen(bob.Clock.Now().AddDate(1, 0, 0)) })
		if err != nil {
			t.Fatal(err)
		}
		bob.Start()
		wantTexts(t, "stored", bob.Heard(aliceOfBob), []string{"once"})
		alice.Await("receipt", func() bool { return len(alice.Said(bobOfAlice, app.StateDelivered)) == 1 })
		wantTexts(t, "heard", bob.Heard(aliceOfBob), []string{"once"})
	})
}
