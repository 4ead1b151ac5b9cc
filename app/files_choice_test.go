package app_test

import (
	"sync/atomic"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

func TestPauseAndResume(t *testing.T) {
	for _, who := range []string{"receiver", "sender"} {
		t.Run(who, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				data := noise(5, 30*chunk)
				sent := slowly(u, time.Second)
				own := postFile(t, alice, bobOfAlice, "", attachment("f", data))
				alice.Await("cells", func() bool { return sent.Load() > 8 })
				theirs := awaitFile(t, bob, aliceOfBob, app.FileMoving)
				p, id, c, peer, of := bob, theirs.ID, aliceOfBob, alice, bobOfAlice
				if who == "sender" {
					p, id, c, peer, of = alice, own.ID, bobOfAlice, bob, aliceOfBob
				}
				if err := p.PauseFile(ctx, id); err != nil {
					t.Fatal(err)
				}
				awaitFile(t, p, c, app.FilePaused)
				awaitFile(t, peer, of, app.FileWaiting)
				apptest.Settle(20 * time.Second) // what was on its way
				n := sent.Load()
				u.Net.Break(alice.Transport, bob.Transport)
				apptest.Settle(time.Minute)
				var words atomic.Int64
				u.Net.Tap(func(*apptest.Transport, []byte) { words.Add(1) })
				apptest.Settle(time.Hour)
				if n := words.Load(); n > 0 {
					t.Errorf("%d words about it in an hour of pause", n)
				}
				p.Restart()
				apptest.Settle(time.Hour)
				if more := sent.Load() - n; more > 0 {
					t.Errorf("%d cells moved in the pause", more)
				}
				awaitFile(t, p, c, app.FilePaused)
				alice.Say(bobOfAlice, "meanwhile")
				if err := p.FetchFile(ctx, id); err != nil {
					t.Fatal(err)
				}
				apptest.Settle(40 * time.Second)
				wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
				awaitFile(t, alice, bobOfAlice, app.FileDone)
				if n := sent.Load(); n > 45 {
					t.Errorf("%d cells were sent", n)
				}
			})
		})
	}
}

func TestCancel(t *testing.T) {
	for _, who := range []string{"receiver", "sender"} {
		t.Run(who, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				data := noise(6, 30*chunk)
				sent := slowly(u, time.Second)
				own := postFile(t, alice, bobOfAlice, "", attachment("f", data))
				alice.Await("cells", func() bool { return sent.Load() > 8 })
				theirs := awaitFile(t, bob, aliceOfBob, app.FileMoving)
				if who == "sender" {
					if err := alice.CancelFile(ctx, own.ID); err != nil {
						t.Fatal(err)
					}
				} else if err := bob.CancelFile(ctx, theirs.ID); err != nil {
					t.Fatal(err)
				}
				awaitFile(t, alice, bobOfAlice, app.FileCancelled)
				awaitFile(t, bob, aliceOfBob, app.FileCancelled)
				wantBlobs(t, bob, 0)
				apptest.Settle(time.Hour)
				if n := sent.Load(); n > 30 {
					t.Errorf("%d cells were sent", n)
				}
				err := bob.FetchFile(ctx, theirs.ID)
				if who == "sender" {
					wantErr(t, "fetch what its sender cancelled", err, app.ErrFileNotHere)
					wantErr(t, "open it", errOf(alice.OpenFile(ctx, own.ID)), app.ErrFileNotHere)
					wantBlobs(t, alice, 0)
					return
				}
				wantErr(t, "fetch again", err, nil)
				apptest.Settle(40 * time.Second)
				wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
			})
		})
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestAskedAbove(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		prefs, err := bob.Preferences(ctx)
		if err != nil {
			t.Fatal(err)
		}
		prefs.AskAbove = 2 * chunk
		if err := bob.SetPreferences(ctx, prefs); err != nil {
			t.Fatal(err)
		}
		sent := slowly(u, 0)
		data := noise(12, 2*chunk+1)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		got := awaitFile(t, bob, aliceOfBob, app.FilePaused)
		apptest.Settle(time.Minute)
		bob.Restart()
		apptest.Settle(time.Minute)
		if got.File.Reason != app.ReasonAsk || sent.Load() > 0 {
			t.Errorf("%+v, %d cells", got.File, sent.Load())
		}
		if err := bob.FetchFile(ctx, got.ID); err != nil {
			t.Fatal(err)
		}
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
		postFile(t, alice, bobOfAlice, "", attachment("g", data[:2*chunk]))
		bob.Await("two files", func() bool { return len(withFile(t, bob, aliceOfBob)) == 2 })
		awaitFile(t, bob, aliceOfBob, app.FileDone)
	})
}

// TestAskedAboveAtFirst: what the program was made with counts until the person chooses.
func TestAskedAboveAtFirst(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		bob.AskAbove = 2 * chunk
		bob.Restart()
		prefs, err := bob.Preferences(ctx)
		if err != nil || prefs != (app.Preferences{LAN: true, Internet: true, AskAbove: 2 * chunk}) {
			t.Fatalf("at first %+v, %v", prefs, err)
		}
		postFile(t, alice, bobOfAlice, "", attachment("f", noise(31, 2*chunk+1)))
		if got := awaitFile(t, bob, aliceOfBob, app.FilePaused); got.File.Reason != app.ReasonAsk {
			t.Errorf("%+v", got.File)
		}
		prefs.AskAbove = 0
		if err := bob.SetPreferences(ctx, prefs); err != nil {
			t.Fatal(err)
		}
		bob.Restart()
		if got, err := bob.Preferences(ctx); err != nil || got != prefs {
			t.Fatalf("chosen %+v, %v", got, err)
		}
		postFile(t, alice, bobOfAlice, "", attachment("g", noise(32, 2*chunk+1)))
		awaitFile(t, bob, aliceOfBob, app.FileDone)
	})
}

// TestTooManyAwaited: files beyond those that may wait ask first.
func TestTooManyAwaited(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		const most, beyond = 1024, 300
		u.Net.FilterFiles(func(*apptest.Transport, identity.Handle, []byte) [][]byte { return nil })
		for range most + beyond {
			postFile(t, alice, bobOfAlice, "", attachment("f", []byte("x")))
		}
		var all []app.Message
		apptest.Settle(10 * time.Second)
		for after := app.MessageID(0); ; {
			page, err := bob.MessagesAfter(ctx, aliceOfBob, after, app.MaxPage)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			all, after = append(all, page...), page[len(page)-1].ID
		}
		asks := 0
		for _, m := range all {
			if m.File != nil && m.File.State == app.FilePaused && m.File.Reason == app.ReasonAsk {
				asks++
			}
		}
		if asks < beyond-64 || asks > beyond { // what comes together is counted after its commit
			t.Fatalf("%d of %d files ask first", asks, len(all))
		}
	})
}

// TestDeletedWhileMoving: the message goes for one or for all, at any of the two.
func TestDeletedWhileMoving(t *testing.T) {
	for _, how := range []string{"here", "there", "all", "contact"} {
		t.Run(how, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				sent := slowly(u, time.Second)
				own := postFile(t, alice, bobOfAlice, "", attachment("f", noise(13, 30*chunk)))
				alice.Await("cells", func() bool { return sent.Load() > 8 })
				theirs := awaitFile(t, bob, aliceOfBob, app.FileMoving)
				var err error
				switch how {
				case "here":
					err = bob.Delete(ctx, theirs.ID, false)
				case "there":
					err = alice.Delete(ctx, own.ID, false)
				case "all":
					err = alice.Delete(ctx, own.ID, true)
				case "contact":
					err = bob.RemoveContact(ctx, aliceOfBob)
				}
				if err != nil {
					t.Fatal(err)
				}
				wantBlobs(t, bob, 0)
				if how == "there" || how == "all" {
					wantBlobs(t, alice, 0)
				}
				apptest.Settle(time.Hour)
				if n := sent.Load(); n > 30 {
					t.Errorf("%d cells were sent", n)
				}
				wantBlobs(t, bob, 0)
				if how == "there" {
					if f := awaitFile(t, bob, aliceOfBob, app.FileCancelled).File; f.Reason != app.ReasonGone {
						t.Errorf("%+v", f)
					}
				}
				if how == "here" {
					awaitFile(t, alice, bobOfAlice, app.FileCancelled)
				}
			})
		})
	}
}
