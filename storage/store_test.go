package storage_test

import (
	"context"
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
