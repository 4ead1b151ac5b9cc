package apptest

import (
	"errors"
	"testing"
	"time"

	"tacit/app"
)

// sampleNode is a node with every field set.
func sampleNode(by app.ContactID) app.NodeRecord {
	return app.NodeRecord{
		Address: "TACITNODE1:AB", Account: [32]byte{1, 2, 3}, Default: true, State: app.NodeLeaving,
		AddedAt: suiteNow, SeenAt: suiteNow.Add(time.Minute), LeavingAt: suiteNow.Add(time.Hour), OfferedBy: by,
	}
}

func (s *suite) wantNodes(want ...app.NodeRecord) {
	s.Helper()
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Nodes()
		s.want("nodes", got, want)
		return err
	})
}

func testNodes(t *testing.T, s *suite) {
	c := s.contact("Carol")
	one, two := sampleNode(c), app.NodeRecord{Address: "TACITNODE1:CD", State: app.NodeNew, AddedAt: suiteNow}
	s.update(func(tx app.Tx) (err error) {
		if one.ID, err = tx.AddNode(one); err != nil {
			return err
		}
		two.ID, err = tx.AddNode(two)
		return err
	})
	s.wantNodes(one, two)
	strange := sampleNode(c + 100)
	s.wantNotFound("node of an unknown contact", s.fails(func(tx app.Tx) error {
		_, err := tx.AddNode(strange)
		return err
	}))
	strange.ID, strange.OfferedBy = two.ID+100, 0
	s.wantNotFound("an unknown node", s.fails(func(tx app.Tx) error { return tx.SetNode(strange) }))
	one.State, one.Default, one.SeenAt, one.LeavingAt = app.NodeGood, false, suiteNow.Add(time.Hour), time.Time{}
	s.update(func(tx app.Tx) error { return tx.SetNode(one) })
	s.wantNodes(one, two)
	s.update(func(tx app.Tx) error { return tx.RemoveContact(c) })
	one.OfferedBy = 0
	s.wantNodes(one, two)
	s.update(func(tx app.Tx) error { return errors.Join(tx.RemoveNode(two.ID), tx.RemoveNode(two.ID)) })
	s.wantNodes(one)
	var again app.NodeID
	s.update(func(tx app.Tx) (err error) {
		again, err = tx.AddNode(app.NodeRecord{Address: "TACITNODE1:EF", State: app.NodeNew, AddedAt: suiteNow})
		return err
	})
	if again == one.ID || again == two.ID {
		t.Fatal("the ID of a node that is gone was given again")
	}
}

func testLots(t *testing.T, s *suite) {
	var n, other app.NodeID
	s.update(func(tx app.Tx) (err error) {
		if n, err = tx.AddNode(sampleNode(0)); err != nil {
			return err
		}
		other, err = tx.AddNode(app.NodeRecord{Address: "TACITNODE1:CD", State: app.NodeNew, AddedAt: suiteNow})
		return err
	})
	later := app.LotRecord{Node: n, ID: [16]byte{9}, Until: suiteNow.Add(time.Hour).Truncate(time.Second), Due: suiteNow, Spares: [][32]byte{{1}, {2}, {3}}}
	last := app.LotRecord{Node: n, ID: [16]byte{1}, Until: suiteNow.Add(2 * time.Hour).Truncate(time.Second), Due: suiteNow.Add(time.Minute), Spares: [][32]byte{{4}}}
	elsewhere := app.LotRecord{Node: other, ID: [16]byte{9}, Until: suiteNow.Truncate(time.Second), Due: suiteNow, Spares: [][32]byte{{5}}}
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetLot(later), tx.SetLot(last), tx.SetLot(elsewhere)) })
	want := func(id app.NodeID, lots ...app.LotRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Lots(id)
			s.want("lots", got, lots)
			return err
		})
	}
	want(n, later, last)
	want(other, elsewhere)
	later.Uploaded, later.Spares, later.IssuedAt = true, [][32]byte{{3}}, suiteNow.Add(time.Second)
	last.Spares = nil
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetLot(later), tx.SetLot(last)) })
	want(n, later, last) // in the order in which they were made
	strange := later
	strange.Node = other + 100
	s.wantNotFound("lot at an unknown node", s.fails(func(tx app.Tx) error { return tx.SetLot(strange) }))
	s.update(func(tx app.Tx) error { return errors.Join(tx.RemoveLot(n, later.ID), tx.RemoveLot(n, later.ID)) })
	want(n, last)
	want(other, elsewhere)
	s.update(func(tx app.Tx) error { return tx.RemoveNode(n) })
	want(n)
	want(other, elsewhere)
}

func testOffers(t *testing.T, s *suite) {
	c, d := s.contact("Carol"), s.contact("Dave")
	of := func(c app.ContactID, address string) app.OfferRecord {
		return app.OfferRecord{Contact: c, Address: address}
	}
	want := func(offers ...app.OfferRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Offers()
			s.want("offers", got, offers)
			return err
		})
	}
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetOffer(of(d, "D")), tx.SetOffer(of(c, "C"))) })
	want(of(c, "C"), of(d, "D"))
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetOffer(of(d, "E")), tx.SetOffer(of(c, ""))) })
	want(of(d, "E"))
	s.wantNotFound("offer of an unknown contact", s.fails(func(tx app.Tx) error { return tx.SetOffer(of(d+100, "X")) }))
	s.update(func(tx app.Tx) error { return tx.RemoveContact(d) })
	want()
}

// testHide proves that what is hidden from a contact is kept with it.
func testHide(_ *testing.T, s *suite) {
	c := s.contact("Carol")
	for _, hide := range []bool{true, false} {
		s.update(func(tx app.Tx) error {
			r, err := tx.Contact(c)
			if err != nil {
				return err
			}
			r.Hide = hide
			return tx.SetContact(r)
		})
		s.view(func(tx app.ReadTx) error {
			r, err := tx.Contact(c)
			s.want("hide", r.Hide, hide)
			return err
		})
	}
}
