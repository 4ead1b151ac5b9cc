package app_test

import (
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

func TestPreferencesAreKept(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		first, err := p.alice.Preferences(ctx)
		must(t, err)
		if first != (app.Preferences{LAN: true, Internet: true}) {
			t.Errorf("at first %+v", first)
		}
		chosen := app.Preferences{TellRead: true, TellTyping: true, TellActive: true, TellSeen: true, LAN: true, AskAbove: 7 << 20}
		must(t, p.alice.SetPreferences(ctx, chosen))
		p.alice.Restart()
		if got, err := p.alice.Preferences(ctx); err != nil || got != chosen {
			t.Errorf("kept %+v, %v", got, err)
		}
		apptest.Settle(time.Second)
		for _, e := range p.alice.Events() {
			if s, ok := e.(app.Snapshot); ok && s.Preferences != chosen {
				t.Errorf("the snapshot says %+v", s.Preferences)
			}
		}
	})
}

// TestNetworkSwitchedOff: nothing is open then, not after a restart either, until it is
// switched on again.
func TestNetworkSwitchedOff(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		open := func(want int) {
			t.Helper()
			apptest.Settle(time.Second)
			all, err := p.alice.Connections(ctx)
			if err != nil || len(all) != want {
				t.Fatalf("open: %v, %v", all, err)
			}
			if want > 0 && (all[0].Contact != p.bobOfAlice || all[0].Kind != "contact" || all[0].Remote != "Bob" || all[0].Since.IsZero()) {
				t.Errorf("open: %+v", all[0])
			}
		}
		open(1)
		must(t, p.alice.SetPreferences(ctx, app.Preferences{}))
		open(0)
		p.alice.Say(p.bobOfAlice, "anybody?")
		p.alice.Restart()
		open(0)
		if len(p.bob.Heard(p.aliceOfBob)) != 0 {
			t.Error("something left")
		}
		must(t, p.alice.SetPreferences(ctx, app.Preferences{LAN: true}))
		open(1)
		wantTexts(t, "heard", p.bob.Heard(p.aliceOfBob), []string{"anybody?"})
	})
}
