package app_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity/envelope"
	"tacit/identity/ratchet"
	"tacit/identity/session"
)

// TestCardOfAPairingThatWentWellIsDead, even if an older row of the pairing came back.
func TestCardOfAPairingThatWentWellIsDead(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: 24 * time.Hour})
		var rows []app.PairingRecord
		if err := alice.Store.View(ctx, func(tx app.ReadTx) (err error) { rows, err = tx.Pairings(); return err }); err != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		sid := bob.Accept(offer.Card, false)
		code := bob.AwaitPairing(sid, func(v app.Pairing) bool { return v.Show != "" }).Show
		if _, err := alice.EnterCode(ctx, offer.Pairing, code); err != nil {
			t.Fatal(err)
		}
		if err := alice.Store.Update(ctx, func(tx app.Tx) error { return tx.SetPairing(rows[0]) }); err != nil {
			t.Fatal(err)
		}
		bob.Stop() // and makes room at the card
		alice.Restart()
		carol := u.Person("Carol")
		cid := carol.Accept(offer.Card, false)
		apptest.Settle(time.Minute)
		if v := carol.Pairing(cid); v.Phase != app.PhaseSearching {
			t.Errorf("a used card was answered: %+v", v)
		}
	})
}

// TestHostileNamesOfPeers: nobody is asked whether they like the name that comes with a
// pairing, so it is made fit before it is shown anywhere.
func TestHostileNamesOfPeers(t *testing.T) {
	for what, c := range map[string]struct{ name, shown string }{
		"bidirectional": {"Mal\u202elory\u2066", "Mallory"},
		"control":       {"Mal\x00lory\x1b[2J\r\n", "Mallory[2J"},
		"invisible":     {"\u200b\u3164\u202e", ""}, // shown by the fingerprint
		"empty":         {"", ""},
		"long":          {strings.Repeat("é", 127), strings.Repeat("é", 64)},
		"marks":         {"M" + strings.Repeat("\u0335", 100), "M" + strings.Repeat("\u0335", 4)},
		"not UTF-8":     {"Mal\xfflory", "Mallory"},
	} {
		t.Run(what, func(t *testing.T) {
			universe(t, func(t *testing.T, u *apptest.Universe, alice, _ *apptest.Person) {
				mallory := u.Person(c.name)
				rid, sid := u.Codes(alice, mallory, app.CardRequest{TTL: time.Hour})
				fits := func(where, name string) {
					t.Helper()
					if c.shown != "" && name != c.shown || name == "" || utf8.RuneCountInString(name) > app.MaxNameRunes || len(name) > app.MaxNameBytes {
						t.Errorf("%s shows %q, want %q", where, name, c.shown)
					}
					if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
						t.Errorf("%s shows %q", where, name)
					}
				}
				fits("the pairing", alice.Pairing(rid).PeerName)
				id, err := alice.EnterCode(ctx, rid, mallory.Pairing(sid).Show)
				if err != nil {
					t.Fatal(err)
				}
				c := contact(t, alice, id)
				fits("the contact", c.Name)
				fits("the details", c.TheirName)
				for _, e := range alice.Events() {
					if added, ok := e.(app.ContactAdded); ok {
						fits("the event", added.Contact.Name)
					}
				}
			})
		})
	}
}

// TestNamesThatAreRefused: one's own names, at each entrance of the core.
func TestNamesThatAreRefused(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		long := strings.Repeat("x", 10_000)
		wantErr(t, "a name of 10,000 characters", alice.Rename(ctx, long), app.ErrNameTooLong)
		wantErr(t, "an invisible name", alice.Rename(ctx, "\u202e\u200b"), app.ErrNameEmpty)
		wantErr(t, "an alias of 10,000 characters", alice.SetAlias(ctx, bobOfAlice, long), app.ErrNameTooLong)
		if p, err := alice.Profile(ctx); err != nil || p.Name != "Alice" {
			t.Errorf("the profile after refused names: %+v, %v", p, err)
		}
		if c := contact(t, alice, bobOfAlice); c.Name != "Bob" {
			t.Errorf("the contact after a refused alias: %+v", c)
		}
		if err := alice.Rename(ctx, "Al\u202eice\x07 Liddell"); err != nil {
			t.Fatal(err)
		}
		if p, _ := alice.Profile(ctx); p.Name != "Alice Liddell" {
			t.Errorf("hidden characters are in the name %q", p.Name)
		}
	})
}

// TestContactClaimsABillionMessages: a dishonest contact seals a header that announces
// more missing messages than are ever kept. It costs nothing and changes nothing.
func TestContactClaimsABillionMessages(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		alice.Say(bobOfAlice, "before")
		bob.Await("the first", func() bool { return len(bob.Heard(aliceOfBob)) == 1 })
		far := sealedAt(t, blob(t, alice, bobOfAlice), 1e9)
		mine := sessionOf(t, blob(t, bob, aliceOfBob))
		if _, _, err := mine.Open(far, bob.Clock.Now()); !errors.Is(err, ratchet.ErrTooFar) {
			t.Fatalf("the box is refused for another reason: %v", err)
		}
		cell, err := envelope.NewCell(envelope.Token{}, far)
		if err != nil {
			t.Fatal(err)
		}
		handle, before := bob.Transport.Handles()[0], blob(t, bob, aliceOfBob)
		if acks := bob.Transport.Inject(handle, cell); len(acks) != 0 {
			t.Error("a box from far away was acknowledged")
		}
		if !bytes.Equal(before, blob(t, bob, aliceOfBob)) {
			t.Error("a box from far away moved the ratchet")
		}
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
	})
}

// lineSession returns the session in what the store keeps of a contact.
func lineSession(t *testing.T, blob []byte) []byte {
	t.Helper()
	var fields []any
	if err := cbor.Unmarshal(blob, &fields); err != nil {
		t.Fatal(err)
	}
	return fields[0].([]byte)
}

func sessionOf(t *testing.T, blob []byte) session.State {
	t.Helper()
	s, err := session.Unmarshal(lineSession(t, blob))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sealedAt seals something with a sender's state, as message n of its chain.
func sealedAt(t *testing.T, blob []byte, n uint32) []byte {
	t.Helper()
	const (
		ratchetAt = 2 + 32 + 8 + 8 + 32 + 40 + 4 // behind version, count, and the line's T2, times, RS, pairing and length
		numberAt  = ratchetAt + 2 + 4*32
	)
	b := slices.Clone(lineSession(t, blob))
	binary.BigEndian.PutUint32(b[numberAt:], n)
	s, err := session.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	box, _, err := s.Seal([]byte("far"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// TestCellsOverAnotherContactsLink: a contact hands on cells that were meant to come from
// somebody else, and cells under a token that is not theirs.
func TestCellsOverAnotherContactsLink(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		carol := u.Person("Carol")
		_, carolOfBob := u.Pair(carol, bob)
		apptest.Settle(time.Minute)
		own := bob.Transport.Handles()
		u.Net.Cut(bob.Transport, carol.Transport, true)
		apptest.Settle(time.Second)
		ofAlice := bob.Transport.Handles()[0]
		ofCarol := own[1-slices.Index(own, ofAlice)]
		u.Net.Cut(alice.Transport, bob.Transport, true)
		apptest.Settle(time.Second)
		alice.Say(bobOfAlice, "for Bob")
		var waiting []app.OutboxRecord
		if err := alice.Store.View(ctx, func(tx app.ReadTx) (err error) { waiting, err = tx.Outbox(bobOfAlice, 0, 1); return err }); err != nil {
			t.Fatal(err)
		}
		cell, err := envelope.NewCell(envelope.Token{7}, waiting[0].Box)
		if err != nil {
			t.Fatal(err)
		}
		before := [][]byte{blob(t, bob, aliceOfBob), blob(t, bob, carolOfBob)}
		if acks := bob.Transport.Inject(ofCarol, cell); len(acks) != 0 {
			t.Error("Alice's cell was taken from Carol")
		}
		if !bytes.Equal(before[0], blob(t, bob, aliceOfBob)) || !bytes.Equal(before[1], blob(t, bob, carolOfBob)) {
			t.Error("Alice's cell over Carol's link moved a ratchet")
		}
		if heard := bob.Heard(carolOfBob); len(heard) != 0 {
			t.Errorf("Carol is said to have said %q", heard)
		}
		u.Net.Cut(alice.Transport, bob.Transport, false)
		bob.Await("the message from Alice herself", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{"for Bob"}) })
	})
}

// TestClocksDaysApart: one clock is five days ahead, the other five behind, and one jumps
// back in the middle of a chat. Nothing is lost, doubled or out of order.
func TestClocksDaysApart(t *testing.T) {
	const days = 24 * time.Hour
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		alice.Clock.Jump(5 * days)
		bob.Clock.Jump(-5 * days)
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		alice.Clock.Jump(-12 * days)
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		bob.Stop()
		bob.Clock.Jump(40 * days)
		alice.Say(bobOfAlice, "while away")
		bob.Start()
		bob.Await("what was said while away", func() bool { return len(bob.Heard(aliceOfBob)) == 11 })
		exchange(t, alice, bob, bobOfAlice, aliceOfBob)
		want := []string{"Alice0", "Alice1", "Alice2", "Alice3", "Alice4"}
		wantTexts(t, "order", bob.Heard(aliceOfBob), slices.Concat(want, want, []string{"while away"}, want))

		// A card that ended hours ago by the own clock is searched for all the same; whose clock
		// says that it ended days ago is told so.
		carol, dave := u.Person("Carol"), u.Person("Dave")
		dave.Clock.Jump(20 * time.Hour)
		u.Net.Cut(carol.Transport, dave.Transport, true)
		search := dave.Accept(carol.Card(app.CardRequest{TTL: time.Hour}).Card, false)
		apptest.Settle(30 * time.Second)
		u.Net.Cut(carol.Transport, dave.Transport, false)
		dave.AwaitPairing(search, func(v app.Pairing) bool { return v.Show != "" })
		bob.Clock.Jump(3 * days)
		card := carol.Card(app.CardRequest{TTL: time.Hour})
		_, err := bob.AcceptCard(ctx, card.Card, false)
		wantErr(t, "a card that ended days ago", err, app.ErrCardExpired)
	})
}

// TestMessageSealedAnewIsShownOnce: what is under way when two people meet anew is sealed
// again under the numbers that it had, and some of it had arrived.
func TestMessageSealedAnewIsShownOnce(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		alice.Say(bobOfAlice, "once")
		bob.Await("message", func() bool { return len(bob.Heard(aliceOfBob)) == 1 })
		var fields []any
		if err := cbor.Unmarshal(blob(t, alice, bobOfAlice), &fields); err != nil {
			t.Fatal(err)
		}
		var next app.DeliveryRecord
		if err := alice.Store.View(ctx, func(tx app.ReadTx) (err error) { next, err = tx.Delivery(bobOfAlice); return err }); err != nil {
			t.Fatal(err)
		}
		const message = 3
		said, err := alice.Messages(ctx, bobOfAlice, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		body := encoded(t, []any{said[0].Ref, said[0].SentAt.UnixMilli(), "once", nil, false, 0, nil})
		number := next.NextSeq - 1
		content := encoded(t, []any{message, fields[1], number, number, 0, 0, body})
		box, _, err := sessionOf(t, blob(t, alice, bobOfAlice)).Seal(content, alice.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		cell, err := envelope.NewCell(envelope.Token{}, box)
		if err != nil {
			t.Fatal(err)
		}
		if acks := bob.Transport.Inject(bob.Transport.Handles()[0], cell); len(acks) != 1 {
			t.Errorf("%d receipts for a number that came before", len(acks))
		}
		wantTexts(t, "heard", bob.Heard(aliceOfBob), []string{"once"})
	})
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := mode.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
