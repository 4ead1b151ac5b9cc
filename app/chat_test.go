package app_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"tacit/app"
	"tacit/app/apptest"
)

func TestPairByCodesAndChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob := u.Person("Alice"), u.Person("Bob")
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)

		alice.Say(bobOfAlice, "hello")
		bob.Say(aliceOfBob, "and to you")
		bob.Await("hello", func() bool { return slices.Equal(bob.Heard(aliceOfBob), []string{"hello"}) })
		alice.Await("answer", func() bool { return slices.Equal(alice.Heard(bobOfAlice), []string{"and to you"}) })
		alice.Await("receipt", func() bool {
			return slices.Equal(alice.Said(bobOfAlice, app.StateDelivered), []string{"hello"})
		})
	})
}
