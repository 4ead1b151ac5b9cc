package pairing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tacit/app"
	"tacit/ui/lang"
)

func (f *fake) StartNearby(context.Context) (app.Nearby, error) {
	f.nearby = append(f.nearby, "start")
	return app.Nearby{Open: f.nearbyErr == nil, Name: app.NearbyName{Animal: 3, Number: 27}}, f.nearbyErr
}

func (f *fake) PickNearby(_ context.Context, id string) error {
	f.nearby = append(f.nearby, "pick "+id)
	return nil
}

func (f *fake) StopNearby(context.Context) error {
	f.nearby = append(f.nearby, "stop")
	return nil
}

func (f *fake) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(f.nearby, want) {
		t.Errorf("asked for %q, want %q", f.nearby, want)
	}
}

// TestNearbyTab: this computer is shown while the tab is open, and at no other time.
func TestNearbyTab(t *testing.T) {
	for name, leave := range map[string]func(a *Add){
		"another tab":  func(a *Add) { a.Show(StepMine) },
		"closed":       func(a *Add) { a.Close() },
		"a card comes": func(a *Add) { a.Paste("TACIT1:AAAA") },
		"the codes":    func(a *Add) { a.Event(app.PairingChanged{Pairing: codesOf("p")}) },
	} {
		t.Run(name, func(t *testing.T) {
			a, f := open(t)
			f.expect(t)
			a.Show(StepNearby)
			f.expect(t, "start")
			if !a.Nearby.State.Open || a.Nearby.State.Name.Number != 27 {
				t.Errorf("shown %+v", a.Nearby.State)
			}
			leave(a)
			f.expect(t, "start", "stop")
			a.Event(app.NearbyChanged{Nearby: app.Nearby{Open: true}})
			if a.Nearby.State.Open {
				t.Error("a late event opened it again")
			}
		})
	}
}

// TestNearbyInOrder: whoever changes tabs faster than the network ends where they look.
func TestNearbyInOrder(t *testing.T) {
	a, f := open(t)
	f.later = true
	a.Show(StepNearby)
	a.Show(StepTheirs)
	a.Show(StepNearby)
	a.Show(StepMine)
	f.flush()
	f.expect(t, "start", "stop")
}

func TestNearbyPick(t *testing.T) {
	a, f := open(t)
	n := a.Nearby
	n.Pick("x") // nothing to pick from yet
	a.Show(StepNearby)
	heron := app.NearbyPartner{ID: "x", Name: app.NearbyName{Animal: 0, Number: 41}}
	state := app.Nearby{Open: true, Partners: []app.NearbyPartner{heron}}
	a.Event(app.NearbyChanged{Nearby: state})
	n.Pick("x")
	if _, ok := n.Chosen(); ok {
		t.Error("chosen before the messenger said so")
	}
	state.Picked = "x"
	a.Event(app.NearbyChanged{Nearby: state})
	if p, ok := n.Chosen(); !ok || p != heron {
		t.Errorf("chosen %+v, %v", p, ok)
	}
	n.Pick("x")
	f.expect(t, "start", "pick x", "pick ")
}

// TestNearbyOver: a stay that ended by itself says why and can be opened again.
func TestNearbyOver(t *testing.T) {
	a, f := open(t)
	a.Show(StepNearby)
	a.Event(app.NearbyChanged{Nearby: app.Nearby{Open: true}})
	a.Event(app.NearbyChanged{Nearby: app.Nearby{Err: app.ErrNearbyOver}})
	if !errors.Is(a.Nearby.Err, app.ErrNearbyOver) {
		t.Fatalf("says %v", a.Nearby.Err)
	}
	a.Nearby.Open()
	f.expect(t, "start", "start")
	if a.Nearby.Err != nil || !a.Nearby.State.Open {
		t.Errorf("opened again: %+v, %v", a.Nearby.State, a.Nearby.Err)
	}
}

// TestNearbyRefused: where it cannot be shown, the tab says why.
func TestNearbyRefused(t *testing.T) {
	a, f := open(t)
	f.nearbyErr = app.ErrNearbyHidden
	a.Show(StepNearby)
	if !errors.Is(a.Nearby.Err, app.ErrNearbyHidden) || a.Nearby.State.Open {
		t.Errorf("%+v, %v", a.Nearby.State, a.Nearby.Err)
	}
}

// TestAnimals: each language has 64 words, and English those that bots are told.
func TestAnimals(t *testing.T) {
	defer lang.Use("en")
	for _, l := range []string{"en", "fr", "ar"} {
		lang.Use(l)
		seen := map[string]bool{}
		for i := range 64 {
			n := app.NearbyName{Animal: i, Number: 27}
			word, number, ok := strings.Cut(NearbyName(n), "\u00a0")
			if word == "" || seen[word] || !ok || number != "27" {
				t.Errorf("%s: %d is called %q", l, i, NearbyName(n))
			}
			seen[word] = true
			if l == "en" && word+" 27" != n.String() {
				t.Errorf("%q in the window, %q for bots", word, n)
			}
		}
		if n := strings.Count(lang.T("nearby.animals"), "|"); n != 63 {
			t.Errorf("%s: %d words", l, n+1)
		}
	}
}
