package app_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// notices counts the notices of a chat.
func notices(t *testing.T, p *apptest.Person, c app.ContactID) (n int) {
	t.Helper()
	ms, err := p.Messages(ctx, c, 0, app.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ms {
		if m.Notice == app.NoticeRenewed {
			n++
		}
	}
	return n
}

// renewed counts the times that a messenger told since its start that keys were renewed.
func renewed(p *apptest.Person, c app.ContactID) (n int) {
	for _, e := range p.Events() {
		if r, ok := e.(app.SessionRenewed); ok && r.Contact == c {
			n++
		}
	}
	return n
}

// awaitRenewed waits until both chats have n notices.
func awaitRenewed(t *testing.T, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID, n int) {
	t.Helper()
	alice.Await("renewal", func() bool { return notices(t, alice, bobOfAlice) == n })
	bob.Await("renewal", func() bool { return notices(t, bob, aliceOfBob) == n })
}

func TestRenewByHand(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		before := contact(t, alice, bobOfAlice)
		for i, p := range []*apptest.Person{alice, bob} { // one of them is S, the other R
			c := []app.ContactID{bobOfAlice, aliceOfBob}[i]
			if err := p.RenewSession(ctx, c); err != nil {
				t.Fatal(err)
			}
			awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, i+1)
			p.Say(c, "alone") // S waits for an answer of R, who has nothing to say
			p.Await("receipt", func() bool { return len(p.Said(c, app.StateQueued)) == 0 })
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			if renewed(alice, bobOfAlice) != i+1 || renewed(bob, aliceOfBob) != i+1 {
				t.Errorf("told %d and %d times", renewed(alice, bobOfAlice), renewed(bob, aliceOfBob))
			}
			wantErr(t, "again", alice.RenewSession(ctx, bobOfAlice), app.ErrTooSoon)
			wantErr(t, "again", bob.RenewSession(ctx, aliceOfBob), app.ErrTooSoon)
			apptest.Settle(time.Hour)
		}
		if after := contact(t, alice, bobOfAlice); after != before {
			t.Errorf("the contact after: %+v, before %+v", after, before)
		}
		chats, err := alice.Chats(ctx)
		if err != nil || chats[0].Last == nil || chats[0].Last.Notice != app.NoticeNone {
			t.Errorf("the notice hides what was said: %+v, %v", chats, err)
		}
		wantErr(t, "nobody", alice.RenewSession(ctx, 99), app.ErrNotFound)
		if err := alice.SetBlocked(ctx, bobOfAlice, true); err != nil {
			t.Fatal(err)
		}
		wantErr(t, "blocked", alice.RenewSession(ctx, bobOfAlice), app.ErrBlocked)
	})
}

// TestRolledBackProfile: an older copy that knows itself as one drops what it must not
// use, keeps what is said, and sends it when the keys are new.
func TestRolledBackProfile(t *testing.T) {
	for i := range 2 { // as S and as R
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			victim, peer, peerOfVictim, victimOfPeer := alice, bob, bobOfAlice, aliceOfBob
			if i == 1 {
				victim, peer, peerOfVictim, victimOfPeer = bob, alice, aliceOfBob, bobOfAlice
			}
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			offer := victim.Card(app.CardRequest{TTL: time.Hour})
			victim.Card(app.CardRequest{Shown: true}) // its pairing does not outlive the run
			peer.Stop()
			victim.Await("absence", func() bool { return reach(t, victim) == app.ReachNo })
			victim.Say(peerOfVictim, "queued")
			victim.Kill()
			victim.Store.SetRolledBack()
			victim.Start()
			victim.Say(peerOfVictim, "said since")
			wantTexts(t, "waiting", victim.Said(peerOfVictim, app.StateQueued), []string{"queued", "said since"})
			if p, _ := victim.Profile(ctx); !p.RolledBack {
				t.Error("the profile does not say that it is an older copy")
			}
			if v := victim.Pairing(offer.Pairing); v.Phase != app.PhaseFailed {
				t.Errorf("a card of the older copy lives: %+v", v)
			}
			cards := 0
			err := victim.Store.View(ctx, func(tx app.ReadTx) error {
				all, err := tx.Cards()
				for _, c := range all {
					if cards++; !c.Used {
						t.Error("a card of the older copy is not marked as used")
					}
				}
				boxes, err2 := tx.OutboxCount(peerOfVictim)
				if boxes != 1 || err2 != nil {
					t.Errorf("%d boxes keep their numbers, %v", boxes, err2)
				}
				return err
			})
			if err != nil || cards == 0 {
				t.Errorf("%d cards, %v", cards, err)
			}
			peer.Start()
			awaitRenewed(t, victim, peer, peerOfVictim, victimOfPeer, 1)
			peer.Await("what waited", func() bool { return slices.Contains(peer.Heard(victimOfPeer), "said since") })
			heard := peer.Heard(victimOfPeer)
			wantTexts(t, "heard", heard[len(heard)-2:], []string{"queued", "said since"})
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			victim.Restart()
			if p, _ := victim.Profile(ctx); p.RolledBack {
				t.Error("the profile is an older copy for ever")
			}
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			if n := notices(t, victim, peerOfVictim); n != 1 {
				t.Errorf("%d renewals", n)
			}
		})
	}
}

// TestUnnoticedRollback: the whole folder was put back, and nothing on this computer can
// tell. The peer can.
func TestUnnoticedRollback(t *testing.T) {
	for i := range 4 {
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			victim, peer, peerOfVictim, victimOfPeer := alice, bob, bobOfAlice, aliceOfBob
			if i&1 == 1 {
				victim, peer, peerOfVictim, victimOfPeer = bob, alice, aliceOfBob, bobOfAlice
			}
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			apptest.Settle(time.Second)
			old := victim.Store.Copy()
			for n := range 7 {
				victim.Say(peerOfVictim, fmt.Sprint("lost ", n))
				peer.Say(victimOfPeer, fmt.Sprint("lost too ", n))
			}
			peer.Await("what the copy does not know", func() bool { return len(peer.Heard(victimOfPeer)) == 12 })
			apptest.Settle(time.Second)
			victim.Kill()
			victim.Store = old
			victim.Start()
			if i < 2 {
				victim.Say(peerOfVictim, "hello again")
			} else {
				peer.Say(victimOfPeer, "are you there?")
			}
			awaitRenewed(t, victim, peer, peerOfVictim, victimOfPeer, 1)
			if i < 2 {
				peer.Await("the first message", func() bool { return slices.Contains(peer.Heard(victimOfPeer), "hello again") })
			} else {
				victim.Await("the first message", func() bool { return slices.Contains(victim.Heard(peerOfVictim), "are you there?") })
			}
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			apptest.Settle(3 * time.Hour)
			if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != 1 || b != 1 {
				t.Errorf("%d and %d renewals", a, b)
			}
		})
	}
}

// TestContactWithoutItsSession: a backup brings contacts and messages, and no ratchets. A copy
// of what was just read in may also be put back before it was ever opened.
func TestContactWithoutItsSession(t *testing.T) {
	for i := range 4 { // as S and as R, and both put back
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			if i&1 == 1 {
				alice, bob, bobOfAlice, aliceOfBob = bob, alice, aliceOfBob, bobOfAlice
			}
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			alice.Stop()
			restored := apptest.NewStore()
			err := alice.Store.View(ctx, func(from app.ReadTx) error {
				return restored.Update(ctx, func(to app.Tx) error {
					profile, err := from.Profile()
					if err != nil {
						return err
					}
					record, err := from.Contact(bobOfAlice)
					if err != nil {
						return err
					}
					rights, err := from.Grants(bobOfAlice)
					if err != nil {
						return err
					}
					c, err := to.AddContact(record)
					if err != nil {
						return err
					}
					waiting := app.Message{Contact: c, Own: true, Text: "queued", SentAt: record.MetAt, At: record.MetAt, State: app.StateQueued}
					_, err = to.AddMessage(waiting)
					return errors.Join(err, to.SetProfile(profile), to.SetGrants(c, rights))
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			if alice.Store = restored; i >= 2 {
				restored.SetRolledBack()
			}
			alice.Start()
			awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
			bob.Await("what waited", func() bool { return slices.Contains(bob.Heard(aliceOfBob), "queued") })
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			if p, _ := alice.Profile(ctx); p.RolledBack != (i >= 2) {
				t.Errorf("the profile says that it is an older copy: %t", p.RolledBack)
			}
		})
	}
}

// TestUnnoticedRollbackOfAListener: who said nothing since the copy was made has used no
// number since, and needs no new keys. What came meanwhile is gone, and not waited for.
func TestUnnoticedRollbackOfAListener(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		apptest.Settle(time.Second)
		old := bob.Store.Copy()
		for _, text := range numbered("gone ", 7) {
			alice.Say(bobOfAlice, text)
		}
		bob.Await("what the copy does not know", func() bool { return len(bob.Heard(aliceOfBob)) == 12 })
		apptest.Settle(time.Second)
		bob.Kill()
		bob.Store = old
		bob.Start()
		alice.Say(bobOfAlice, "after")
		bob.Await("what follows", func() bool { return slices.Contains(bob.Heard(aliceOfBob), "after") })
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		if n := notices(t, bob, aliceOfBob); n != 0 {
			t.Errorf("%d renewals", n)
		}
	})
}

// TestUnnoticedRollbackTheNextIsMissing: of two messages under way the first had arrived, so
// the second comes early for the copy; it tells all the same that numbers were used.
func TestUnnoticedRollbackTheNextIsMissing(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		apptest.Settle(time.Second)
		old := bob.Store.Copy()
		bob.Say(aliceOfBob, "gone")
		alice.Await("what the copy does not know", func() bool { return slices.Contains(alice.Heard(bobOfAlice), "gone") })
		apptest.Settle(time.Second)
		u.Net.Cut(alice.Transport, bob.Transport, true)
		apptest.Settle(time.Second)
		alice.Say(bobOfAlice, "arrived")
		alice.Say(bobOfAlice, "under way")
		var waiting []app.OutboxRecord
		if err := alice.Store.View(ctx, func(tx app.ReadTx) (err error) { waiting, err = tx.Outbox(bobOfAlice, 0, 2); return err }); err != nil {
			t.Fatal(err)
		}
		alice.Transport.Acknowledge(handleOf(bobOfAlice), waiting[0].Digest)
		bob.Kill()
		bob.Store = old
		bob.Start()
		awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
		bob.Await("what was under way", func() bool { return slices.Contains(bob.Heard(aliceOfBob), "under way") })
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// TestRestoredWithinTheHour: the other side answers no second reset within the hour. What is
// said meanwhile waits on the same link, and goes out then.
func TestRestoredWithinTheHour(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		if err := alice.RenewSession(ctx, bobOfAlice); err != nil {
			t.Fatal(err)
		}
		awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
		alice.Kill()
		alice.Store.SetRolledBack()
		alice.Start()
		alice.Say(bobOfAlice, "waits")
		bob.Say(aliceOfBob, "waits, too")
		apptest.Settle(50 * time.Minute)
		wantTexts(t, "waiting", alice.Said(bobOfAlice, app.StateQueued), []string{"waits"})
		wantTexts(t, "waiting", bob.Said(aliceOfBob, app.StateQueued), []string{"waits, too"})
		apptest.Settle(12 * time.Minute)
		if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != 2 || b != 2 {
			t.Errorf("%d and %d renewals", a, b)
		}
		wantTexts(t, "heard by Bob", bob.Heard(aliceOfBob), []string{"waits"})
		wantTexts(t, "heard by Alice", alice.Heard(bobOfAlice), []string{"waits, too"})
	})
}
