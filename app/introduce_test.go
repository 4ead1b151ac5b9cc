package app_test

import (
	"context"
	"testing"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// lateTransport ends at once, and keeps whether it was told before whom to meet.
type lateTransport struct{ introduced, ready bool }

func (l *lateTransport) SetParties([]identity.Party) { l.introduced = true }

func (l *lateTransport) Run(context.Context, app.Inbound) error {
	l.ready = l.introduced
	return nil
}

func (l *lateTransport) Send(context.Context, identity.Handle, ...[]byte) error { return nil }

func (l *lateTransport) SendFile(context.Context, identity.Handle, ...[]byte) error { return nil }

func (l *lateTransport) SetOpen(bool) {}

func (l *lateTransport) SetInternet(identity.Internet) {}

func (l *lateTransport) Seek(identity.Handle) {}

func (l *lateTransport) Path(identity.Handle) string { return "" }

func (l *lateTransport) RunNearby(context.Context, app.NearbyInbound) error { return nil }

func (l *lateTransport) PickNearby(string) {}

func (l *lateTransport) SayNearby(string, string) bool { return false }

func (l *lateTransport) Connections() []app.Wire { return nil }

// TestPartiesAreKnownBeforeTheTransportRuns: whoever sees the beacon of a program that
// has just started dials at once, and is sent away by one that does not know them yet.
func TestPartiesAreKnownBeforeTheTransportRuns(t *testing.T) {
	store := apptest.NewStore()
	err := store.Update(t.Context(), func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: "Amina"})
	})
	if err != nil {
		t.Fatal(err)
	}
	tr := &lateTransport{}
	m, err := app.New(store, tr, app.SystemClock(), app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Run(t.Context()); err == nil {
		t.Error("no error from a transport that ended by itself")
	}
	if !tr.ready {
		t.Error("the transport ran before it knew whom to meet")
	}
}
