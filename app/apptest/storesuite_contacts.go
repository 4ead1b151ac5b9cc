package apptest

import (
	"context"
	"errors"
	"testing"
	"time"

	"tacit/app"
)

func testEmpty(t *testing.T, s *suite) {
	s.want("rolled back", s.store.RolledBack(), false)
	s.update(app.Tx.SettleRollback) // nothing to settle, and no error
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Profile()
		s.wantNotFound("profile", err)
		contacts, err := tx.Contacts()
		s.want("contacts", contacts, []app.ContactRecord(nil))
		_, err2 := tx.Contact(1)
		s.wantNotFound("contact", err2)
		heads, err3 := tx.ChatHeads()
		s.want("heads", heads, []app.ChatHead(nil))
		cards, err4 := tx.Cards()
		s.want("cards", cards, []app.CardRecord(nil))
		pairings, err5 := tx.Pairings()
		s.want("pairings", pairings, []app.PairingRecord(nil))
		_, err6 := tx.Setting("width")
		s.wantNotFound("setting", err6)
		_, err7 := tx.Message(1)
		s.wantNotFound("message", err7)
		found, err8 := tx.SearchMessages(app.SearchQuery{Text: "anything", Limit: 10})
		s.want("found", found, []app.Hit(nil))
		return errors.Join(err, err3, err4, err5, err8)
	})
}

func testProfile(t *testing.T, s *suite) {
	want := app.ProfileRecord{Root: [32]byte{1, 2, 3, 31: 9}, Name: "Alma Núñez", CreatedAt: suiteNow}
	s.update(func(tx app.Tx) error { return tx.SetProfile(want) })
	check := func(want app.ProfileRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Profile()
			s.want("profile", got, want)
			return err
		})
	}
	check(want)
	want.Name = "Alma"
	s.update(func(tx app.Tx) error { return tx.SetProfile(want) })
	check(want)
}

func testContacts(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	if a == 0 || b <= a {
		t.Fatalf("ids %d, %d: want ascending and not zero", a, b)
	}
	wantA, wantB := contactRecord("Ann"), contactRecord("Bo")
	wantA.ID, wantB.ID = a, b

	s.view(func(tx app.ReadTx) error {
		got, err := tx.Contact(a)
		s.want("contact", got, wantA)
		got.Bundle[0] ^= 1 // belongs to the caller
		all, err2 := tx.Contacts()
		s.want("contacts", all, []app.ContactRecord{wantA, wantB})
		return errors.Join(err, err2)
	})

	wantA.Alias, wantA.Trust, wantA.Meeting, wantA.IntroducedBy = "", app.Introduced, app.MetByReferral, b
	wantA.Writable, wantA.Blocked, wantA.ResetNumber, wantA.MetAt = false, true, 1<<62, time.Time{}
	s.update(func(tx app.Tx) error { return tx.SetContact(wantA) })
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Contact(a)
		s.want("changed contact", got, wantA)
		return err
	})

	err := s.store.Update(context.Background(), func(tx app.Tx) error {
		r := contactRecord("Nobody")
		r.ID = b + 1000
		return tx.SetContact(r)
	})
	s.wantNotFound("SetContact of an unknown one", err)
}

func testRemoveContact(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	kept := s.add(received(a, "stays here", suiteNow))
	digest := app.Digest{1}
	var gone app.Message
	s.update(func(tx app.Tx) error {
		gone = own(b, "goes away", suiteNow)
		id, err := tx.AddMessage(gone)
		gone.ID = id
		return errors.Join(err,
			tx.SetSession(b, []byte("session")), tx.SetGrants(b, []byte("grants")),
			tx.SetDelivery(b, app.DeliveryRecord{NextSeq: 9}), tx.AddSeen(b, digest, suiteNow),
			tx.AddOutbox(app.OutboxRecord{Contact: b, Seq: 1, Digest: digest, Box: []byte("box"), Message: id, At: suiteNow}))
	})
	s.update(func(tx app.Tx) error { return tx.RemoveContact(b) })

	s.view(func(tx app.ReadTx) error {
		_, err := tx.Contact(b)
		s.wantNotFound("contact", err)
		_, err = tx.Session(b)
		s.wantNotFound("session", err)
		_, err = tx.Grants(b)
		s.wantNotFound("grants", err)
		_, err = tx.Message(gone.ID)
		s.wantNotFound("message", err)
		d, err := tx.Delivery(b)
		s.want("delivery", d, app.DeliveryRecord{})
		seen, err2 := tx.Seen(b, digest)
		s.want("seen", seen, false)
		n, err3 := tx.OutboxCount(b)
		s.want("outbox", n, 0)
		count, err4 := tx.MessageCount(b)
		s.want("message count", count, 0)
		heads, err5 := tx.ChatHeads()
		s.want("heads", heads, []app.ChatHead{{Contact: a, Last: &kept, Unread: 1}})
		found, err6 := tx.SearchMessages(app.SearchQuery{Text: "goes", Limit: 10})
		s.want("found", found, []app.Hit(nil))
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	if c := s.contact("Cy"); c <= b {
		t.Fatalf("id %d of a removed contact was given to another", c)
	}
	if m := s.add(received(a, "later", suiteNow)); m.ID <= gone.ID {
		t.Fatalf("id %d of a removed message was given to another", m.ID)
	}
}

func testUnknownContact(t *testing.T, s *suite) {
	const nobody = app.ContactID(77)
	writes := map[string]func(app.Tx) error{
		"SetSession":  func(tx app.Tx) error { return tx.SetSession(nobody, []byte("x")) },
		"SetGrants":   func(tx app.Tx) error { return tx.SetGrants(nobody, []byte("x")) },
		"SetDelivery": func(tx app.Tx) error { return tx.SetDelivery(nobody, app.DeliveryRecord{NextSeq: 1}) },
		"AddSeen":     func(tx app.Tx) error { return tx.AddSeen(nobody, app.Digest{}, suiteNow) },
		"AddOutbox":   func(tx app.Tx) error { return tx.AddOutbox(app.OutboxRecord{Contact: nobody, Seq: 1}) },
		"AddMessage": func(tx app.Tx) error {
			_, err := tx.AddMessage(received(nobody, "x", suiteNow))
			return err
		},
	}
	for name, write := range writes {
		s.wantNotFound(name, s.store.Update(context.Background(), write))
	}
}

func testBlobs(t *testing.T, s *suite) {
	c := s.contact("Ann")
	session, grants := []byte("a session"), make([]byte, 9000)
	grants[8999] = 1
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Session(c)
		s.wantNotFound("session", err)
		_, err = tx.Grants(c)
		s.wantNotFound("grants", err)
		return nil
	})
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetSession(c, []byte("the first")), tx.SetSession(c, session), tx.SetGrants(c, grants))
	})
	session[0] ^= 1 // the store keeps a copy
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Session(c)
		s.want("session", string(got), "a session")
		got[0] ^= 1
		again, err2 := tx.Session(c)
		s.want("session read again", string(again), "a session")
		g, err3 := tx.Grants(c)
		s.want("grants", g, grants)
		return errors.Join(err, err2, err3)
	})
}
