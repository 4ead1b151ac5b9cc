package apptest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"tacit/app"
)

// testAtomic: an Update that fails or panics has changed nothing.
func testAtomic(t *testing.T, s *suite) {
	c := s.contact("Ann")
	s.update(func(tx app.Tx) error { return tx.SetSession(c, []byte("before")) })
	change := func(tx app.Tx) {
		_, err := tx.AddMessage(received(c, "never said", suiteNow))
		_, err2 := tx.AddContact(contactRecord("Nobody"))
		if err := errors.Join(err, err2, tx.SetSession(c, []byte("after")), tx.SetSetting("k", []byte("v"))); err != nil {
			t.Fatal(err)
		}
		if got, err := tx.Session(c); err != nil || string(got) != "after" {
			t.Fatalf("an update does not read its own change: %q, %v", got, err)
		}
	}
	unchanged := func() {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			session, err := tx.Session(c)
			s.want("session", string(session), "before")
			all, err2 := tx.Contacts()
			s.want("contacts", len(all), 1)
			head, err3 := tx.ChatHead(c)
			s.want("head", head, app.ChatHead{Contact: c})
			found, err4 := tx.SearchMessages(app.SearchQuery{Text: "never", Limit: 10})
			s.want("found", found, []app.Hit(nil))
			_, err5 := tx.Setting("k")
			s.wantNotFound("setting", err5)
			return errors.Join(err, err2, err3, err4)
		})
	}
	failure := errors.New("changed my mind")
	err := s.store.Update(context.Background(), func(tx app.Tx) error { change(tx); return failure })
	if !errors.Is(err, failure) {
		t.Fatalf("update returned %v", err)
	}
	unchanged()
	func() {
		defer func() {
			if recover() == nil {
				t.Fatal("the panic did not reach the caller")
			}
		}()
		_ = s.store.Update(context.Background(), func(tx app.Tx) error { change(tx); panic("broken") })
	}()
	unchanged()

	failing := s.store.View(context.Background(), func(app.ReadTx) error { return failure })
	if !errors.Is(failing, failure) {
		t.Fatalf("view returned %v", failing)
	}
}

// testSerial: concurrent updates do not lose one another's changes.
func testSerial(t *testing.T, s *suite) {
	const workers, rounds = 4, 25
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				err := s.store.Update(context.Background(), func(tx app.Tx) error {
					n, err := tx.Setting("n")
					if err != nil && !errors.Is(err, app.ErrNotFound) {
						return err
					}
					return tx.SetSetting("n", append(n, 'x'))
				})
				if err != nil {
					t.Error(err)
				}
				err = s.store.View(context.Background(), func(tx app.ReadTx) error { _, err := tx.Setting("n"); return err })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s.view(func(tx app.ReadTx) error {
		n, err := tx.Setting("n")
		s.want("updates", len(n), workers*rounds)
		return err
	})
}

func testCancelled(t *testing.T, s *suite) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	called := false
	err := s.store.Update(ctx, func(app.Tx) error { called = true; return nil })
	err2 := s.store.View(ctx, func(app.ReadTx) error { called = true; return nil })
	if !errors.Is(err, context.Canceled) || !errors.Is(err2, context.Canceled) || called {
		t.Fatalf("errors %v and %v, called %v: want context.Canceled and no call", err, err2, called)
	}
}
