package app_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/envelope"
)

// wire is somebody who hears every cell on the network and knows whose it is.
type wire struct {
	mu    sync.Mutex
	cells []heard // guarded by mu
}

type heard struct {
	from *apptest.Transport
	to   identity.Handle // as the sender calls whom it is for
	cell []byte
}

// listen records from now on; pass, if any, decides what arrives.
func (w *wire) listen(u *apptest.Universe, pass func(n int, h heard) [][]byte) {
	u.Net.Filter(func(from *apptest.Transport, to identity.Handle, cell []byte) [][]byte {
		w.mu.Lock()
		defer w.mu.Unlock()
		h := heard{from, to, bytes.Clone(cell)}
		w.cells = append(w.cells, h)
		if pass == nil {
			return [][]byte{cell}
		}
		return pass(len(w.cells), h)
	})
}

func (w *wire) all() []heard {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.cells)
}

// TestLinkSwappedOnItsWay: Mallory takes the link that Alice sends to Bob and gives him
// one of her own. She is Bob towards Alice and Alice towards Bob, names included, and
// wants to be a contact of either.
func TestLinkSwappedOnItsWay(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		toAlice, toBob := u.Person("Bob"), u.Person("Alice") // Mallory's
		link := alice.Card(app.CardRequest{TTL: time.Hour})
		swapped := toBob.Card(app.CardRequest{TTL: time.Hour})
		hers := toAlice.Accept(link.Card, false)
		his := bob.Accept(swapped.Card, false)
		ready := func(v app.Pairing) bool { return v.Show != "" }
		atAlice, atBob := alice.AwaitPairing(link.Pairing, ready), bob.AwaitPairing(his, ready)
		toAlice.AwaitPairing(hers, ready)
		toBob.AwaitPairing(swapped.Pairing, ready)
		if atAlice.PeerName != "Bob" || atBob.PeerName != "Alice" {
			t.Fatalf("the attack does not get as far as it can: %+v, %+v", atAlice, atBob)
		}
		// They read to each other what each sees; Mallory hears it.
		_, err := alice.EnterCode(ctx, link.Pairing, atBob.Show)
		wantErr(t, "Alice", err, app.ErrCodeWrong)
		_, err = bob.EnterCode(ctx, his, atAlice.Show)
		wantErr(t, "Bob", err, app.ErrCodeWrong)
		for _, p := range []*apptest.Person{alice, bob} {
			if cs, err := p.Contacts(ctx); err != nil || len(cs) != 0 {
				t.Errorf("%s has contacts: %+v, %v", p.Name, cs, err)
			}
		}
		// And her own sides of it are of no use without an answer.
		if c, err := toAlice.EnterCode(ctx, hers, atAlice.Show); err == nil {
			apptest.Settle(time.Minute)
			if contact(t, toAlice, c).Writable {
				t.Error("Mallory may write to Alice")
			}
		}
	})
}

// TestContactRelaysAnothersCard: Mallory, a contact of both, passes Alice's link on to Bob
// as if it were her own, and hears every cell. Bob wants Mallory and gets Alice, by name
// and by keys; Mallory gets nothing: no word, no further right, and no part in it.
func TestContactRelaysAnothersCard(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		mallory := u.Person("Mallory")
		_, aliceOfMallory := u.Pair(alice, mallory)
		malloryOfBob, bobOfMallory := u.Pair(bob, mallory)
		apptest.Settle(time.Minute)
		before := contact(t, bob, malloryOfBob)
		session := blob(t, bob, malloryOfBob)

		var w wire
		w.listen(u, nil)
		link := alice.Card(app.CardRequest{TTL: time.Hour}) // for Mallory, as Alice believes
		sid := bob.Accept(link.Card, false)
		s := bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		r := alice.AwaitPairing(link.Pairing, func(v app.Pairing) bool { return v.Show != "" })
		if s.PeerName != "Alice" || r.PeerName != "Bob" || s.Contact != 0 || r.Contact != 0 {
			t.Errorf("the pairing shows %q to Bob and %q to Alice, contacts %v and %v", s.PeerName, r.PeerName, s.Contact, r.Contact)
		}
		if after := contact(t, bob, malloryOfBob); after != before || !bytes.Equal(session, blob(t, bob, malloryOfBob)) {
			t.Errorf("the card changes Mallory at Bob's: %+v", after)
		}
		aliceOfBob, err := bob.EnterCode(ctx, sid, r.Show)
		if err != nil {
			t.Fatal(err)
		}
		if c := contact(t, bob, aliceOfBob); c.ID == malloryOfBob || c.TheirName != "Alice" || c.Fingerprint == before.Fingerprint {
			t.Errorf("Bob has Mallory in Alice's place: %+v", c)
		}
		bobOfAlice, err := alice.EnterCode(ctx, link.Pairing, s.Show)
		if err != nil {
			t.Fatal(err)
		}
		alice.AwaitWritable(bobOfAlice)
		bob.AwaitWritable(aliceOfBob)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)

		hers := [][]byte{blob(t, mallory, aliceOfMallory), blob(t, mallory, bobOfMallory)}
		for n, h := range w.all() {
			if h.from.Owner == mallory.Name {
				continue
			}
			for _, b := range hers {
				if _, box, err := envelope.Split(h.cell); err == nil {
					if _, _, err := sessionOf(t, b).Open(box, mallory.Clock.Now()); err == nil {
						t.Errorf("Mallory opens cell %d", n)
					}
				}
			}
		}
	})
}

// TestParallelPairingOnOneCard: the link is read by others as well. Mallory is there
// first and has the card's session; Bob, who should, reads his code to Alice. She hears
// that it is wrong, whoever comes first, and the card is dead for both.
func TestParallelPairingOnOneCard(t *testing.T) {
	for name, malloryFirst := range map[string]bool{"Mallory first": true, "Bob first": false} {
		t.Run(name, func(t *testing.T) {
			universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
				mallory := u.Person("Bob")
				link := alice.Card(app.CardRequest{TTL: time.Hour})
				first, second := mallory, bob
				if !malloryFirst {
					first, second = bob, mallory
				}
				// All three have the card's key; only those who answer each other meet.
				u.Net.Cut(first.Transport, second.Transport, true)
				sid := first.Accept(link.Card, false)
				shown := func(v app.Pairing) bool { return v.Show != "" }
				code := first.AwaitPairing(sid, shown).Show
				alice.AwaitPairing(link.Pairing, shown)
				u.Net.Cut(alice.Transport, first.Transport, true)
				late := second.Accept(link.Card, false)
				apptest.Settle(5 * time.Minute)
				if v := second.Pairing(late); v.Phase != app.PhaseSearching || v.Show != "" {
					t.Errorf("a second one gets an answer: %+v", v)
				}
				u.Net.Cut(alice.Transport, second.Transport, true)
				u.Net.Cut(alice.Transport, first.Transport, false)
				if malloryFirst {
					_, err := alice.EnterCode(ctx, link.Pairing, other(code)) // Bob has none to read
					wantErr(t, "a code that is not Mallory's", err, app.ErrCodeWrong)
				} else if _, err := alice.EnterCode(ctx, link.Pairing, code); err != nil {
					t.Errorf("Bob's code: %v", err)
				}
				cs, err := alice.Contacts(ctx)
				if err != nil || malloryFirst != (len(cs) == 0) {
					t.Errorf("contacts: %+v, %v", cs, err)
				}
			})
		})
	}
}

// TestM5Lost: Mallory lets everything through but what Bob says after M3, for a minute,
// and again whenever Alice restarts. The pairing waits and comes to its end.
func TestM5Lost(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		var w wire
		said, open := 0, false
		w.listen(u, func(_ int, h heard) [][]byte {
			if h.from.Owner == bob.Name {
				if said++; said > 2 && !open { // M1, M3
					return nil
				}
			}
			return [][]byte{h.cell}
		})
		link := alice.Card(app.CardRequest{TTL: time.Hour})
		sid := bob.Accept(link.Card, false)
		bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		for range 2 {
			apptest.Settle(time.Minute)
			if v := alice.Pairing(link.Pairing); v.Show != "" || v.Enter {
				t.Fatalf("Alice has a code before M5: %+v", v)
			}
			alice.Restart()
			bob.Restart()
		}
		w.mu.Lock()
		open = true
		w.mu.Unlock()
		drive2(t, alice, bob, link.Pairing, sid)
	})
}

// drive2 brings a pairing from its codes to its end.
func drive2(t *testing.T, r, s *apptest.Person, rid, sid app.PairingID) {
	t.Helper()
	shown := func(v app.Pairing) bool { return v.Show != "" }
	atR, atS := r.AwaitPairing(rid, shown), s.AwaitPairing(sid, shown)
	sOfR, err := r.EnterCode(ctx, rid, atS.Show)
	if err != nil {
		t.Fatal(err)
	}
	rOfS, err := s.EnterCode(ctx, sid, atR.Show)
	if err != nil {
		t.Fatal(err)
	}
	r.AwaitWritable(sOfR)
	s.AwaitWritable(rOfS)
	exchange(t, r, s, sOfR, rOfS)
}

// TestRestartBetweenAnyTwoMessages kills both programs after each cell of a pairing, before it
// arrives and after. What they had stored is enough to go on.
func TestRestartBetweenAnyTwoMessages(t *testing.T) {
	for at := 1; at <= 7; at++ { // five messages, the first box, a grant
		for _, arrives := range []bool{false, true} {
			universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
				var w wire
				reached := make(chan struct{})
				w.listen(u, func(n int, h heard) [][]byte {
					if n == at {
						close(reached)
					}
					if n < at || n == at && arrives {
						return [][]byte{h.cell}
					}
					return nil
				})
				link := alice.Card(app.CardRequest{TTL: time.Hour})
				sid := bob.Accept(link.Card, false)
				if at == 7 { // after the codes
					shown := func(v app.Pairing) bool { return v.Show != "" }
					bob.AwaitPairing(sid, shown)
					alice.AwaitPairing(link.Pairing, shown)
					if _, err := alice.EnterCode(ctx, link.Pairing, bob.Pairing(sid).Show); err != nil {
						t.Fatal(err)
					}
				}
				<-reached
				apptest.Settle(100 * time.Millisecond)
				u.Net.Filter(nil)
				alice.Restart()
				bob.Restart()
				drive2(t, alice, bob, link.Pairing, sid)
			})
			if t.Failed() {
				t.Fatalf("cell %d, arrives %v", at, arrives)
			}
		}
	}
}

// TestReplayedM1: who heard Bob's first message says it again to Alice on the card's link,
// over and over, while the pairing goes on and when Alice has restarted.
func TestReplayedM1(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		var w wire
		w.listen(u, nil)
		link := alice.Card(app.CardRequest{TTL: time.Hour})
		sid := bob.Accept(link.Card, false)
		bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		alice.AwaitPairing(link.Pairing, func(v app.Pairing) bool { return v.Show != "" })
		m1, m2 := w.all()[0].cell, w.all()[1].cell
		card := w.all()[1].to
		if w.all()[0].from != bob.Transport || w.all()[1].from != alice.Transport {
			t.Fatal("the first cells are not M1 and M2")
		}
		apptest.Settle(time.Minute)
		before := len(w.all())
		for range 3 {
			for range 5 {
				if acks := alice.Transport.Inject(card, m1, m1); len(acks) != 0 {
					t.Error("a first message is acknowledged")
				}
				apptest.Settle(3 * time.Minute)
			}
			alice.Restart()
			apptest.Settle(time.Second)
		}
		for _, h := range w.all()[before:] {
			if h.from.Owner != bob.Name && h.to == card && !bytes.Equal(h.cell, m2) {
				t.Fatal("the first message gets another answer")
			}
		}
		if v := alice.Pairing(link.Pairing); v.Phase != app.PhaseCodes {
			t.Errorf("the pairing after the replays: %+v", v)
		}
		drive2(t, alice, bob, link.Pairing, sid)
	})
}

// TestReplayOfEveryMessage: Mallory has heard everything since the two met: the handshake,
// first boxes, grants, texts, and a renewal of their keys. She says all of it again to both,
// in the order in which it was said and backwards, and to each what it said itself.
func TestReplayOfEveryMessage(t *testing.T) {
	friendsHeard(t, func(t *testing.T, u *apptest.Universe, w *wire, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		if err := alice.RenewSession(ctx, bobOfAlice); err != nil {
			t.Fatal(err)
		}
		awaitRenewed(t, alice, bob, bobOfAlice, aliceOfBob, 1)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		apptest.Settle(time.Minute)
		all := w.all()
		wantA, wantB := alice.Heard(bobOfAlice), bob.Heard(aliceOfBob)
		grantsA, grantsB := grants(t, alice, bobOfAlice), grants(t, bob, aliceOfBob)
		for range 2 {
			for _, h := range all {
				alice.Transport.Inject(handleOf(bobOfAlice), h.cell)
				bob.Transport.Inject(handleOf(aliceOfBob), h.cell)
			}
			apptest.Settle(time.Minute)
			slices.Reverse(all)
		}
		wantTexts(t, "heard by Alice", alice.Heard(bobOfAlice), wantA)
		wantTexts(t, "heard by Bob", bob.Heard(aliceOfBob), wantB)
		if !bytes.Equal(grantsA, grants(t, alice, bobOfAlice)) || !bytes.Equal(grantsB, grants(t, bob, aliceOfBob)) {
			t.Error("an old grant came back")
		}
		for p, c := range map[*apptest.Person]app.ContactID{alice: bobOfAlice, bob: aliceOfBob} {
			if n := notices(t, p, c); n != 1 {
				t.Errorf("%s renewed the keys %d times", p.Name, n)
			}
			if cs, err := p.Contacts(ctx); err != nil || len(cs) != 1 {
				t.Errorf("%s has %d contacts, %v", p.Name, len(cs), err)
			}
		}
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// friendsHeard is friends with somebody on the wire from the first cell on.
func friendsHeard(t *testing.T, f func(t *testing.T, u *apptest.Universe, w *wire, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID)) {
	t.Helper()
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		var w wire
		w.listen(u, nil)
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		apptest.Settle(time.Minute)
		f(t, u, &w, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// TestDowngrade: whoever carries a link sets its flag, as if it had been shown on a
// screen; and a contact sends contents of other kinds and shapes. Neither is taken for
// what it is not.
func TestDowngrade(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		link := alice.Card(app.CardRequest{TTL: time.Hour})
		card, err := identity.ParseCard(link.Card)
		if err != nil {
			t.Fatal(err)
		}
		card.Shown = true
		sid := bob.Accept(card.String(), false)
		bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" })
		v := alice.AwaitPairing(link.Pairing, func(v app.Pairing) bool { return v.Show != "" })
		if v.MayAttest || bob.Pairing(sid).MayAttest || bob.Pairing(sid).Contact != 0 {
			t.Errorf("a flag in a link stands for a screen: %+v", v)
		}
		if err := alice.Attest(ctx, link.Pairing, true); err == nil {
			t.Error("Alice confirms who stands before her, where nobody does")
		}
		drive2(t, alice, bob, link.Pairing, sid)
		aliceOfBob := contacts(t, bob)[0].ID
		before := len(bob.Heard(aliceOfBob))
		for _, cell := range contentsFrom(t, alice, bob, aliceOfBob, 3, 99, 1<<40) {
			if acks := bob.Transport.Inject(handleOf(aliceOfBob), cell); len(acks) != 1 {
				t.Error("a content of a newer kind is not stored")
			}
		}
		ms, err := bob.Messages(ctx, aliceOfBob, 0, app.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		unknown := slices.DeleteFunc(ms, func(m app.Message) bool { return !m.Unknown })
		if len(unknown) != 3 || len(bob.Heard(aliceOfBob)) != before+3 {
			t.Errorf("%d of 3 contents of newer kinds are shown as such", len(unknown))
		}
		for _, m := range unknown {
			if m.Text != "" {
				t.Errorf("a content of a newer kind is shown as %q", m.Text)
			}
		}
	})
}

func contacts(t *testing.T, p *apptest.Person) []app.Contact {
	t.Helper()
	cs, err := p.Contacts(ctx)
	if err != nil || len(cs) == 0 {
		t.Fatalf("contacts: %v, %v", cs, err)
	}
	return cs
}

// contentsFrom are cells of Alice's, each with a content of some kind, numbered as the next
// ones that Bob expects.
func contentsFrom(t *testing.T, alice, bob *apptest.Person, aliceOfBob app.ContactID, kinds ...uint64) (cells [][]byte) {
	t.Helper()
	own := blob(t, alice, contacts(t, alice)[0].ID)
	var theirs app.DeliveryRecord
	if err := bob.Store.View(ctx, func(tx app.ReadTx) (err error) { theirs, err = tx.Delivery(aliceOfBob); return err }); err != nil {
		t.Fatal(err)
	}
	var fields []any
	if err := cbor.Unmarshal(own, &fields); err != nil {
		t.Fatal(err)
	}
	const stream = 1
	state, number := sessionOf(t, own), theirs.Received
	for _, kind := range kinds {
		number++
		box, next, err := state.Seal(encoded(t, []any{kind, fields[stream], number, number, 0, 0, []byte("a body")}), alice.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		cell, err := envelope.NewCell(envelope.Token{}, box)
		if err != nil {
			t.Fatal(err)
		}
		state, cells = next, append(cells, cell)
	}
	return cells
}
