package app_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// TestDeadCardLeavesNoInvitation: with its pairing goes what could answer a card.
func TestDeadCardLeavesNoInvitation(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, _ *apptest.Person) {
		offer := alice.Card(app.CardRequest{TTL: time.Hour})
		card, err := identity.ParseCard(offer.Card)
		if err != nil {
			t.Fatal(err)
		}
		kept := func() (rows int) {
			err := alice.Store.View(ctx, func(tx app.ReadTx) error {
				cards, err := tx.Cards()
				pairings, err2 := tx.Pairings()
				if len(cards) != 1 || cards[0].InviteHash != card.InviteHash() || bytes.Contains(cards[0].InviteHash[:], card.Invite[:]) {
					t.Errorf("%d cards are remembered, or not by the hash", len(cards))
				}
				for _, p := range pairings {
					if bytes.Contains(p.State, card.Invite[:]) {
						rows++
					}
				}
				return errors.Join(err, err2)
			})
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		if kept() != 1 {
			t.Fatal("the pairing of a card under way does not hold its invitation")
		}
		if err := alice.StopPairing(ctx, offer.Pairing); err != nil {
			t.Fatal(err)
		}
		if kept() != 0 {
			t.Error("the invitation outlived its pairing")
		}
	})
}
