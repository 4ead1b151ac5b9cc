package app_test

import (
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

func TestReadReceipts(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		_, unheard := p.said(t, "before he chose to tell")
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, unheard.ID))
		choose(t, p.bob, app.Preferences{TellRead: true})
		for _, text := range numbered("m", 150) { // of three receipts
			p.alice.Say(p.bobOfAlice, text)
		}
		apptest.Settle(3 * time.Second)
		upTo := last(t, p.bob, p.aliceOfBob).ID
		later, _ := p.said(t, "not read")
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, upTo))
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, upTo)) // tells nothing more
		apptest.Settle(time.Second)
		wantTexts(t, "read", p.alice.Said(p.bobOfAlice, app.StateRead), numbered("m", 150))
		wantTexts(t, "delivered", p.alice.Said(p.bobOfAlice, app.StateDelivered), []string{"before he chose to tell", later.Text})
		if n := told(p.alice, func(e app.MessageStateChanged) bool { return e.Message.State == app.StateRead }); n != 150 {
			t.Errorf("told %d times", n)
		}
		if c := chat(t, p.bob, p.aliceOfBob); c.Unread != 1 {
			t.Errorf("%d unread", c.Unread)
		}
	})
}

// TestReadWhileAway: a receipt waits, survives a restart, and a later acknowledgement does
// not make a read message an unread one.
func TestReadWhileAway(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellRead: true})
		hers, his := p.said(t, "hello")
		p.cut(true)
		apptest.Settle(time.Second)
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		p.bob.Restart()
		p.cut(true)
		apptest.Settle(time.Minute)
		if m := message(t, p.alice, hers.ID); m.State != app.StateDelivered {
			t.Fatalf("%+v", m)
		}
		p.u.Net.Cut(p.alice.Transport, p.bob.Transport, false)
		apptest.Settle(time.Minute)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead || m.Path != app.PathLAN {
			t.Errorf("%+v", m)
		}
		p.alice.Restart()
		apptest.Settle(time.Minute)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead {
			t.Errorf("after a restart %+v", m)
		}
	})
}

// TestReadBeforeTheReceipt: the contact's word that it was read is also one that it arrived.
func TestReadBeforeTheReceipt(t *testing.T) {
	timed(t, time.Hour, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellRead: true})
		hers := p.alice.Say(p.bobOfAlice, "hello")
		p.u.Net.Filter(nil)
		apptest.Settle(time.Second)
		his := last(t, p.bob, p.aliceOfBob)
		must(t, p.alice.Store.Update(ctx, func(tx app.Tx) error { // as if no receipt had come
			return tx.SetMessageState(hers.ID, app.StateQueued, app.ReasonAgain, time.Now())
		}))
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		apptest.Settle(time.Second)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead || m.ExpiresAt.IsZero() {
			t.Errorf("%+v", m)
		}
	})
}

func TestReadOfABlockedContact(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellRead: true})
		hers, his := p.said(t, "hello")
		must(t, p.bob.SetBlocked(ctx, p.aliceOfBob, true))
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		must(t, p.bob.SetBlocked(ctx, p.aliceOfBob, false))
		apptest.Settle(time.Minute)
		if m := message(t, p.alice, hers.ID); m.State != app.StateDelivered {
			t.Errorf("somebody who is blocked was told: %+v", m)
		}
	})
}
