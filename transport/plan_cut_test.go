package transport

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// What multicast DNS does with a beacon, as seen by the plan: hosts ask every minute, and
// what was heard is reported again only when its records' time is over.
const (
	mdnsQuery = time.Minute
	mdnsTTL   = 3200 * time.Second
)

// cable joins two plans, on a clock of their own.
type cable struct {
	now      time.Time
	plans    [2]*plan
	deaf     [2]bool      // the dials of this side never arrive
	reported [2]time.Time // when the other's beacon was last told to this side
	query    time.Time    // when beacons are next asked for
	cut      bool
	broken   time.Time // since when
	linked   bool
	inAir    [2]time.Time // when a dial began that nobody will answer
	dials    int
}

var cableIDs = [2]peer.ID{"a", "z"}

func newCable() *cable {
	c := &cable{now: planStart, query: planStart}
	for i := range c.plans {
		c.plans[i] = newPlan(cableIDs[i], planStart)
	}
	return c
}

// met lets time pass until there is a link over the whole cable, or d is over.
func (c *cable) met(d time.Duration) bool {
	for end := c.now.Add(d); c.now.Before(end) && (c.cut || !c.linked); {
		c.pass(100 * time.Millisecond)
	}
	return c.linked && !c.cut
}

// pass lets time pass, a tenth of a second at a time.
func (c *cable) pass(d time.Duration) {
	for end := c.now.Add(d); c.now.Before(end); c.now = c.now.Add(100 * time.Millisecond) {
		c.beacons()
		for i := range c.plans {
			c.dial(i)
		}
		if c.linked && c.cut && c.now.Sub(c.broken) >= silenceTime {
			c.linked = false
			for i, p := range c.plans {
				p.lose(c.now, cableIDs[1-i], true)
			}
		}
	}
}

func (c *cable) beacons() {
	if c.now.Before(c.query) {
		return
	}
	c.query = c.now.Add(mdnsQuery)
	for i, p := range c.plans {
		if !c.cut && c.now.Sub(c.reported[i]) > mdnsTTL {
			c.reported[i] = c.now
			p.see(c.now, seen(cableIDs[1-i], netip.AddrFrom4([4]byte{10, 0, 0, byte(1 - i)})))
		}
	}
}

// dial has one side's plan dial what it wants. Nobody answers over a cable that is cut.
func (c *cable) dial(i int) {
	p, id := c.plans[i], cableIDs[1-i]
	if at := c.inAir[i]; !at.IsZero() && c.now.Sub(at) >= dialTime {
		c.inAir[i] = time.Time{}
		p.done(c.now, id, failed)
	}
	targets, _ := p.next(c.now)
	for range targets {
		c.dials++
		switch {
		case c.cut || c.deaf[i]:
			c.inAir[i] = c.now
		case c.linked:
			p.done(c.now, id, refused) // it has nobody new to show
		default:
			c.linked = true
			p.done(c.now, id, linked)
			for j, both := range c.plans {
				both.prove(c.now, cableIDs[1-j], netip.AddrFrom4([4]byte{10, 0, 0, byte(1 - j)}), handle(1))
			}
		}
	}
}

func (c *cable) pull() { c.cut, c.broken = true, c.now }

// heals reports a cut of each length that two hosts do not get over in time, also when the
// dials of one of them never arrive.
func heals(t *testing.T, begin func(*cable), within func(cut time.Duration) time.Duration) {
	for _, cut := range []time.Duration{
		10 * time.Second, 4 * time.Minute, 20 * time.Minute, 80 * time.Minute, 2 * time.Hour, 9 * time.Hour,
	} {
		for _, deaf := range [][2]bool{{}, {true, false}, {false, true}} {
			c := newCable()
			c.deaf = deaf
			begin(c)
			c.pass(cut)
			c.cut = false
			mended := c.now
			if !c.met(within(cut)) {
				t.Errorf("cut for %v, dials lost %v: no link within %v", cut, deaf, within(cut))
			} else {
				t.Logf("cut for %v, dials lost %v: link after %v, %d dials", cut, deaf, c.now.Sub(mended), c.dials)
			}
		}
	}
}

// TestPlanLostLinkComesBack: a network that was away while no interface changed (a switch
// off, a wall between a phone and its radio) parts nobody for longer than retryTime.
func TestPlanLostLinkComesBack(t *testing.T) {
	heals(t, func(c *cable) {
		if !c.met(time.Minute) {
			t.Fatal("no link to begin with")
		}
		c.pass(time.Duration(rand.Int64N(int64(time.Hour))))
		c.pull()
	}, func(time.Duration) time.Duration { return retryTime + dialTime })
}

// TestPlanSilentHostIsMet: a host that was heard and then not reached is met after at most
// as long again, and never more than retryMax.
func TestPlanSilentHostIsMet(t *testing.T) {
	heals(t, func(c *cable) {
		c.beacons()
		c.pull()
	}, func(cut time.Duration) time.Duration { return min(max(cut, retryTime), retryMax) + dialTime })
}

// TestPlanRepeatedBeacon: a host that never answers makes nobody dial faster by saying its
// beacon again and again.
func TestPlanRepeatedBeacon(t *testing.T) {
	p, now, dials := newPlan("a", planStart), planStart, 0
	for ; now.Before(planStart.Add(keyLife)); now = now.Add(time.Second) {
		p.see(now, seen("z", home))
		for range wantAtMost(t, p, now, 1) {
			dials++
			p.done(now, "z", failed)
		}
	}
	if most := firstTries + 3 + int(keyLife/(retryMax*3/4)); dials > most || dials < firstTries+3 {
		t.Errorf("%d dials in %v, want at most %d", dials, keyLife, most)
	}
}

// TestPlanLeavesTheGone: who says no beacon any more is not looked for without end, nor is
// one who answered.
func TestPlanLeavesTheGone(t *testing.T) {
	for name, proven := range map[string]bool{"never met": false, "lost": true} {
		p, now := newPlan("a", planStart), planStart
		p.see(now, seen("z", home))
		if proven {
			wantTargets(t, p, now, 1)
			p.prove(now, "z", home, handle(1))
			p.done(now, "z", linked)
			p.lose(now, "z", true)
		}
		for {
			for _, g := range wantAtMost(t, p, now, 1) {
				p.done(now, g.id, failed)
			}
			_, wake := p.next(now)
			if wake.IsZero() {
				break
			}
			if now = wake; now.Sub(planStart) > beaconLife+retryMax {
				t.Fatalf("%s: dialled %v after the last beacon", name, now.Sub(planStart))
			}
		}
		if now.Sub(planStart) < beaconLife/2 {
			t.Errorf("%s: given up after %v", name, now.Sub(planStart))
		}
		p.see(now, seen("z", home)) // it is here again
		wantTargets(t, p, now, 1)
		p.done(now, "z", refused)
		p.see(now.Add(2*beaconLife), seen("z", home))
		wantTargets(t, p, now.Add(3*beaconLife), 0)
	}
}

// TestPlanSilentHostsGiveWay: hosts that do not answer keep no room from others, and take
// none from a host that a link was lost with.
func TestPlanSilentHostsGiveWay(t *testing.T) {
	p, now := newPlan("a", planStart), planStart
	p.see(now, seen("friend", home))
	wantTargets(t, p, now, 1)
	p.prove(now, "friend", home, handle(1))
	p.done(now, "friend", linked)
	p.lose(now, "friend", true)
	flood := func(name string) {
		for i := range 2 * maxHosts {
			p.see(now, silentHost(name, i))
			p.see(now, seen(peer.ID(fmt.Sprintf("here%s%d", name, i)), home))
		}
	}
	flood("x")
	now, _ = failing(p, now, 30*time.Minute)
	if p.see(now, seen("new", elsewhere)); p.hosts["new"] == nil {
		t.Error("silent hosts keep a new one out")
	}
	if flood("y"); p.hosts["friend"] == nil {
		t.Error("silent hosts drove out one that is looked for")
	}
}

// TestPlanSilentHostsCostLittle: a table full of beacons that nobody stands behind, said
// again every minute.
func TestPlanSilentHostsCostLittle(t *testing.T) {
	p, now, dials := newPlan("a", planStart), planStart, 0
	for now.Before(planStart.Add(3 * time.Hour)) {
		for i := range maxHosts {
			p.see(now, silentHost("z", i))
		}
		if now.Sub(planStart) <= 2*time.Hour {
			dials = 0
		}
		var more int
		now, more = failing(p, now, time.Minute)
		dials += more
	}
	if most := maxHosts * int(time.Hour/(retryMax*3/4)); dials > most || dials == 0 {
		t.Errorf("%d dials in the third hour, want at most %d", dials, most)
	}
}

func silentHost(name string, i int) sighting {
	return seen(peer.ID(fmt.Sprintf("%s%d", name, i)), netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}))
}

// failing lets time pass while nobody answers, and counts the dials.
func failing(p *plan, now time.Time, d time.Duration) (time.Time, int) {
	dials := 0
	for end := now.Add(d); now.Before(end); now = now.Add(time.Second) {
		got, _ := p.next(now)
		for _, g := range got {
			p.done(now, g.id, failed)
		}
		dials += len(got)
	}
	return now, dials
}
