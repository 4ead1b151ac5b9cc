package app_test

import (
	"sync/atomic"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// cells counts what leaves a person from now on.
func cells(p pair, of *apptest.Person) *atomic.Int64 {
	var n atomic.Int64
	name := of.Name
	p.u.Net.Tap(func(from *apptest.Transport, _ []byte) {
		if from.Owner == name {
			n.Add(1)
		}
	})
	return &n
}

// TestNothingIsToldAtFirst: reading, typing, coming, going and looking around send nothing.
func TestNothingIsToldAtFirst(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		_, his := p.said(t, "hello")
		left := cells(p, p.bob)
		for range 20 {
			p.bob.Typing(ctx, p.aliceOfBob, true)
			p.bob.Active(true)
			time.Sleep(time.Second)
			p.bob.Typing(ctx, p.aliceOfBob, false)
			p.bob.Active(false)
		}
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		must(t, p.bob.SetDraft(ctx, p.aliceOfBob, "hm"))
		must(t, p.bob.SetMarks(ctx, p.aliceOfBob, app.ChatMarks{MarkedUnread: true}))
		must(t, p.bob.SetPreferences(ctx, app.Preferences{LAN: true, TellSeen: true})) // only together with TellActive
		p.bob.Active(true)
		apptest.Settle(time.Minute)
		if n := left.Load(); n != 0 {
			t.Errorf("%d cells left", n)
		}
		if n := told(p.alice, func(app.ContactActive) bool { return true }); n != 0 {
			t.Errorf("Alice was told %d times", n)
		}
	})
}

func choose(t *testing.T, p *apptest.Person, chosen app.Preferences) {
	t.Helper()
	chosen.LAN = true
	must(t, p.SetPreferences(ctx, chosen))
	apptest.Settle(time.Second)
}

func TestTyping(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellTyping: true})
		left := cells(p, p.bob)
		typing := func(what string, want bool) {
			t.Helper()
			apptest.Settle(100 * time.Millisecond)
			if got := chat(t, p.alice, p.bobOfAlice).Typing; got != want {
				t.Errorf("%s: typing %t", what, got)
			}
		}
		for range 100 { // ten seconds of keys
			p.bob.Typing(ctx, p.aliceOfBob, true)
			time.Sleep(100 * time.Millisecond)
		}
		typing("while he types", true)
		if n := left.Load(); n < 2 || n > 3 {
			t.Errorf("%d cells in ten seconds", n)
		}
		p.bob.Typing(ctx, p.aliceOfBob, false)
		p.bob.Typing(ctx, p.aliceOfBob, false)
		typing("at the end", false)
		if n := left.Load(); n > 4 {
			t.Errorf("%d cells after the end", n)
		}
		p.bob.Typing(ctx, p.aliceOfBob, true)
		typing("again", true)
		time.Sleep(9 * time.Second)
		typing("8 s after the last word", false)
		p.bob.Typing(ctx, p.aliceOfBob, true)
		typing("once more", true)
		p.bob.Say(p.aliceOfBob, "done")
		typing("with the message", false)
		time.Sleep(time.Second)
		p.bob.Typing(ctx, p.aliceOfBob, true)
		typing("right after it", true)
		p.cut(true)
		typing("away", false)
		before := left.Load()
		p.bob.Typing(ctx, p.aliceOfBob, true)
		apptest.Settle(10 * time.Second)
		p.cut(false)
		apptest.Settle(time.Second)
		typing("what was typed while away", false)
		if n := left.Load(); n != before {
			t.Errorf("%d cells left for what was typed while away", n-before)
		}
		if n, _ := p.alice.MessageCount(ctx, p.bobOfAlice); n != 1 {
			t.Errorf("%d messages", n)
		}
		if n := told(p.alice, func(e app.ContactActive) bool { return e.Typing }); n != 4 {
			t.Errorf("told of it %d times", n)
		}
	})
}

// TestTypingWaitsForNothing: where something else is under way, typing is not told.
func TestTypingWaitsForNothing(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellTyping: true})
		p.alice.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} }) // acknowledges nothing
		p.bob.Say(p.aliceOfBob, "first")
		apptest.Settle(time.Second)
		left := cells(p, p.bob)
		p.bob.Typing(ctx, p.aliceOfBob, true)
		apptest.Settle(time.Second)
		if n := left.Load(); n != 0 {
			t.Errorf("%d cells", n)
		}
	})
}

// TestTypingThatComesLate is taken back at once: its box waited for the next link.
func TestTypingThatComesLate(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellTyping: true})
		p.alice.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		p.bob.Typing(ctx, p.aliceOfBob, true)
		apptest.Settle(time.Second)
		p.cut(true)
		apptest.Settle(time.Hour)
		p.alice.Store.Inject(nil)
		p.cut(false)
		apptest.Settle(time.Second)
		if chat(t, p.alice, p.bobOfAlice).Typing {
			t.Error("Bob types, an hour later")
		}
		if n := told(p.alice, func(e app.ContactActive) bool { return e.Typing }); n != 1 {
			t.Errorf("told %d times: the box did not wait", n)
		}
	})
}

func TestActive(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellActive: true})
		active := func(what string, want bool, at time.Time) {
			t.Helper()
			apptest.Settle(100 * time.Millisecond)
			if c := chat(t, p.alice, p.bobOfAlice); c.Active != want || !c.ActiveAt.Equal(at) {
				t.Errorf("%s: active %t at %v, want %v", what, c.Active, c.ActiveAt, at)
			}
		}
		active("at first", false, time.Time{})
		p.bob.Active(true)
		active("when he comes", true, time.Time{})
		left := cells(p, p.bob)
		for range 40 { // a window that gains and loses the focus
			p.bob.Active(false)
			p.bob.Active(true)
			time.Sleep(250 * time.Millisecond)
		}
		if n := left.Load(); n > 4 {
			t.Errorf("%d cells in ten seconds", n)
		}
		p.bob.Active(false)
		time.Sleep(6 * time.Second)
		active("when he went", false, time.Time{})
		choose(t, p.bob, app.Preferences{TellActive: true, TellSeen: true})
		time.Sleep(time.Minute)
		p.bob.Active(true)
		came := time.Now().Truncate(time.Millisecond)
		active("with the time", true, came)
		p.cut(true)
		active("away", false, came)
		time.Sleep(time.Minute)
		p.cut(false)
		apptest.Settle(time.Second)
		if c := chat(t, p.alice, p.bobOfAlice); !c.Active || !c.ActiveAt.After(came) {
			t.Errorf("when the link is there again: %t at %v", c.Active, c.ActiveAt)
		}
		choose(t, p.bob, app.Preferences{})
		active("when he tells no more", false, time.Time{})
		p.bob.Active(false)
		p.bob.Active(true)
		time.Sleep(10 * time.Second)
		active("and comes", false, time.Time{})
	})
}

// TestSeenLies: who says to have been there tomorrow was there now at most.
func TestSeenLies(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellActive: true, TellSeen: true})
		p.bob.Clock.Jump(1000 * 24 * time.Hour)
		p.bob.Active(true)
		apptest.Settle(time.Second)
		if c := chat(t, p.alice, p.bobOfAlice); !c.Active || c.ActiveAt.After(time.Now()) {
			t.Errorf("active %t at %v", c.Active, c.ActiveAt)
		}
	})
}

// TestActiveSwitchedOffWhileAway: a word that nobody got before it was switched off is not
// told when the contact comes back.
func TestActiveSwitchedOffWhileAway(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		choose(t, p.bob, app.Preferences{TellActive: true, TellTyping: true})
		p.u.Net.Filter(func(from *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			if from.Owner == "Bob" {
				return nil
			}
			return [][]byte{cell}
		})
		p.bob.Typing(ctx, p.aliceOfBob, true)
		p.bob.Active(true)
		p.bob.Say(p.aliceOfBob, "said")
		apptest.Settle(time.Second)
		p.cut(true)
		apptest.Settle(time.Second)
		choose(t, p.bob, app.Preferences{})
		p.u.Net.Filter(nil)
		p.cut(false)
		apptest.Settle(3 * time.Second)
		wantTexts(t, "heard", p.alice.Heard(p.bobOfAlice), []string{"said"})
		if n := told(p.alice, func(app.ContactActive) bool { return true }); n != 0 {
			t.Errorf("Alice was told %d times", n)
		}
		apptest.Settle(time.Minute)
		wantTexts(t, "delivered", p.bob.Said(p.aliceOfBob, app.StateDelivered), []string{"said"})
	})
}
