package apptest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tacit/app"
)

func testCards(t *testing.T, s *suite) {
	card := app.CardRecord{InviteHash: [32]byte{1}, Shown: true, ExpiresAt: suiteNow.Add(time.Minute), Forget: suiteNow.Add(time.Hour)}
	late := app.CardRecord{InviteHash: [32]byte{2}, ExpiresAt: suiteNow.Add(time.Hour), Forget: suiteNow.Add(2 * time.Hour)}
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetCard(card), tx.SetCard(late)) })
	card.Used, card.M1 = true, [][32]byte{{1}, {2}}
	accepted, acceptedLate := [32]byte{3}, [32]byte{4}
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetCard(card),
			tx.AddAcceptedCard(accepted, suiteNow.Add(time.Hour)), tx.AddAcceptedCard(acceptedLate, suiteNow.Add(2*time.Hour)))
	})
	check := func(want []app.CardRecord, wantAccepted bool) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Cards()
			slices.SortFunc(got, func(x, y app.CardRecord) int { return slices.Compare(x.InviteHash[:], y.InviteHash[:]) })
			s.want("cards", got, want)
			ok, err2 := tx.CardAccepted(accepted)
			s.want("accepted", ok, wantAccepted)
			ok, err3 := tx.CardAccepted(acceptedLate)
			s.want("accepted, kept longer", ok, true)
			ok, err4 := tx.CardAccepted([32]byte{9})
			s.want("never accepted", ok, false)
			return errors.Join(err, err2, err3, err4)
		})
	}
	check([]app.CardRecord{card, late}, true)
	s.update(func(tx app.Tx) error { return tx.ForgetCards(suiteNow.Add(time.Hour)) })
	check([]app.CardRecord{card, late}, true)
	s.update(func(tx app.Tx) error { return tx.ForgetCards(suiteNow.Add(time.Hour + time.Second)) })
	check([]app.CardRecord{late}, false)
}

func testPairings(t *testing.T, s *suite) {
	one := app.PairingRecord{ID: "one", State: []byte("state")}
	two := app.PairingRecord{ID: "two", State: []byte("other")}
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetPairing(one), tx.SetPairing(two)) })
	one.State = []byte("next")
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetPairing(one), tx.RemovePairing("three")) })
	check := func(want ...app.PairingRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Pairings()
			slices.SortFunc(got, func(x, y app.PairingRecord) int { return slices.Compare([]byte(x.ID), []byte(y.ID)) })
			s.want("pairings", got, want)
			return err
		})
	}
	check(one, two)
	s.update(func(tx app.Tx) error { return tx.RemovePairing("one") })
	check(two)
}

func testSettings(t *testing.T, s *suite) {
	set := func(key string, value []byte) {
		t.Helper()
		s.update(func(tx app.Tx) error { return tx.SetSetting(key, value) })
	}
	check := func(key string, want string) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Setting(key)
			s.want(key, string(got), want)
			return err
		})
	}
	set("width", []byte("900"))
	set("width", []byte("1000"))
	set("empty", []byte{})
	check("width", "1000")
	check("empty", "")
	set("width", nil)
	set("never set", nil)
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Setting("width")
		s.wantNotFound("deleted setting", err)
		return nil
	})
}
