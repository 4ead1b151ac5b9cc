package app_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

func TestSubscriptionBeginsWithASnapshot(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		alice.Say(bobOfAlice, "hello")
		apptest.Settle(time.Second)
		s := bob.Subscribe()
		snapshot, ok := (<-s.Events()).(app.Snapshot)
		if !ok || len(snapshot.Chats) != 1 || snapshot.Profile.Name != "Bob" {
			t.Fatalf("first event: %+v", snapshot)
		}
		chat := snapshot.Chats[0]
		if chat.Last == nil || chat.Last.Text != "hello" || chat.Unread != 1 || chat.Reach != app.ReachLAN {
			t.Errorf("chat: %+v", chat)
		}
		if err := bob.MarkRead(ctx, aliceOfBob, chat.Last.ID); err != nil {
			t.Fatal(err)
		}
		if e := <-s.Events(); e != (app.ChatRead{Contact: aliceOfBob}) {
			t.Errorf("event: %+v", e)
		}
		s.Close()
		s.Close()
		if _, open := <-s.Events(); open {
			t.Error("events after Close")
		}
	})
}

// TestSlowSubscriber: who does not read blocks nobody, and gets a fresh snapshot later.
func TestSlowSubscriber(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		s := alice.Subscribe()
		synctest.Wait()
		const n = 2000
		for i := range n {
			alice.Say(bobOfAlice, fmt.Sprint(i))
		}
		bob.Await("everything", func() bool { return len(bob.Heard(aliceOfBob)) == n })
		resynced := false
		for range 3 * n {
			switch e := (<-s.Events()).(type) {
			case app.Resync:
				resynced = true
			case app.Snapshot:
				if !resynced {
					continue
				}
				if got := e.Chats[0].Last.Text; got != fmt.Sprint(n-1) {
					t.Errorf("snapshot after Resync shows %q", got)
				}
				return
			}
		}
		t.Error("no snapshot after Resync")
	})
}

func TestClockJumpIsTold(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		time.Sleep(time.Hour)
		for _, by := range []time.Duration{72 * time.Hour, -48 * time.Hour} {
			alice.Clock.Jump(by)
			apptest.Settle(3 * time.Second)
			var told []time.Duration
			for _, e := range alice.Events() {
				if j, ok := e.(app.ClockJumped); ok {
					told = append(told, j.By.Round(time.Minute))
				}
			}
			if len(told) == 0 || told[len(told)-1] != by {
				t.Errorf("jump of %v: told %v", by, told)
			}
		}
	})
}

func TestStoppedMessenger(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		alice.Stop()
		_, err := alice.Send(ctx, bobOfAlice, "hello")
		wantErr(t, "send", err, app.ErrClosed)
		_, err = alice.Messages(ctx, bobOfAlice, 0, 1)
		wantErr(t, "messages", err, app.ErrClosed)
		if _, open := <-alice.Subscribe().Events(); open {
			t.Error("a subscription after the end")
		}
		if err := alice.Run(ctx); err == nil {
			t.Error("ran twice")
		}
	})
}

func TestNamesOfContacts(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		if err := alice.SetAlias(ctx, bobOfAlice, " Robert\u202e "); err != nil {
			t.Fatal(err)
		}
		if c := contact(t, alice, bobOfAlice); c.Name != "Robert" || c.TheirName != "Bob" {
			t.Errorf("contact: %+v", c)
		}
		if err := alice.SetAlias(ctx, bobOfAlice, ""); err != nil {
			t.Fatal(err)
		}
		if c := contact(t, alice, bobOfAlice); c.Name != "Bob" {
			t.Errorf("contact: %+v", c)
		}
		wantErr(t, "alias for nobody", alice.SetAlias(ctx, 99, "x"), app.ErrNotFound)
		wantErr(t, "empty name", alice.Rename(ctx, " "), app.ErrNameEmpty)
		if err := alice.Rename(ctx, "Alice Liddell"); err != nil {
			t.Fatal(err)
		}
		alice.Restart()
		if p, _ := alice.Profile(ctx); p.Name != "Alice Liddell" {
			t.Errorf("profile: %+v", p)
		}
	})
}

func TestSettings(t *testing.T) {
	universe(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person) {
		_, err := alice.Setting(ctx, "window")
		wantErr(t, "unset", err, app.ErrNotFound)
		if err := alice.SetSetting(ctx, "window", []byte("380x520")); err != nil {
			t.Fatal(err)
		}
		if v, err := alice.Setting(ctx, "window"); err != nil || string(v) != "380x520" {
			t.Errorf("setting: %q, %v", v, err)
		}
		wantErr(t, "a document", alice.SetSetting(ctx, "window", make([]byte, 1<<20)), app.ErrTextTooLong)
	})
}
