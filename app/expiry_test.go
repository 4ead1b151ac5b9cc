package app_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// timed is a pair whose chat has a timer.
func timed(t *testing.T, d time.Duration, f func(t *testing.T, p pair)) {
	t.Helper()
	pairs(t, func(t *testing.T, p pair) {
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, d))
		apptest.Settle(time.Second)
		f(t, p)
	})
}

func there(p *apptest.Person, id app.MessageID) bool {
	_, err := p.Message(ctx, id)
	return !errors.Is(err, app.ErrNotFound)
}

// TestTimerIsSetForBoth: either side sets it, both see who did, and it holds for what is
// said from then on.
func TestTimerIsSetForBoth(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		old, _ := p.said(t, "stays")
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, time.Hour))
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, time.Hour)) // changes nothing
		apptest.Settle(time.Second)
		notice := last(t, p.bob, p.aliceOfBob)
		if notice.Notice != app.NoticeTimer || notice.Own || notice.Timer != time.Hour {
			t.Errorf("Bob sees %+v", notice)
		}
		if mine := last(t, p.alice, p.bobOfAlice); mine.Notice != app.NoticeTimer || !mine.Own || mine.Timer != time.Hour {
			t.Errorf("Alice sees %+v", mine)
		}
		if c := chat(t, p.bob, p.aliceOfBob); c.Timer != time.Hour || c.Unread != 1 || c.Last.Text != "stays" {
			t.Errorf("Bob's chat is %+v", c)
		}
		must(t, p.bob.SetTimer(ctx, p.aliceOfBob, 30*time.Second))
		apptest.Settle(time.Second)
		hers, his := p.said(t, "goes")
		if hers.Timer != 30*time.Second || his.Timer != 30*time.Second || message(t, p.alice, old.ID).Timer != 0 {
			t.Errorf("timers: %v, %v", hers.Timer, his.Timer)
		}
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, 0))
		apptest.Settle(time.Second)
		if c := chat(t, p.bob, p.aliceOfBob); c.Timer != 0 {
			t.Errorf("after it was switched off: %v", c.Timer)
		}
		if n, _ := p.bob.MessageCount(ctx, p.aliceOfBob); n != 5 {
			t.Errorf("%d entries", n)
		}
	})
}

// TestTimersSetAtOnce: of two that do not know of one another, both sides take the shorter.
func TestTimersSetAtOnce(t *testing.T) {
	for _, d := range [][3]time.Duration{
		{time.Hour, time.Minute, time.Minute}, {time.Minute, time.Hour, time.Minute}, {0, time.Hour, time.Hour}, {time.Hour, 0, time.Hour},
	} {
		timed(t, 2*time.Hour, func(t *testing.T, p pair) {
			p.cut(true)
			apptest.Settle(time.Second)
			must(t, p.alice.SetTimer(ctx, p.bobOfAlice, d[0]))
			must(t, p.bob.SetTimer(ctx, p.aliceOfBob, d[1]))
			p.cut(false)
			apptest.Settle(time.Minute)
			if a, b := chat(t, p.alice, p.bobOfAlice).Timer, chat(t, p.bob, p.aliceOfBob).Timer; a != d[2] || b != d[2] {
				t.Errorf("%v and %v became %v and %v", d[0], d[1], a, b)
			}
			must(t, p.bob.SetTimer(ctx, p.aliceOfBob, 3*time.Hour)) // the last word is the last
			apptest.Settle(time.Second)
			if got := chat(t, p.alice, p.bobOfAlice).Timer; got != 3*time.Hour {
				t.Errorf("later it is %v", got)
			}
		})
	}
}

func TestTimersThatAreRefused(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		for _, d := range []time.Duration{-time.Minute, time.Second, 29 * time.Second, 30*time.Second + 1, app.MaxTimer + time.Second, 1 << 62} {
			wantErr(t, d.String(), p.alice.SetTimer(ctx, p.bobOfAlice, d), app.ErrTimerInvalid)
		}
		wantErr(t, "of nobody", p.alice.SetTimer(ctx, 99, time.Hour), app.ErrNotFound)
		if c := chat(t, p.alice, p.bobOfAlice); c.Timer != 0 {
			t.Errorf("the timer is %v", c.Timer)
		}
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, app.MinTimer))
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, app.MaxTimer))
	})
}

// TestExpiry: a message vanishes on each side at its second, counted there from delivery
// and here from reading; with it goes whatever shows it.
func TestExpiry(t *testing.T) {
	timed(t, time.Minute, func(t *testing.T, p pair) {
		_, first := p.said(t, "before")
		hers, his := p.said(t, "the lighthouse")
		answer, err := p.bob.Post(ctx, p.aliceOfBob, app.Outgoing{Text: "seen", ReplyTo: his.ID})()
		must(t, err)
		if hers.ExpiresAt.Sub(hers.StateAt) != time.Minute || !his.ExpiresAt.IsZero() {
			t.Fatalf("hers vanishes at %v, his at %v", hers.ExpiresAt, his.ExpiresAt)
		}
		time.Sleep(time.Until(hers.ExpiresAt) - time.Second)
		if !there(p.alice, hers.ID) {
			t.Error("it vanished a second early")
		}
		time.Sleep(2 * time.Second)
		if there(p.alice, hers.ID) || !there(p.bob, his.ID) {
			t.Errorf("after its time: hers %t, his %t", there(p.alice, hers.ID), there(p.bob, his.ID))
		}
		apptest.Settle(24 * time.Hour)
		if !there(p.bob, his.ID) {
			t.Error("what was not read vanished")
		}
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		read := message(t, p.bob, his.ID)
		time.Sleep(time.Minute - time.Second)
		if read.ExpiresAt.IsZero() || !there(p.bob, his.ID) || !there(p.bob, first.ID) {
			t.Error("it vanished early")
		}
		apptest.Settle(2 * time.Second)
		if there(p.bob, his.ID) || there(p.bob, first.ID) {
			t.Error("it is still there")
		}
		if hits, _ := p.bob.Search(ctx, app.SearchQuery{Text: "lighthouse", Limit: 9}); len(hits) != 0 {
			t.Errorf("found: %v", hits)
		}
		if there(p.bob, answer.ID) {
			t.Error("the answer, delivered a day ago, is still there")
		}
		if c := chat(t, p.bob, p.aliceOfBob); c.Last == nil || c.Last.Notice != app.NoticeTimer || c.Unread != 0 {
			t.Errorf("the chat shows %+v", c.Last)
		}
		for _, what := range []struct {
			p    *apptest.Person
			want int
		}{{p.alice, 2}, {p.bob, 3}} {
			n := told(what.p, func(e app.MessageRemoved) bool { return e.What == app.ChangeExpired })
			if n != what.want {
				t.Errorf("%s was told of %d", what.p.Name, n)
			}
		}
		if n := told(p.bob, func(e app.MessageChanged) bool { return e.What == app.ChangeTimer && e.Message.ID == his.ID }); n != 1 {
			t.Errorf("Bob was told %d times that it counts", n)
		}
	})
}

// TestExpiryAfterARestart: what is over is gone before anything is shown.
func TestExpiryAfterARestart(t *testing.T) {
	timed(t, time.Minute, func(t *testing.T, p pair) {
		hers, his := p.said(t, "goes")
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		p.bob.Stop()
		p.alice.Restart()
		apptest.Settle(time.Hour)
		p.bob.Start()
		apptest.Settle(time.Millisecond)
		if there(p.alice, hers.ID) || there(p.bob, his.ID) {
			t.Errorf("after an hour: hers %t, his %t", there(p.alice, hers.ID), there(p.bob, his.ID))
		}
		snapshot := p.bob.Events()[0].(app.Snapshot)
		if c := snapshot.Chats[0]; c.Last == nil || c.Last.Notice != app.NoticeTimer {
			t.Errorf("the first that a window learns is %+v", c.Last)
		}
	})
}

// TestExpiryWithClockJumps: timers count the time that passes, whatever is done to the
// clock, also right before and after it is noticed.
func TestExpiryWithClockJumps(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour, 400 * 24 * time.Hour, -400 * 24 * time.Hour} {
		timed(t, 5*time.Minute, func(t *testing.T, p pair) {
			_, first := p.said(t, "read before")
			must(t, p.bob.MarkRead(ctx, p.aliceOfBob, first.ID))
			time.Sleep(time.Minute)
			_, second := p.said(t, "read after")
			time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(1100 * time.Millisecond)))
			p.bob.Clock.Jump(by) // not noticed before the next tick
			must(t, p.bob.MarkRead(ctx, p.aliceOfBob, second.ID))
			read := time.Now()
			time.Sleep(3*time.Minute + 50*time.Second)
			if !there(p.bob, first.ID) || !there(p.bob, second.ID) {
				t.Errorf("by %v: gone early: %t, %t", by, there(p.bob, first.ID), there(p.bob, second.ID))
			}
			time.Sleep(20 * time.Second)
			if there(p.bob, first.ID) || !there(p.bob, second.ID) {
				t.Errorf("by %v: after five minutes %t, before %t", by, there(p.bob, first.ID), there(p.bob, second.ID))
			}
			time.Sleep(time.Until(read.Add(5*time.Minute + 2*time.Second)))
			if there(p.bob, second.ID) {
				t.Errorf("by %v: still there", by)
			}
		})
	}
}

// TestExpiryWithAJumpThatIsNotStored: nothing vanishes early because the store failed when
// the clock was put forward.
func TestExpiryWithAJumpThatIsNotStored(t *testing.T) {
	timed(t, 5*time.Minute, func(t *testing.T, p pair) {
		_, his := p.said(t, "goes")
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		apptest.Settle(time.Minute)
		p.bob.Store.FailNext(app.ErrDiskFull)
		p.bob.Clock.Jump(time.Hour)
		apptest.Settle(3 * time.Minute)
		if !there(p.bob, his.ID) {
			t.Error("it vanished early")
		}
		apptest.Settle(time.Minute + 5*time.Second)
		if there(p.bob, his.ID) {
			t.Error("it is still there")
		}
	})
}

// TestEditVanishesWithItsMessage: a new text that still waits for the contact goes with the
// message, whether that expires, is removed or is deleted for all.
func TestEditVanishesWithItsMessage(t *testing.T) {
	for what, end := range map[string]func(p pair, id app.MessageID) error{
		"expired":         func(pair, app.MessageID) error { return nil },
		"removed":         func(p pair, id app.MessageID) error { return p.alice.Delete(ctx, id, false) },
		"deleted for all": func(p pair, id app.MessageID) error { return p.alice.Delete(ctx, id, true) },
	} {
		timed(t, time.Minute, func(t *testing.T, p pair) {
			hers, _ := p.said(t, "before")
			p.cut(true)
			apptest.Settle(time.Second)
			_, err := p.alice.Edit(ctx, hers.ID, "after")
			must(t, err)
			must(t, end(p, hers.ID))
			apptest.Settle(time.Hour)
			must(t, p.alice.Store.View(ctx, func(tx app.ReadTx) error {
				rows, err := tx.Outbox(p.bobOfAlice, 0, 100)
				for _, r := range rows {
					if s, err := tx.Saying(r.Saying); err == nil && bytes.Contains(s.Body, []byte("after")) {
						t.Errorf("%s: the text still waits", what)
					}
				}
				return err
			}))
			p.cut(false)
			apptest.Settle(time.Minute)
			p.said(t, "and on")
			if got := last(t, p.bob, p.aliceOfBob); got.Text != "and on" {
				t.Errorf("%s: then he heard %q", what, got.Text)
			}
		})
	}
}

// TestSystemClockGoesOnInSleep: its times compare by the wall clock, not by one that rests
// while the computer sleeps.
func TestSystemClockGoesOnInSleep(t *testing.T) {
	if now := app.SystemClock().Now(); now != now.Round(0) {
		t.Errorf("%v bears a monotonic reading", now)
	}
}

// TestExpiryAfterTheClockWasPutBack while the program did not run: nothing stays longer
// than its timer from the start on.
func TestExpiryAfterTheClockWasPutBack(t *testing.T) {
	timed(t, time.Minute, func(t *testing.T, p pair) {
		_, his := p.said(t, "goes")
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		p.bob.Stop()
		p.bob.Clock.Jump(-1000 * 24 * time.Hour)
		p.bob.Start()
		apptest.Settle(58 * time.Second)
		if !there(p.bob, his.ID) {
			t.Error("it vanished early")
		}
		apptest.Settle(3 * time.Second)
		if there(p.bob, his.ID) {
			t.Error("it stays as long as the clock was put back")
		}
	})
}

// TestExpiryWithAFullDisk is tried again.
func TestExpiryWithAFullDisk(t *testing.T) {
	timed(t, time.Minute, func(t *testing.T, p pair) {
		_, his := p.said(t, "goes")
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		apptest.Settle(50 * time.Second)
		p.bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		apptest.Settle(time.Minute)
		p.bob.Store.Inject(nil)
		if !there(p.bob, his.ID) {
			t.Fatal("it vanished from a disk that cannot be written")
		}
		if n := told(p.bob, func(e app.StorageFailed) bool { return errors.Is(e.Err, app.ErrDiskFull) }); n == 0 || n > 3 {
			t.Errorf("told %d times", n)
		}
		apptest.Settle(31 * time.Second)
		if there(p.bob, his.ID) {
			t.Error("it is still there")
		}
	})
}

// TestManyExpireAtOnce in commits that are not too large.
func TestManyExpireAtOnce(t *testing.T) {
	timed(t, time.Minute, func(t *testing.T, p pair) {
		for _, text := range numbered("m", 230) {
			p.alice.Say(p.bobOfAlice, text)
		}
		apptest.Settle(3 * time.Second)
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, last(t, p.bob, p.aliceOfBob).ID))
		before := p.bob.Store.Updates()
		apptest.Settle(61 * time.Second)
		if heard := p.bob.Heard(p.aliceOfBob); len(heard) != 0 {
			t.Errorf("%d are left", len(heard))
		}
		if n := p.bob.Store.Updates() - before; n < 5 || n > 10 {
			t.Errorf("in %d commits", n)
		}
	})
}

// TestExpiredIsNotShownAgain: its sender was put back to a copy, and says it again.
func TestExpiredIsNotShownAgain(t *testing.T) {
	timed(t, time.Minute, func(t *testing.T, p pair) {
		p.cut(true)
		apptest.Settle(time.Second)
		p.alice.Say(p.bobOfAlice, "goes")
		p.alice.Say(p.bobOfAlice, "is deleted")
		copied := p.alice.Store.Copy()
		p.cut(false)
		apptest.Settle(time.Second)
		his := last(t, p.bob, p.aliceOfBob)
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		must(t, p.bob.Delete(ctx, his.ID, false))
		apptest.Settle(time.Hour)
		wantTexts(t, "after an hour", p.bob.Heard(p.aliceOfBob), nil)
		p.alice.Kill()
		p.alice.Store = copied
		p.alice.Store.SetRolledBack()
		p.alice.Start()
		apptest.Settle(time.Hour)
		if heard := p.bob.Heard(p.aliceOfBob); slices.Contains(heard, "goes") || slices.Contains(heard, "is deleted") {
			t.Errorf("shown again: %q", heard)
		}
	})
}
