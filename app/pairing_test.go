package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fxamacker/cbor/v2"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	handshake "tacit/identity/pairing"
)

var ctx = context.Background()

// universe runs f with Alice and Bob on one network, in fake time.
func universe(t *testing.T, f func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		f(t, u, u.Person("Alice"), u.Person("Bob"))
	})
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error %v, want %v", what, got, want)
	}
}

// other returns a code that is not c.
func other(c string) string { return strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, c) }

func contact(t *testing.T, p *apptest.Person, c app.ContactID) app.Contact {
	t.Helper()
	out, err := p.Contact(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPairingCodesBothSides(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		rid, sid := u.Codes(alice, bob, app.CardRequest{Shown: true})
		r, s := alice.Pairing(rid), bob.Pairing(sid)
		for _, v := range []app.Pairing{r, s} {
			if v.Phase != app.PhaseCodes || len(v.Show) != 6 || !v.Enter {
				t.Errorf("pairing before the codes: %+v", v)
			}
		}
		if r.PeerName != "Bob" || s.PeerName != "Alice" || !r.Presenter || s.Presenter || !r.MayAttest || s.MayAttest {
			t.Errorf("sides: %+v, %+v", r, s)
		}
		bobOfAlice, err := alice.EnterCode(ctx, rid, s.Show[:3]+" "+s.Show[3:])
		if err != nil {
			t.Fatal(err)
		}
		if v := alice.Pairing(rid); v.Phase != app.PhaseChecked || v.Contact != bobOfAlice {
			t.Errorf("after one side is satisfied: %+v", v)
		}
		if _, err := alice.Send(ctx, bobOfAlice, "too early"); !errors.Is(err, app.ErrNotVerified) {
			t.Errorf("wrote before they finished checking: %v", err)
		}
		aliceOfBob, err := bob.EnterCode(ctx, sid, r.Show)
		if err != nil {
			t.Fatal(err)
		}
		alice.AwaitPairing(rid, func(v app.Pairing) bool { return v.Phase == app.PhaseDone })
		bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Phase == app.PhaseDone })
		a, b := contact(t, alice, bobOfAlice), contact(t, bob, aliceOfBob)
		if a.Trust != app.Verified || b.Trust != app.Verified || a.Meeting != app.MetByCodes || a.SafetyNumber != b.SafetyNumber {
			t.Errorf("contacts: %+v, %+v", a, b)
		}
		added := 0
		for _, e := range alice.Events() {
			if _, ok := e.(app.ContactAdded); ok {
				added++
			}
		}
		if added != 1 {
			t.Errorf("ContactAdded %d times", added)
		}
	})
}

func TestPairingScannedAndAttested(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{Shown: true})
		sid := bob.Accept(offer.Card, true)
		s := bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Phase == app.PhaseChecked })
		if c := contact(t, bob, s.Contact); c.Trust != app.Verified || c.Meeting != app.MetByCamera || c.Writable {
			t.Errorf("scanned: %+v", c)
		}
		alice.AwaitPairing(offer.Pairing, func(v app.Pairing) bool { return v.MayAttest })
		if err := alice.Attest(ctx, offer.Pairing, true); err != nil {
			t.Fatal(err)
		}
		r := alice.AwaitPairing(offer.Pairing, func(v app.Pairing) bool { return v.Phase == app.PhaseDone })
		if c := contact(t, alice, r.Contact); c.Trust != app.Proximity || c.Meeting != app.MetInPerson {
			t.Errorf("attested: %+v", c)
		}
		bob.AwaitWritable(s.Contact)
		wantErr(t, "attest again", alice.Attest(ctx, offer.Pairing, true), app.ErrPairingEnded)
	})
}

// TestCodesComparedLater: who was met in person is verified by a second pairing.
func TestCodesComparedLater(t *testing.T) {
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

		rid, sid := u.Codes(bob, alice, app.CardRequest{})
		for _, v := range []app.Pairing{bob.Pairing(rid), alice.Pairing(sid)} {
			if v.Phase != app.PhaseCodes || !v.Enter {
				t.Errorf("codes are not asked for: %+v", v)
			}
		}
		if c, err := alice.EnterCode(ctx, sid, bob.Pairing(rid).Show); err != nil || c != bobOfAlice {
			t.Fatalf("contact %v, %v", c, err)
		}
		if _, err := bob.EnterCode(ctx, rid, alice.Pairing(sid).Show); err != nil {
			t.Fatal(err)
		}
		if c := contact(t, alice, bobOfAlice); c.Trust != app.Verified || c.Meeting != app.MetByCodes {
			t.Errorf("after the codes: %+v", c)
		}
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

func TestPairingNotBeforeMe(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		rid, sid := u.Codes(alice, bob, app.CardRequest{Shown: true})
		if err := alice.Attest(ctx, rid, false); err != nil {
			t.Fatal(err)
		}
		v := alice.Pairing(rid)
		if v.MayAttest || !v.Enter || v.Contact != 0 {
			t.Errorf("after no: %+v", v)
		}
		if _, err := alice.EnterCode(ctx, rid, bob.Pairing(sid).Show); err != nil {
			t.Errorf("code after no: %v", err)
		}
	})
}

func TestPairingWrongCode(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		sid := bob.Accept(offer.Card, false)
		s := bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		_, err := alice.EnterCode(ctx, offer.Pairing, "12345")
		wantErr(t, "five digits", err, app.ErrCodeMalformed)
		_, err = alice.EnterCode(ctx, offer.Pairing, other(s.Show))
		wantErr(t, "wrong code", err, app.ErrCodeWrong)
		_, err = alice.EnterCode(ctx, offer.Pairing, s.Show)
		wantErr(t, "a second attempt", err, app.ErrPairingEnded)
		if v := alice.Pairing(offer.Pairing); v.Phase != app.PhaseFailed || !errors.Is(v.Err, app.ErrCodeWrong) || v.Show != "" {
			t.Errorf("after a wrong code: %+v", v)
		}
		if cs, _ := alice.Contacts(ctx); len(cs) != 0 {
			t.Errorf("a wrong code gave %d contacts", len(cs))
		}
		// The card is burnt, over a restart too.
		alice.Restart()
		carol := u.Person("Carol")
		cid := carol.Accept(offer.Card, false)
		apptest.Settle(time.Minute)
		if v := carol.Pairing(cid); v.Phase != app.PhaseSearching {
			t.Errorf("a burnt card was answered: %+v", v)
		}
	})
}

// TestEarlierTryIsNotMerged: Alice's part of the first try has failed while Bob's
// still stands, and its ratchet would be the one that sends in every other run.
func TestEarlierTryIsNotMerged(t *testing.T) {
	for range 6 {
		universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
			rid, sid := u.Codes(alice, bob, app.CardRequest{})
			if _, err := alice.EnterCode(ctx, rid, other(bob.Pairing(sid).Show)); !errors.Is(err, app.ErrCodeWrong) {
				t.Fatal(err)
			}
			bobOfAlice, aliceOfBob := u.Pair(alice, bob)
			alice.Say(bobOfAlice, "hello")
			bob.Say(aliceOfBob, "hello yourself")
			if v := bob.Pairing(sid); v.Phase != app.PhaseFailed {
				t.Errorf("the earlier try: %+v", v)
			}
		})
	}
}

func TestPairingStoppedAndExpired(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		rid, _ := u.Codes(alice, bob, app.CardRequest{Shown: true})
		if err := alice.StopPairing(ctx, rid); err != nil {
			t.Fatal(err)
		}
		if v := alice.Pairing(rid); v.Phase != app.PhaseFailed || !errors.Is(v.Err, app.ErrPairingStopped) {
			t.Errorf("stopped: %+v", v)
		}
		wantErr(t, "stop nothing", alice.StopPairing(ctx, "nothing"), app.ErrNotFound)

		// A screen card is good for 60 s after its 2 min, and no longer.
		offer := alice.Card(app.CardRequest{Shown: true})
		time.Sleep(identity.ScreenCardLife + identity.ScreenCardGrace - 5*time.Second)
		carol, dave := u.Person("Carol"), u.Person("Dave")
		carol.AwaitPairing(carol.Accept(offer.Card, false), func(v app.Pairing) bool { return v.Show != "" })
		late := alice.Card(app.CardRequest{Shown: true})
		time.Sleep(identity.ScreenCardLife + identity.ScreenCardGrace + 2*time.Second)
		if v := alice.Pairing(late.Pairing); !errors.Is(v.Err, app.ErrCardExpired) {
			t.Errorf("expired card: %+v", v)
		}
		did := dave.Accept(late.Card, false)
		apptest.Settle(3 * time.Minute)
		if v := dave.Pairing(did); !errors.Is(v.Err, app.ErrCardExpired) {
			t.Errorf("an expired card was searched for ever: %+v", v)
		}
	})
}

func TestClockThatJumpsDoesNotReviveACard(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		alice.Clock.Jump(3 * 24 * time.Hour)
		apptest.Settle(2 * time.Second)
		if v := alice.Pairing(offer.Pairing); !errors.Is(v.Err, app.ErrCardExpired) {
			t.Fatalf("expired card: %+v", v)
		}
		alice.Clock.Jump(-3 * 24 * time.Hour)
		alice.Restart()
		sid := bob.Accept(offer.Card, false)
		apptest.Settle(time.Minute)
		if v := bob.Pairing(sid); v.Phase != app.PhaseSearching {
			t.Errorf("a dead card was answered: %+v", v)
		}
	})
}

func TestCardsThatAreRefused(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		u.Pair(alice, bob)
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		carol := u.Person("Carol")
		accept := func(what string, p *apptest.Person, card string, want error) {
			t.Helper()
			_, err := p.AcceptCard(ctx, card, false)
			wantErr(t, what, err, want)
		}
		accept("own", alice, offer.Card, app.ErrCardOwn)
		accept("known", bob, offer.Card, app.ErrCardKnown)
		accept("text", bob, "see you at eight", app.ErrCardMalformed)
		accept("cut", bob, offer.Card[:len(offer.Card)-4], app.ErrCardMalformed)
		accept("newer", bob, strings.Replace(offer.Card, "TACIT1:", "TACIT2:", 1), app.ErrCardNewer)
		accept("long", bob, "TACIT1:"+strings.Repeat("A", 1<<20), app.ErrCardMalformed)

		id := carol.Accept(offer.Card, false)
		if again := carol.Accept(offer.Card, false); again != id {
			t.Errorf("the same card twice gave pairings %s and %s", id, again)
		}
		if err := carol.StopPairing(ctx, id); err != nil {
			t.Fatal(err)
		}
		carol.Restart()
		accept("used", carol, offer.Card, app.ErrCardUsed)

		old := alice.Card(app.CardRequest{TTL: time.Minute})
		time.Sleep(25 * time.Hour)
		accept("long expired", carol, old.Card, app.ErrCardExpired)
	})
}

func TestCodeBeforeTheHandshakeEnded(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		cells := 0
		u.Net.Tap(func(from *apptest.Transport, _ []byte) {
			if from.Owner != bob.Name {
				return
			}
			if cells++; cells == 3 { // M1, M3, and now M5, which is lost
				u.Net.Cut(alice.Transport, bob.Transport, true)
			}
		})
		sid := bob.Accept(offer.Card, false)
		s := bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		if v := alice.Pairing(offer.Pairing); v.Phase != app.PhaseCodes || v.Show != "" || v.Enter || v.PeerName != "Bob" {
			t.Errorf("before M5: %+v", v)
		}
		done := make(chan error, 1)
		go func() {
			_, err := alice.EnterCode(ctx, offer.Pairing, s.Show)
			done <- err
		}()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("the code was judged before the handshake ended: %v", err)
		default:
		}
		u.Net.Cut(alice.Transport, bob.Transport, false)
		if err := <-done; err != nil {
			t.Errorf("a code entered early: %v", err)
		}
	})
}

// TestFirstBoxIsLost: the presenter can say nothing before it has heard the
// ratchet, so the first box is repeated until it arrives.
func TestFirstBoxIsLost(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		cells := 0
		u.Net.Tap(func(from *apptest.Transport, _ []byte) {
			if from.Owner != bob.Name {
				return
			}
			if cells++; cells == 4 { // M1, M3, M5, and now the box
				u.Net.Break(alice.Transport, bob.Transport)
			}
		})
		sid := bob.Accept(offer.Card, false)
		s := bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		if _, err := alice.EnterCode(ctx, offer.Pairing, s.Show); err != nil {
			t.Fatal(err)
		}
		apptest.Settle(apptest.Patience)
		show := alice.Pairing(offer.Pairing).Show
		u.Net.Cut(alice.Transport, bob.Transport, true)
		aliceOfBob, err := bob.EnterCode(ctx, sid, show)
		if err != nil {
			t.Fatal(err)
		}
		if c := contact(t, bob, aliceOfBob); !c.Writable {
			t.Error("the right to write did not come before the own check ended")
		}
	})
}

// TestUsedCardIsDead, even if an older row of its pairing came back.
func TestUsedCardIsDead(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		var rows []app.PairingRecord
		alice.Store.View(ctx, func(tx app.ReadTx) (err error) { rows, err = tx.Pairings(); return err })
		if len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		alice.Restart()
		if v := alice.Pairing(offer.Pairing); v.Phase != app.PhaseOffered {
			t.Fatalf("a link did not survive: %+v", v)
		}
		if err := alice.StopPairing(ctx, offer.Pairing); err != nil {
			t.Fatal(err)
		}
		if err := alice.Store.Update(ctx, func(tx app.Tx) error { return tx.SetPairing(rows[0]) }); err != nil {
			t.Fatal(err)
		}
		alice.Restart()
		if v := alice.Pairing(offer.Pairing); v.ID != "" {
			t.Errorf("a used card lives: %+v", v)
		}
	})
}

// TestReceiptsOverACardsLinkAreNotBelieved: whoever else read the card can be at the
// other end of its link, and must not be able to say that anything arrived.
func TestReceiptsOverACardsLinkAreNotBelieved(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		rid, sid := u.Codes(alice, bob, app.CardRequest{TTL: time.Hour})
		aliceShows, bobShows := alice.Pairing(rid).Show, bob.Pairing(sid).Show
		card := alice.Transport.Handles()[0]
		u.Net.Cut(alice.Transport, bob.Transport, true)
		apptest.Settle(time.Second)
		bobOfAlice, err := alice.EnterCode(ctx, rid, bobShows)
		if err != nil {
			t.Fatal(err)
		}
		var waiting []app.OutboxRecord
		outbox := func() int {
			err := alice.Store.View(ctx, func(tx app.ReadTx) (err error) { waiting, err = tx.Outbox(bobOfAlice, 0, 10); return err })
			if err != nil {
				t.Fatal(err)
			}
			return len(waiting)
		}
		if n := outbox(); n != 1 {
			t.Fatalf("%d boxes wait, want the grant", n)
		}
		alice.Transport.Acknowledge(card, waiting[0].Digest)
		if n := outbox(); n != 1 {
			t.Fatal("a grant that nobody got counts as arrived")
		}
		u.Net.Cut(alice.Transport, bob.Transport, false)
		aliceOfBob, err := bob.EnterCode(ctx, sid, aliceShows)
		if err != nil {
			t.Fatal(err)
		}
		bob.AwaitWritable(aliceOfBob)
		alice.AwaitWritable(bobOfAlice)
		alice.Await("receipts", func() bool { return outbox() == 0 })
	})
}

// TestStoredPairingHasNoKeysOfItsSession: a thief of the open store must not find
// there what the ratchet has erased.
func TestStoredPairingHasNoKeysOfItsSession(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		rid, sid := u.Codes(alice, bob, app.CardRequest{TTL: time.Hour})
		for p, id := range map[*apptest.Person]app.PairingID{alice: rid, bob: sid} {
			var records []app.PairingRecord
			err := p.Store.View(ctx, func(tx app.ReadTx) (err error) { records, err = tx.Pairings(); return err })
			if err != nil || len(records) != 1 || records[0].ID != id {
				t.Fatalf("%s: pairings %v, %v", p.Name, records, err)
			}
			var fields []any
			if err := cbor.Unmarshal(records[0].State, &fields); err != nil {
				t.Fatal(err)
			}
			state, err := handshake.Unmarshal(fields[1].([]byte))
			if err != nil || state.Phase() != handshake.Agreed {
				t.Fatalf("%s: phase %d, %v", p.Name, state.Phase(), err)
			}
			if _, ok := state.Secrets(); ok {
				t.Errorf("%s keeps the keys of the session", p.Name)
			}
		}
	})
}

// TestTooManyFirstMessages: a card answers three first messages, restarts included.
func TestTooManyFirstMessages(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		var mu sync.Mutex // of answers and cells, while a tap is there
		answers := map[string]bool{}
		for i := range 5 {
			if i == 2 {
				alice.Restart()
			}
			p := u.Person(fmt.Sprint("Guesser ", i))
			cells := 0
			u.Net.Tap(func(from *apptest.Transport, cell []byte) {
				mu.Lock()
				defer mu.Unlock()
				switch from {
				case alice.Transport:
					answers[string(cell)] = true
				case p.Transport:
					if cells++; cells > 1 && len(answers) == min(i+1, 3) { // its M3
						u.Net.Cut(alice.Transport, p.Transport, true)
					}
				}
			})
			p.Accept(offer.Card, false)
			apptest.Settle(3 * time.Minute)
			u.Net.Tap(nil)
			p.Stop() // all of them hold the card's key, and would meet each other in Alice's place
			if want := min(i+1, 3); len(answers) != want {
				t.Errorf("%d answers after first message %d, want %d", len(answers), i+1, want)
			}
		}
	})
}

func TestBothPresentAtOnce(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		a, b := alice.Card(app.CardRequest{TTL: time.Hour}), bob.Card(app.CardRequest{TTL: time.Hour})
		as, bs := bob.Accept(a.Card, false), alice.Accept(b.Card, false)
		shown := func(v app.Pairing) bool { return v.Show != "" }
		codeOfBob := bob.AwaitPairing(as, shown).Show
		alice.AwaitPairing(a.Pairing, shown)
		codeOfAlice := alice.AwaitPairing(bs, shown).Show
		bob.AwaitPairing(b.Pairing, shown)
		// Each verifies another one of the two pairings.
		bobOfAlice, err := alice.EnterCode(ctx, a.Pairing, codeOfBob)
		if err != nil {
			t.Fatal(err)
		}
		aliceOfBob, err := bob.EnterCode(ctx, b.Pairing, codeOfAlice)
		if err != nil {
			t.Fatal(err)
		}
		alice.AwaitWritable(bobOfAlice)
		bob.AwaitWritable(aliceOfBob)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		if cs, _ := alice.Contacts(ctx); len(cs) != 1 {
			t.Errorf("%d contacts", len(cs))
		}
	})
}

// exchange sends some messages both ways and waits for them.
func exchange(t *testing.T, a, b *apptest.Person, bOfA, aOfB app.ContactID) {
	t.Helper()
	before, beforeA := len(b.Heard(aOfB)), len(a.Heard(bOfA))
	for i := range 5 {
		a.Say(bOfA, fmt.Sprint(a.Name, i))
		b.Say(aOfB, fmt.Sprint(b.Name, i))
	}
	b.Await("messages", func() bool { return len(b.Heard(aOfB)) == before+5 })
	a.Await("messages", func() bool { return len(a.Heard(bOfA)) == beforeA+5 })
}

func TestMeetAgainAfterRemoval(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		apptest.Settle(time.Second) // receipts have come, too
		if err := alice.RemoveContact(ctx, bobOfAlice); err != nil {
			t.Fatal(err)
		}
		bob.Say(aliceOfBob, "said while removed")
		apptest.Settle(time.Minute)

		offer := bob.Card(app.CardRequest{TTL: time.Hour})
		sid := alice.Accept(offer.Card, false)
		alice.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		r := bob.AwaitPairing(offer.Pairing, func(v app.Pairing) bool { return v.Show != "" })
		if r.Contact != aliceOfBob || r.Phase != app.PhaseCodes {
			t.Errorf("somebody known: %+v", r)
		}
		again, err := alice.EnterCode(ctx, sid, r.Show)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := bob.EnterCode(ctx, offer.Pairing, alice.Pairing(sid).Show); err != nil || c != aliceOfBob {
			t.Fatalf("somebody known: contact %v, %v", c, err)
		}
		alice.AwaitWritable(again)
		alice.Await("old message", func() bool { return len(alice.Heard(again)) == 1 })
		exchange(t, alice, bob, again, aliceOfBob)
		if c := contact(t, bob, aliceOfBob); c.Trust != app.Verified {
			t.Errorf("trust: %+v", c)
		}
	})
}

func TestLookAlikeIsNamed(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		u.Pair(alice, bob)
		mallory := u.Person("Воb") // the first two letters are Cyrillic
		rid, _ := u.Codes(alice, mallory, app.CardRequest{Shown: true})
		if v := alice.Pairing(rid); v.LooksLike != "Bob" {
			t.Errorf("pairing with a look-alike: %+v", v)
		}
	})
}

// drive brings a link pairing to its end by codes, restarting whoever was killed.
func drive(t *testing.T, r, s *apptest.Person) (sOfR, rOfS app.ContactID) {
	t.Helper()
	var offer app.CardOffer
	for range 200 {
		for _, p := range []*apptest.Person{r, s} {
			if p.Store.Killed() {
				p.Restart()
			}
		}
		switch {
		case offer.Card == "":
			offer, _ = r.CreateCard(ctx, app.CardRequest{TTL: time.Hour})
		case view(s, offer.Pairing).ID == "":
			s.AcceptCard(ctx, offer.Card, false)
		default:
			for _, side := range [][2]*apptest.Person{{r, s}, {s, r}} {
				mine, theirs := view(side[0], offer.Pairing), view(side[1], offer.Pairing)
				if mine.Enter && theirs.Show != "" {
					side[0].EnterCode(ctx, mine.ID, theirs.Show)
				}
			}
		}
		time.Sleep(500 * time.Millisecond)
		rs, err1 := r.Contacts(ctx)
		ss, err2 := s.Contacts(ctx)
		if err1 == nil && err2 == nil && len(rs) == 1 && len(ss) == 1 && rs[0].Writable && ss[0].Writable &&
			!r.Store.Killed() && !s.Store.Killed() {
			return rs[0].ID, ss[0].ID
		}
	}
	t.Fatalf("no end: %+v, %+v", view(r, offer.Pairing), view(s, offer.Pairing))
	return 0, 0
}

// view returns the pairing of a card, or the one where somebody else's card was accepted.
func view(p *apptest.Person, offer app.PairingID) app.Pairing {
	ps, _ := p.Pairings(ctx)
	for _, v := range ps {
		if v.ID == offer || !v.Presenter && v.Phase != app.PhaseFailed {
			return v
		}
	}
	return app.Pairing{}
}

// TestLinkPairingSurvivesEveryCrash kills one side at each of its commits, before
// and after the commit is durable.
func TestLinkPairingSurvivesEveryCrash(t *testing.T) {
	for side := range 2 {
		for at := 1; at <= 12; at++ {
			for _, after := range []bool{false, true} {
				universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
					victim := []*apptest.Person{alice, bob}[side]
					first := victim.Store.Updates()
					victim.Store.Inject(func(n int) apptest.Fault {
						return apptest.Fault{Kill: n == first+at, After: after}
					})
					bobOfAlice, aliceOfBob := drive(t, alice, bob)
					victim.Store.Inject(nil)
					exchange(t, alice, bob, bobOfAlice, aliceOfBob)
				})
				if t.Failed() {
					t.Fatalf("side %d, commit %d, durable %v", side, at, after)
				}
			}
		}
	}
}
