package app_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// recorded keeps the cells that somebody sends from now on.
func recorded(u *apptest.Universe, from *apptest.Person) (cells func() [][]byte) {
	var mu sync.Mutex
	var all [][]byte
	u.Net.Tap(func(t *apptest.Transport, cell []byte) {
		mu.Lock()
		defer mu.Unlock()
		if t == from.Transport {
			all = append(all, cell)
		}
	})
	return func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// usedNumber returns a cell under a number that p's ratchet opened before, with another body.
func usedNumber(u *apptest.Universe, p, from *apptest.Person, pOfFrom, fromOfP app.ContactID) []byte {
	cells := recorded(u, from)
	before := len(p.Heard(fromOfP))
	from.Say(pOfFrom, "used")
	p.Await("message", func() bool { return len(p.Heard(fromOfP)) == before+1 })
	u.Net.Tap(nil)
	cell := cells()[0]
	cell[3000] ^= 1
	return cell
}

func strange(t *testing.T) []byte {
	t.Helper()
	cell := make([]byte, 4096)
	rand.Read(cell)
	return cell
}

func TestUsedNumberRenews(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		cell := usedNumber(u, bob, alice, bobOfAlice, aliceOfBob)
		if acks := bob.Transport.Inject(bob.Transport.Handles()[0], cell); len(acks) != 0 {
			t.Error("it was acknowledged")
		}
		awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

func TestStrangeBoxesRenew(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		link := bob.Transport.Handles()[0]
		for range 4 { // one that opens begins the count anew
			bob.Transport.Inject(link, strange(t), strange(t))
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		}
		apptest.Settle(time.Minute)
		if n := notices(t, bob, aliceOfBob); n != 0 {
			t.Fatalf("two strange boxes were a reason to renew the keys %d times", n)
		}
		bob.Transport.Inject(link, strange(t), strange(t), strange(t))
		awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// TestBrokenPeerRenewsOnceAnHour, whatever it sends all the time.
func TestBrokenPeerRenewsOnceAnHour(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		link := bob.Transport.Handles()[0]
		used := usedNumber(u, bob, alice, bobOfAlice, aliceOfBob)
		for range 5 * 60 {
			bob.Transport.Inject(link, strange(t), strange(t), strange(t), used)
			apptest.Settle(time.Minute)
		}
		if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != b || b < 4 || b > 5 {
			t.Errorf("%d and %d renewals in five hours", a, b)
		}
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// TestNothingOverACardsLinkRenews: whoever else read the card may be at its other end.
func TestNothingOverACardsLinkRenews(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		rid, sid := u.Codes(alice, bob, app.CardRequest{TTL: time.Hour})
		card := alice.Transport.Handles()[0]
		bobOfAlice, err := alice.EnterCode(ctx, rid, bob.Pairing(sid).Show)
		if err != nil {
			t.Fatal(err)
		}
		aliceOfBob, err := bob.EnterCode(ctx, sid, alice.Pairing(rid).Show)
		if err != nil {
			t.Fatal(err)
		}
		alice.AwaitWritable(bobOfAlice)
		bob.AwaitWritable(aliceOfBob)
		used := usedNumber(u, alice, bob, aliceOfBob, bobOfAlice)
		before := blob(t, alice, bobOfAlice)
		alice.Transport.Inject(card, used, strange(t), strange(t), strange(t), used)
		if !slices.Equal(before, blob(t, alice, bobOfAlice)) {
			t.Error("the session changed")
		}
		apptest.Settle(time.Minute)
		if n := notices(t, alice, bobOfAlice); n != 0 {
			t.Errorf("%d renewals", n)
		}
	})
}

// TestReplayedResetStartsNothing: what S and R said in a reset comes to them again. (Only
// the contact itself could do that over its link; after the hour it may begin another.)
func TestReplayedResetStartsNothing(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		s, r, rOfS, sOfR := alice, bob, bobOfAlice, aliceOfBob
		if a, b := contact(t, bob, aliceOfBob).Fingerprint, contact(t, alice, bobOfAlice).Fingerprint; bytes.Compare(a[:], b[:]) > 0 {
			s, r, rOfS, sOfR = bob, alice, aliceOfBob, bobOfAlice
		}
		type sent struct {
			to   *apptest.Person
			cell []byte
		}
		var mu sync.Mutex
		var cells []sent
		u.Net.Tap(func(from *apptest.Transport, cell []byte) {
			mu.Lock()
			defer mu.Unlock()
			if from == s.Transport {
				cells = append(cells, sent{r, cell})
			} else {
				cells = append(cells, sent{s, cell})
			}
		})
		if err := s.RenewSession(ctx, rOfS); err != nil {
			t.Fatal(err)
		}
		awaitRenewed(t, s, r, rOfS, sOfR, 1)
		apptest.Settle(time.Second)
		u.Net.Tap(nil)
		if len(cells) < 6 { // five messages and a first box
			t.Fatalf("%d cells", len(cells))
		}
		for range 2 {
			for _, c := range cells {
				c.to.Transport.Inject(c.to.Transport.Handles()[0], c.cell)
				apptest.Settle(time.Minute)
			}
		}
		if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != 1 || b != 1 {
			t.Errorf("%d and %d renewals", a, b)
		}
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

func TestBothRenewAtOnce(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		u.Net.Cut(alice.Transport, bob.Transport, true)
		apptest.Settle(time.Second)
		for p, c := range map[*apptest.Person]app.ContactID{alice: bobOfAlice, bob: aliceOfBob} {
			p.Say(c, "before, from "+p.Name)
			for range 2 { // a second time changes nothing
				if err := p.RenewSession(ctx, c); err != nil {
					t.Fatal(err)
				}
			}
		}
		u.Net.Cut(alice.Transport, bob.Transport, false)
		apptest.Settle(time.Second) // at once on a new link
		if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != 1 || b != 1 {
			t.Errorf("%d and %d renewals within a second", a, b)
		}
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		apptest.Settle(3 * time.Hour)
		wantTexts(t, "heard by Bob", bob.Heard(aliceOfBob)[:1], []string{"before, from Alice"})
		wantTexts(t, "heard by Alice", alice.Heard(bobOfAlice)[:1], []string{"before, from Bob"})
		if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != 1 || b != 1 {
			t.Errorf("%d and %d renewals", a, b)
		}
	})
}

// TestRenewWithAFullOutbox: 700 messages wait on each side, 500 of them sealed, and some
// had arrived without a receipt. Each is shown once, in order.
func TestRenewWithAFullOutbox(t *testing.T) {
	for i := range 2 {
		friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
			u.Net.Cut(alice.Transport, bob.Transport, true)
			apptest.Settle(time.Second)
			for _, text := range numbered("m", 700) {
				alice.Say(bobOfAlice, text)
				bob.Say(aliceOfBob, text)
			}
			var waiting []app.OutboxRecord
			if err := alice.Store.View(ctx, func(tx app.ReadTx) (err error) { waiting, err = tx.Outbox(bobOfAlice, 0, 20); return err }); err != nil {
				t.Fatal(err)
			}
			for _, r := range waiting {
				bob.Transport.Inject(handleOf(aliceOfBob), append(make([]byte, 16), r.Box...))
			}
			if n := len(bob.Heard(aliceOfBob)); n != len(waiting) {
				t.Fatalf("%d of %d messages arrived", n, len(waiting))
			}
			p, c := alice, bobOfAlice
			if i == 1 {
				p, c = bob, aliceOfBob
			}
			if err := p.RenewSession(ctx, c); err != nil {
				t.Fatal(err)
			}
			p.Restart()
			u.Net.Cut(alice.Transport, bob.Transport, false)
			awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
			alice.Await("receipts", func() bool { return len(alice.Said(bobOfAlice, app.StateDelivered)) == 700 })
			bob.Await("receipts", func() bool { return len(bob.Said(aliceOfBob, app.StateDelivered)) == 700 })
			wantTexts(t, "heard by Bob", bob.Heard(aliceOfBob), numbered("m", 700))
			wantTexts(t, "heard by Alice", alice.Heard(bobOfAlice), numbered("m", 700))
		})
	}
}

// handleOf is how the transport knows a contact.
func handleOf(c app.ContactID) identity.Handle {
	h := identity.Handle{'c', 'o', 'n', 't', 'a', 'c', 't'}
	h[15] = byte(c)
	return h
}

// TestRenewSurvivesEveryCrash kills one side at each of its commits, before and after
// the commit is durable, while messages are under way both ways.
func TestRenewSurvivesEveryCrash(t *testing.T) {
	for side := range 2 {
		for at := 1; at <= 10; at++ {
			for _, after := range []bool{false, true} {
				friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
					u.Net.Cut(alice.Transport, bob.Transport, true)
					apptest.Settle(time.Second)
					for _, text := range numbered("m", 3) {
						alice.Say(bobOfAlice, text)
						bob.Say(aliceOfBob, text)
					}
					if err := alice.RenewSession(ctx, bobOfAlice); err != nil {
						t.Fatal(err)
					}
					victim := []*apptest.Person{alice, bob}[side]
					first := victim.Store.Updates()
					victim.Store.Inject(func(n int) apptest.Fault {
						return apptest.Fault{Kill: n == first+at, After: after}
					})
					u.Net.Cut(alice.Transport, bob.Transport, false)
					for range 100 {
						if victim.Store.Killed() {
							victim.Restart()
						}
						apptest.Settle(time.Second)
					}
					victim.Store.Inject(nil)
					if a, b := notices(t, alice, bobOfAlice), notices(t, bob, aliceOfBob); a != 1 || b != 1 {
						t.Errorf("%d and %d renewals", a, b)
					}
					exchange(t, alice, bob, bobOfAlice, aliceOfBob)
					wantTexts(t, "heard by Bob", bob.Heard(aliceOfBob)[:3], numbered("m", 3))
					wantTexts(t, "heard by Alice", alice.Heard(bobOfAlice)[:3], numbered("m", 3))
				})
				if t.Failed() {
					t.Fatalf("side %d, commit %d, durable %v", side, at, after)
				}
			}
		}
	}
}

// TestRenewWhilePairingAgain: the two meet anew while a reset cannot go on, and the
// other way about. Both end with one ratchet that both mean.
func TestRenewWhilePairingAgain(t *testing.T) {
	for i := range 8 {
		t.Log("variant", i)
		universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
			offer := alice.Card(app.CardRequest{Shown: true})
			sid := bob.Accept(offer.Card, true)
			alice.AwaitPairing(offer.Pairing, func(v app.Pairing) bool { return v.MayAttest })
			if err := alice.Attest(ctx, offer.Pairing, true); err != nil {
				t.Fatal(err)
			}
			aliceOfBob, bobOfAlice := bob.Pairing(sid).Contact, alice.Pairing(offer.Pairing).Contact
			bob.AwaitWritable(aliceOfBob)
			alice.AwaitWritable(bobOfAlice)
			apptest.Settle(time.Minute)

			u.Net.Cut(alice.Transport, bob.Transport, true)
			apptest.Settle(time.Second)
			alice.Say(bobOfAlice, "before")
			bob.Say(aliceOfBob, "before")
			again := bob.Card(app.CardRequest{TTL: time.Hour})
			alice.Accept(again.Card, false)
			if i&1 == 0 {
				if err := alice.RenewSession(ctx, bobOfAlice); err != nil {
					t.Fatal(err)
				}
			}
			if i&2 == 0 {
				if err := bob.RenewSession(ctx, aliceOfBob); err != nil {
					t.Fatal(err)
				}
			}
			var cells atomic.Int64
			u.Net.Tap(func(*apptest.Transport, []byte) { // broken somewhere in the middle of both
				if cells.Add(1) == int64(2+2*i) {
					u.Net.Break(alice.Transport, bob.Transport)
				}
			})
			u.Net.Cut(alice.Transport, bob.Transport, false)
			alice.Await("the old message", func() bool { return slices.Equal(alice.Heard(bobOfAlice), []string{"before"}) })
			bob.Await("the old message", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{"before"}) })
			apptest.Settle(time.Minute)
			u.Net.Tap(nil)
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
			apptest.Settle(2 * time.Hour)
			before := notices(t, alice, bobOfAlice)
			if err := alice.RenewSession(ctx, bobOfAlice); err != nil { // both have the same secret
				t.Fatal(err)
			}
			alice.Await("renewal", func() bool { return notices(t, alice, bobOfAlice) == before+1 })
			exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		})
		if t.Failed() {
			t.Fatal(fmt.Sprint("variant ", i))
		}
	}
}
