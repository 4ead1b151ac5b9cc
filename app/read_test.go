package app_test

import (
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
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
		p.u.Net.Filter(func(*apptest.Transport, identity.Handle, []byte) [][]byte { return nil }) // who starts is linked at once
		p.bob.Restart()
		p.cut(true)
		p.u.Net.Filter(nil)
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

// TestReadSwitchedOff: who ceases to tell what was read tells nothing of it that waits, sealed
// or not, and what else waits arrives.
func TestReadSwitchedOff(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellRead: true})
		first, his := p.said(t, "hello")
		second, later := p.said(t, "again")
		p.cut(true)
		apptest.Settle(time.Second)
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID)) // sealed
		texts := numbered("m", 520)                        // more than are sealed
		for _, text := range texts {
			p.bob.Say(p.aliceOfBob, text)
		}
		must(t, p.bob.React(ctx, his.ID, "👍", true))
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, later.ID)) // not sealed
		choose(t, p.bob, app.Preferences{})
		p.bob.Restart()
		p.u.Net.Cut(p.alice.Transport, p.bob.Transport, false)
		apptest.Settle(time.Minute)
		for _, m := range []app.Message{first, second} {
			if got := message(t, p.alice, m.ID); got.State != app.StateDelivered {
				t.Errorf("told of what was read: %+v", got)
			}
		}
		wantTexts(t, "heard", p.alice.Heard(p.bobOfAlice), texts)
		wantTexts(t, "delivered", p.bob.Said(p.aliceOfBob, app.StateDelivered), texts)
		if got := message(t, p.alice, first.ID).Reactions; len(got) != 1 {
			t.Errorf("reactions %v", got)
		}
	})
}

// TestReadBeforeTheReceipt: the contact's word that it was read is also one that it arrived,
// and the receipt that comes with it makes it no less.
func TestReadBeforeTheReceipt(t *testing.T) {
	timed(t, time.Hour, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellRead: true})
		var caught [][]byte
		p.u.Net.Filter(func(from *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			if from.Owner == "Alice" {
				caught = append(caught, cell)
				return nil
			}
			return [][]byte{cell}
		})
		hers := p.alice.Say(p.bobOfAlice, "hello")
		apptest.Settle(time.Second)
		p.bob.Transport.Inject(handleOf(p.aliceOfBob), caught[0]) // the receipt gets lost
		if m := message(t, p.alice, hers.ID); m.State != app.StateQueued {
			t.Fatalf("%+v", m)
		}
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, last(t, p.bob, p.aliceOfBob).ID))
		apptest.Settle(time.Second)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead || m.ExpiresAt.IsZero() || m.Path != app.PathLAN {
			t.Errorf("%+v", m)
		}
		p.u.Net.Filter(nil)
		apptest.Settle(time.Minute)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead {
			t.Errorf("later %+v", m)
		}
	})
}

// TestReadIsNotGivenUp: giving up a box does not make a message that was read a failed one.
func TestReadIsNotGivenUp(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellRead: true})
		p.alice.Restart()
		apptest.Settle(time.Minute)
		var caught [][]byte
		p.u.Net.Filter(func(from *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			if from.Owner == "Alice" {
				caught = append(caught, cell)
				return nil
			}
			return [][]byte{cell}
		})
		hers := p.alice.Say(p.bobOfAlice, "hello")
		apptest.Settle(time.Second)
		p.bob.Transport.Inject(handleOf(p.aliceOfBob), caught[len(caught)-1])
		apptest.Settle(time.Second)
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, last(t, p.bob, p.aliceOfBob).ID))
		apptest.Settle(time.Second)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead {
			t.Fatalf("%+v", m)
		}
		apptest.Settle(3 * time.Hour)
		if m := message(t, p.alice, hers.ID); m.State != app.StateRead {
			t.Errorf("later %+v", m)
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
