package storage_test

import (
	"context"
	"errors"
	"testing"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/storage"
	"tacit/storage/vault"
)

// cheap derives keys at the lowest cost that the vault accepts.
var cheap = storage.Options{Cost: vault.LeastCost}

func TestStoreSuite(t *testing.T) {
	for name, o := range map[string]storage.Options{"Encrypted": cheap, "Plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) {
			apptest.StoreSuite(t, func(t *testing.T) app.Store {
				s, err := o.Create(context.Background(), t.TempDir(), "passphrase")
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
				return s
			})
		})
	}
}

// TestProfileBeginsWhole: a creation that does not come to its end leaves no profile,
// and what it left is no obstacle.
func TestProfileBeginsWhole(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("broken")
	o := cheap
	o.First = func(app.Tx) error { return broken }
	if _, err := o.Create(context.Background(), dir, "passphrase"); !errors.Is(err, broken) {
		t.Fatalf("create: %v", err)
	}
	if storage.Exists(dir) {
		t.Fatal("there is a profile that is nobody's")
	}
	o.First = func(tx app.Tx) error { return tx.SetProfile(app.ProfileRecord{Name: "Amina"}) }
	s, err := o.Create(context.Background(), dir, "passphrase")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(context.Background(), func(tx app.ReadTx) error {
		p, err := tx.Profile()
		if err == nil && p.Name != "Amina" {
			t.Errorf("the profile is %q", p.Name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
