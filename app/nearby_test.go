package app_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// neighbour is a person who is shown nearby, with what was told of it last.
type neighbour struct{ *apptest.Person }

func nearby(t *testing.T, p *apptest.Person) neighbour {
	t.Helper()
	v, err := p.StartNearby(t.Context())
	if err != nil || !v.Open {
		t.Fatalf("%s: %+v, %v", p.Name, v, err)
	}
	return neighbour{p}
}

// shown returns what was last told of the stay.
func (n neighbour) shown() (v app.Nearby) {
	for _, e := range n.Events() {
		if c, ok := e.(app.NearbyChanged); ok {
			v = c.Nearby
		}
	}
	return v
}

// partner waits until somebody is there under the name that they are told, and returns the ID.
func (n neighbour) partner(o neighbour) (id string) {
	n.Await("the other", func() bool {
		name := o.shown().Name
		i := slices.IndexFunc(n.shown().Partners, func(p app.NearbyPartner) bool { return p.Name == name })
		if i >= 0 && name.String() != "" {
			id = n.shown().Partners[i].ID
		}
		return id != ""
	})
	return id
}

func (n neighbour) pick(t *testing.T, id string) {
	t.Helper()
	if err := n.PickNearby(t.Context(), id); err != nil {
		t.Fatalf("%s picks: %v", n.Name, err)
	}
}

// codes waits for the codes of the pairing and returns it.
func (n neighbour) codes() app.Pairing {
	n.Await("the codes", func() bool { return n.Pairing(n.shown().Pairing).Show != "" })
	return n.Pairing(n.shown().Pairing)
}

// cards returns how many own cards can still be answered.
func (n neighbour) cards(t *testing.T) int {
	t.Helper()
	all, err := n.Pairings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, p := range all {
		if p.Phase == app.PhaseOffered || p.Phase == app.PhaseSearching {
			open++
		}
	}
	return open
}

// TestNearby: two of three pick each other, type their codes, and are contacts; the third,
// who picked one of them, has nothing of it.
func TestNearby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		a, b, c := nearby(t, u.Person("Amina")), nearby(t, u.Person("Bo")), nearby(t, u.Person("Cem"))
		c.pick(t, c.partner(a))
		a.pick(t, a.partner(b))
		b.pick(t, b.partner(a))
		ofA, ofB := a.codes(), b.codes()
		if ofA.Shown || ofB.Shown || ofA.MayAttest || ofB.MayAttest {
			t.Error("the pairing counts as one from a screen")
		}
		if a.shown().Open || b.shown().Open || a.shown().Err != nil {
			t.Errorf("still shown with the codes there: %+v, %+v", a.shown(), b.shown())
		}
		sOfA, err := a.EnterCode(t.Context(), ofA.ID, ofB.Show)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.EnterCode(t.Context(), ofB.ID, ofA.Show); err != nil {
			t.Fatal(err)
		}
		a.AwaitWritable(sOfA)
		if contact, err := a.Contact(t.Context(), sOfA); err != nil || contact.Name != "Bo" || contact.Trust != app.Verified {
			t.Errorf("%+v, %v", contact, err)
		}
		if all, err := c.Pairings(t.Context()); err != nil || len(all) > 0 {
			t.Errorf("the third has %+v, %v", all, err)
		}
		apptest.Settle(time.Second)
		if n := len(c.shown().Partners); n != 0 || c.shown().Picked != "" {
			t.Errorf("the third still sees %d, and picked %q", n, c.shown().Picked)
		}
	})
}

// TestNearbyTakenBack: a card that was said is void when either side takes its pick back,
// and when the stay ends.
func TestNearbyTakenBack(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, a, b neighbour){
		"by this side":  func(t *testing.T, a, _ neighbour) { a.pick(t, "") },
		"by the other":  func(t *testing.T, _, b neighbour) { b.pick(t, "") },
		"by leaving":    func(t *testing.T, a, b neighbour) { a.StopNearby(t.Context()) },
		"by their end":  func(t *testing.T, a, b neighbour) { b.StopNearby(t.Context()) },
		"by time":       func(*testing.T, neighbour, neighbour) { apptest.Settle(app.NearbyLife) },
		"by preference": func(t *testing.T, a, b neighbour) { a.SetPreferences(t.Context(), app.Preferences{}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := apptest.NewUniverse(t)
				a, b := nearby(t, u.Person("Amina")), nearby(t, u.Person("Bo"))
				u.Net.Filter(func(*apptest.Transport, identity.Handle, []byte) [][]byte { return nil }) // nothing of the pairing arrives
				a.pick(t, a.partner(b))
				b.pick(t, b.partner(a))
				a.Await("the card", func() bool { return a.cards(t) == 1 })
				b.Await("the search", func() bool { return b.cards(t) == 1 })
				end(t, a, b)
				apptest.Settle(time.Second)
				if ofA, ofB := a.cards(t), b.cards(t); ofA+ofB > 0 {
					t.Errorf("%d and %d cards are open", ofA, ofB)
				}
			})
		})
	}
}

// TestNearbyAgain: after a pick that was taken back the two can agree anew.
func TestNearbyAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		a, b := nearby(t, u.Person("Amina")), nearby(t, u.Person("Bo"))
		bOfA, aOfB := a.partner(b), b.partner(a)
		a.pick(t, bOfA)
		a.pick(t, "")
		b.pick(t, aOfB)
		a.pick(t, bOfA)
		if a.codes().Show == "" || b.codes().Show == "" {
			t.Error("no codes")
		}
	})
}

// TestNearbyNeedsTheLAN: nobody is shown against what they chose.
func TestNearbyNeedsTheLAN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		p := u.Person("Amina")
		for _, c := range []struct {
			chosen app.Preferences
			want   error
		}{
			{app.Preferences{}, app.ErrNearbyOff},
			{app.Preferences{LAN: true, HideAddress: true}, app.ErrNearbyHidden},
			{app.Preferences{LAN: true, Proxy: "127.0.0.1:9050"}, app.ErrNearbyHidden},
		} {
			before := nearby(t, p)
			if err := p.SetPreferences(t.Context(), c.chosen); err != nil {
				t.Fatal(err)
			}
			apptest.Settle(time.Second)
			if v := before.shown(); v.Open || !errors.Is(v.Err, c.want) {
				t.Errorf("%+v leaves it %+v", c.chosen, v)
			}
			if _, err := p.StartNearby(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("%+v: %v", c.chosen, err)
			}
			if err := p.PickNearby(t.Context(), ""); !errors.Is(err, app.ErrNotFound) {
				t.Errorf("picked while it is not shown: %v", err)
			}
			if err := p.SetPreferences(t.Context(), app.Preferences{LAN: true}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestNearbyEnds: a stay that nobody ends is over after ten minutes, and says so.
func TestNearbyEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		a := nearby(t, u.Person("Amina"))
		apptest.Settle(app.NearbyLife - 2*time.Second)
		if !a.shown().Open {
			t.Fatal("ended early")
		}
		apptest.Settle(4 * time.Second)
		if v := a.shown(); v.Open || !errors.Is(v.Err, app.ErrNearbyOver) {
			t.Errorf("%+v", v)
		}
	})
}

// TestNearbyKnown: whoever picks somebody whom they know already is told so.
func TestNearbyKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		pa, pb := u.Person("Amina"), u.Person("Bo")
		u.Pair(pa, pb)
		a, b := nearby(t, pa), nearby(t, pb)
		a.pick(t, a.partner(b))
		b.pick(t, b.partner(a))
		a.Await("the sentence, on either side", func() bool {
			return errors.Is(a.shown().Err, app.ErrCardKnown) || errors.Is(b.shown().Err, app.ErrCardKnown)
		})
		apptest.Settle(time.Second)
		if a.cards(t)+b.cards(t) > 0 {
			t.Error("a card is open")
		}
	})
}

// TestNearbyMalformedCard: what is no card takes the pick back and says so.
func TestNearbyMalformedCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		liar := u.Net.NewTransport() // came first, so it says the card
		ctx, cancel := context.WithCancel(t.Context())
		in := &liarInbox{}
		var lying sync.WaitGroup
		lying.Go(func() { liar.RunNearby(ctx, in) })
		synctest.Wait()
		a := nearby(t, u.Person("Amina"))
		a.Await("the liar", func() bool { return len(a.shown().Partners) == 1 })
		hint, err := u.Nodes.Node("a node").Marshal()
		must(t, err)
		for text, want := range map[string]error{
			"NO CARD":     app.ErrCardMalformed,
			"TACIT2:AAAA": app.ErrCardNewer,
			ownCard(t, a): app.ErrCardOwn,
			strangeCard(func(c *identity.Card) { c.Hint = hint }):  app.ErrCardMalformed,
			strangeCard(func(c *identity.Card) { c.Shown = true }): app.ErrCardMalformed,
		} {
			liar.PickNearby("")
			apptest.Settle(time.Second)
			liar.PickNearby(in.partner())
			a.pick(t, a.shown().Partners[0].ID)
			apptest.Settle(time.Second)
			if !liar.SayNearby(in.partner(), text) {
				t.Fatalf("%q was not said", text)
			}
			apptest.Settle(time.Second)
			if v := a.shown(); !errors.Is(v.Err, want) || v.Picked != "" || v.Pairing != "" {
				t.Errorf("%q: %+v", text, v)
			}
		}
		cancel()
		lying.Wait()
	})
}

func ownCard(t *testing.T, n neighbour) string {
	t.Helper()
	return n.Card(app.CardRequest{TTL: time.Hour}).Card
}

// strangeCard is a card of somebody, as no program of ours says it nearby.
func strangeCard(change func(*identity.Card)) string {
	c := identity.NewCard(identity.Fingerprint{1}, time.Minute, false, time.Now())
	change(&c)
	return c.String()
}

// liarInbox keeps who is there.
type liarInbox struct {
	mu    sync.Mutex
	peers []app.NearbyPeer // guarded by mu
}

func (b *liarInbox) partner() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.peers[0].ID
}

func (b *liarInbox) NearbyChanged(_, _ int, peers []app.NearbyPeer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.peers = peers
}

func (b *liarInbox) NearbyAgreed(string)       {}
func (b *liarInbox) NearbyCard(string, string) {}

// mute is a transport whose cards come too late to be said.
type mute struct{ *apptest.Transport }

func (mute) SayNearby(string, string) bool { return false }

// TestNearbyUnsaid: a card that could not be said is void.
func TestNearbyUnsaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		store := apptest.NewStore()
		err := store.Update(t.Context(), func(tx app.Tx) error {
			return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: "Amina"})
		})
		if err != nil {
			t.Fatal(err)
		}
		m, err := app.New(store, mute{u.Net.NewTransport()}, apptest.NewClock(), app.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { m.Run(ctx) })
		if _, err := m.StartNearby(t.Context()); err != nil { // first, so it is asked for the card
			t.Fatal(err)
		}
		synctest.Wait()
		b := nearby(t, u.Person("Bo"))
		b.Await("the other", func() bool { return len(b.shown().Partners) == 1 })
		b.pick(t, b.shown().Partners[0].ID)
		v, err := m.StartNearby(t.Context())
		if err != nil || len(v.Partners) != 1 {
			t.Fatalf("%+v, %v", v, err)
		}
		if err := m.PickNearby(t.Context(), v.Partners[0].ID); err != nil {
			t.Fatal(err)
		}
		apptest.Settle(time.Second)
		all, err := m.Pairings(t.Context())
		if err != nil || len(all) != 1 || all[0].Phase != app.PhaseFailed {
			t.Errorf("%+v, %v", all, err)
		}
		cancel()
		running.Wait()
	})
}

// TestNearbyNames: every name has its word, and what is none has none.
func TestNearbyNames(t *testing.T) {
	seen := map[string]bool{}
	for i := range 64 {
		seen[app.NearbyName{Animal: i, Number: 27}.String()] = true
	}
	if len(seen) != 64 || seen[""] {
		t.Errorf("%d names of 64", len(seen))
	}
	for _, n := range []app.NearbyName{{}, {Animal: 64, Number: 10}, {Animal: -1, Number: 10}} {
		if n.String() != "" {
			t.Errorf("%#v is called %q", n, n.String())
		}
	}
}
