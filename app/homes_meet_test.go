package app_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// distant is Alice, who has a node, and Bob, on no network together.
func distant(t *testing.T, bobToo bool) *overNode {
	t.Helper()
	u := apptest.NewUniverse(t)
	o := &overNode{u: u, r: u.Person("Alice"), s: u.Person("Bob")}
	u.Net.Close(true)
	addNode(t, u, o.r, "one")
	if bobToo {
		addNode(t, u, o.s, "two")
	}
	return o
}

// TestPairingNeverBothOnline: of the two, one is there at a time.
func TestPairingNeverBothOnline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := distant(t, true)
		o.codes(t)
		o.s.Stop()
		o.r.Stop()
		turn := o.s
		other := func() *apptest.Person {
			if turn == o.s {
				return o.r
			}
			return o.s
		}
		next := func() {
			turn.Stop()
			turn = other()
			turn.Start()
			turn.Watch(true)
			apptest.Settle(2 * time.Minute)
		}
		turn.Start()
		apptest.Settle(time.Minute)
		var codes [2]string
		for i := 0; codes[0] == "" || codes[1] == ""; i++ {
			if i > 12 {
				t.Fatal("no codes after 12 turns")
			}
			next()
			if v := o.pairingOf(turn); v.Show != "" {
				codes[o.side(turn)] = v.Show
			}
		}
		contacts := [2]app.ContactID{}
		for range 2 {
			side := o.side(turn)
			c, err := turn.EnterCode(ctx, o.pairingOf(turn).ID, codes[1-side])
			must(t, err)
			contacts[side] = c
			next()
		}
		for i := 0; ; i++ {
			if i > 8 {
				t.Fatal("no right to write after 8 turns")
			}
			apptest.Settle(time.Hour)
			if writable(t, turn, contacts[o.side(turn)]) {
				turn.Say(contacts[o.side(turn)], "hello")
				apptest.Settle(10 * time.Minute)
				next()
				apptest.Settle(time.Hour)
				if len(turn.Heard(contacts[o.side(turn)])) == 1 {
					return
				}
			}
			next()
		}
	})
}

func (o *overNode) side(p *apptest.Person) int {
	if p == o.r {
		return 0
	}
	return 1
}

func (o *overNode) pairingOf(p *apptest.Person) app.Pairing {
	if p == o.r {
		return p.Pairing(o.rid)
	}
	return p.Pairing(o.sid)
}

// TestPairingOverSlotsSurvivesKills kills either side at each of its commits in turn.
func TestPairingOverSlotsSurvivesKills(t *testing.T) {
	for _, late := range []bool{false, true} {
		for n := 1; n <= 14; n++ {
			synctest.Test(t, func(t *testing.T) {
				o := distant(t, n%2 == 0)
				o.codes(t)
				for _, p := range []*apptest.Person{o.r, o.s} {
					base := p.Store.Updates()
					p.Store.Inject(func(update int) apptest.Fault {
						return apptest.Fault{Kill: update == base+n, After: late}
					})
				}
				killed := 0
				revive := func() {
					for _, p := range []*apptest.Person{o.r, o.s} {
						if p.Store.Killed() {
							killed++
							p.Restart()
						}
					}
				}
				eventually(t, "codes", 24*time.Hour, func() bool {
					revive()
					return shows(o.r.Pairing(o.rid)) && shows(o.s.Pairing(o.sid))
				})
				sOfR := enter(t, o.r, o.rid, o.s.Pairing(o.sid).Show)
				rOfS := enter(t, o.s, o.sid, o.r.Pairing(o.rid).Show)
				eventually(t, "right to write", 24*time.Hour, func() bool {
					revive()
					return writable(t, o.r, sOfR) && writable(t, o.s, rOfS)
				})
				if _, err := o.s.Send(ctx, rOfS, "to Alice"); err != nil {
					revive()
					o.s.Say(rOfS, "to Alice")
				}
				eventually(t, "message", 24*time.Hour, func() bool { revive(); return len(o.r.Heard(sOfR)) > 0 })
				if killed == 0 && n <= 7 {
					t.Errorf("nobody was killed at commit %d", n)
				}
			})
		}
	}
}

// enter types a code until it is taken: the program may be killed meanwhile.
func enter(t *testing.T, p *apptest.Person, id app.PairingID, code string) app.ContactID {
	t.Helper()
	for range 5 {
		c, err := p.EnterCode(ctx, id, code)
		if err == nil {
			return c
		}
		if !p.Store.Killed() {
			t.Fatalf("%s: code: %v", p.Name, err)
		}
		p.Restart()
	}
	t.Fatalf("%s: the code was never taken", p.Name)
	return 0
}

// TestPairingWithADeadNode: the card names a node that does not answer; both sides say
// so, and meet when it comes back, or by another way.
func TestPairingWithADeadNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := distant(t, false)
		offer := o.r.Card(app.CardRequest{TTL: 24 * time.Hour})
		o.rid = offer.Pairing
		apptest.Settle(3 * time.Second)
		o.u.Nodes.Fail("one", apptest.NodeFaults{Down: true})
		o.sid = o.s.Accept(offer.Card, false)
		eventually(t, "Away", time.Hour, func() bool { return o.s.Pairing(o.sid).Away && o.r.Pairing(o.rid).Away })
		if v := o.s.Pairing(o.sid); v.Phase != app.PhaseSearching || !v.Internet {
			t.Fatalf("S: %+v", v)
		}
		o.u.Nodes.Fail("one", apptest.NodeFaults{})
		o.finish(t)
		if o.s.Pairing(o.sid).Away || o.r.Pairing(o.rid).Away {
			t.Error("the node is still said to be away")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		o := distant(t, false)
		o.u.Nodes.Fail("one", apptest.NodeFaults{Down: true})
		apptest.Settle(time.Second)
		offer := o.r.Card(app.CardRequest{TTL: 24 * time.Hour})
		o.rid, o.sid = offer.Pairing, o.s.Accept(offer.Card, false)
		o.u.Net.Close(false)
		o.finish(t)
	})
}

// TestPairingByLinkAndSlots: both ways at once, and each cell twice.
func TestPairingByLinkAndSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := distant(t, true)
		o.u.Net.Close(false)
		o.u.Net.Double(true)
		o.codes(t)
		sOfR, rOfS := o.finish(t)
		o.r.Say(sOfR, "to Bob")
		o.s.Say(rOfS, "to Alice")
		apptest.Settle(time.Hour)
		if r, s := o.r.Heard(sOfR), o.s.Heard(rOfS); len(r) != 1 || len(s) != 1 {
			t.Fatalf("heard %q and %q", r, s)
		}
	})
}

// TestRubbishInASlot: whoever has the card can write into its slots first.
func TestRubbishInASlot(t *testing.T) {
	rubbish := bytes.Repeat([]byte{7}, 4096)
	write := func(t *testing.T, o *overNode, card string, slot int) {
		c, err := identity.ParseCard(card)
		must(t, err)
		at, err := identity.ParseHint(c.Hint)
		must(t, err)
		mallory := o.u.Nodes.For("Mallory")
		mallory.SetInternet(identity.Internet{Open: true})
		v, err := mallory.WriteSlot(ctx, at, c.Slot(slot), rubbish)
		if err != nil || v != identity.DepositKept {
			t.Fatalf("slot %d: %v, %v", slot, v, err)
		}
	}
	synctest.Test(t, func(t *testing.T) { // S is told that the card was answered
		o := distant(t, false)
		offer := o.r.Card(app.CardRequest{TTL: 24 * time.Hour})
		apptest.Settle(3 * time.Second)
		write(t, o, offer.Card, 1)
		sid := o.s.Accept(offer.Card, false)
		eventually(t, "end", time.Hour, func() bool { return o.s.Pairing(sid).Phase == app.PhaseFailed })
		if err := o.s.Pairing(sid).Err; !errors.Is(err, app.ErrCardUsed) {
			t.Fatalf("S: %v", err)
		}
		if v := o.r.Pairing(offer.Pairing); v.Phase != app.PhaseOffered {
			t.Fatalf("R: %+v", v)
		}
	})
	for slot := 2; slot <= 9; slot++ { // what cannot be left at the node goes by the link
		synctest.Test(t, func(t *testing.T) {
			o := distant(t, true)
			offer := o.r.Card(app.CardRequest{TTL: 24 * time.Hour})
			o.rid = offer.Pairing
			apptest.Settle(3 * time.Second)
			write(t, o, offer.Card, slot)
			o.sid = o.s.Accept(offer.Card, false)
			apptest.Settle(time.Hour)
			o.u.Net.Close(false)
			sOfR, rOfS := o.finish(t)
			o.s.Say(rOfS, "to Alice")
			eventually(t, "message", time.Hour, func() bool { return len(o.r.Heard(sOfR)) == 1 })
		})
	}
}

// TestClosedInternet: with the switch off, a card names no node, and no node hears of anything.
func TestClosedInternet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := distant(t, false)
		must(t, o.r.SetPreferences(ctx, app.Preferences{LAN: true}))
		apptest.Settle(time.Minute)
		before := len(o.u.Nodes.Log("one"))
		offer := o.r.Card(app.CardRequest{TTL: time.Hour})
		if offer.Internet {
			t.Error("the card names a node")
		}
		apptest.Settle(2 * time.Hour)
		if got := len(o.u.Nodes.Log("one")); got != before {
			t.Errorf("the node was spoken to %d times", got-before)
		}
	})
}

// TestCodesComeSoon: while both watch, the codes stand within seconds, also where the card
// was shown for long.
func TestCodesComeSoon(t *testing.T) {
	for _, after := range []time.Duration{3 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			o := distant(t, false)
			o.r.Watch(true)
			o.s.Watch(true)
			offer := o.r.Card(app.CardRequest{TTL: 24 * time.Hour})
			apptest.Settle(after)
			began := time.Now()
			sid := o.s.Accept(offer.Card, false)
			for !shows(o.r.Pairing(offer.Pairing)) || !shows(o.s.Pairing(sid)) {
				apptest.Settle(100 * time.Millisecond)
				if time.Since(began) > 16*time.Second {
					t.Fatalf("no codes after %v", time.Since(began))
				}
			}
			if took := time.Since(began); after < time.Minute && took > 6*time.Second {
				t.Errorf("codes after %v", took)
			}
		})
	}
}
