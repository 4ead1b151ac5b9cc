package transport

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/transport/swarm"
)

var (
	planStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	home      = netip.MustParseAddr("192.168.1.7")
	elsewhere = netip.MustParseAddr("192.168.1.8")
)

func seen(id peer.ID, from ...netip.Addr) sighting {
	return sighting{announcement{id: id, quic: 1000, tcp: 1001}, from}
}

func wantTargets(t *testing.T, p *plan, now time.Time, want int) []target {
	t.Helper()
	got, _ := p.next(now)
	if len(got) != want {
		t.Fatalf("%d hosts to dial after %v, want %d", len(got), now.Sub(planStart), want)
	}
	return got
}

func wantAtMost(t *testing.T, p *plan, now time.Time, most int) []target {
	t.Helper()
	got, _ := p.next(now)
	if len(got) > most {
		t.Fatalf("%d hosts to dial after %v, want at most %d", len(got), now.Sub(planStart), most)
	}
	return got
}

func TestPlanLowerDialsAtOnce(t *testing.T) {
	p := newPlan("m", planStart)
	p.see(planStart, seen("z", home))
	p.see(planStart, seen("a", home))
	p.see(planStart, seen("m", home)) // itself
	got := wantTargets(t, p, planStart, 1)
	if got[0].id != "z" || len(got[0].addrs) != 2 {
		t.Errorf("dials %v", got)
	}
	_, wake := p.next(planStart)
	if wake != planStart.Add(yieldTime) {
		t.Errorf("wakes after %v, want %v", wake.Sub(planStart), yieldTime)
	}
	if got := wantTargets(t, p, wake, 1); got[0].id != "a" {
		t.Errorf("dials %v", got)
	}
}

func TestPlanDialsOnce(t *testing.T) {
	p := newPlan("a", planStart)
	p.see(planStart, seen("z", home))
	wantTargets(t, p, planStart, 1)
	p.done(planStart, "z", refused)
	p.see(planStart, seen("z", home, elsewhere))
	wantTargets(t, p, planStart.Add(time.Hour), 0)
	p.again(planStart.Add(time.Hour))
	wantTargets(t, p, planStart.Add(time.Hour), 1)
	p.again(planStart.Add(time.Hour)) // the dial under way does not show the newest key
	p.done(planStart.Add(time.Hour), "z", refused)
	wantTargets(t, p, planStart.Add(time.Hour), 1)
}

func TestPlanRate(t *testing.T) {
	p := newPlan("a", planStart)
	for i := range 1000 {
		from := netip.AddrFrom4([4]byte{192, 168, 2, byte(i / 10)})
		p.see(planStart, seen(peer.ID(fmt.Sprintf("z%d", i)), from))
	}
	most, dialled, now := 0, 0, planStart
	for now.Before(planStart.Add(time.Minute)) {
		got, _ := p.next(now)
		most = max(most, len(got))
		dialled += len(got)
		for _, g := range got {
			p.done(now, g.id, refused)
		}
		more, wake := p.next(now)
		for _, g := range more {
			dialled++
			p.done(now, g.id, refused)
		}
		if !wake.After(now) {
			t.Fatal("no time to wake at while hosts wait")
		}
		now = wake
	}
	if most > maxDialling || dialled < dialsPerMinute || dialled > dialsPerMinute+maxDialling {
		t.Errorf("dialled %d in a minute and %d at a time", dialled, most)
	}
}

func TestPlanInFlight(t *testing.T) {
	p := newPlan("a", planStart)
	for i := range 2 * maxDialling {
		p.see(planStart, seen(peer.ID(fmt.Sprintf("z%d", i)), netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})))
	}
	got := wantTargets(t, p, planStart, maxDialling)
	later := planStart.Add(10 * time.Second)
	wantTargets(t, p, later, 0)
	p.done(later, got[0].id, refused)
	wantTargets(t, p, later, 1)
}

func TestPlanRandomOrder(t *testing.T) {
	orders := make(map[string]bool)
	for range 20 {
		p := newPlan("a", planStart)
		for i := range 20 {
			p.see(planStart, seen(peer.ID(fmt.Sprintf("z%d", i)), netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})))
		}
		got := wantTargets(t, p, planStart, 20)
		order := ""
		for _, g := range got {
			order += string(g.id) + " "
		}
		orders[order] = true
	}
	if len(orders) < 15 {
		t.Errorf("%d different orders of 20", len(orders))
	}
}

func TestPlanReturnsOnlyToTheProvenAddress(t *testing.T) {
	p := newPlan("a", planStart)
	p.see(planStart, seen("z", home, elsewhere))
	if got := wantTargets(t, p, planStart, 1); len(got[0].addrs) != 4 {
		t.Fatalf("dials %v", got)
	}
	p.prove(planStart, "z", home, handle(1))
	p.done(planStart, "z", linked)
	now := planStart.Add(time.Minute)
	p.lose(now, "z", true)
	tries := 0
	for now.Before(planStart.Add(4 * time.Minute)) {
		got, wake := p.next(now)
		for _, g := range got {
			tries++
			if len(g.addrs) != 2 || swarm.IPOf(g.addrs[0]) != home || swarm.IPOf(g.addrs[1]) != home {
				t.Fatalf("redials %v", g.addrs)
			}
			p.done(now, g.id, failed)
			_, wake = p.next(now)
		}
		if wake.IsZero() {
			break
		}
		if wake.Sub(now) > redialMax && tries < redialTries-1 {
			t.Errorf("waits %v", wake.Sub(now))
		}
		now = wake
	}
	if tries != redialTries-1 {
		t.Errorf("%d tries", tries)
	}
}

// TestPlanFlapping: a link that breaks at once each time is not remade without pause.
func TestPlanFlapping(t *testing.T) {
	p := newPlan("a", planStart)
	p.see(planStart, seen("z", home))
	now, dials := planStart, 0
	for now.Before(planStart.Add(10 * time.Minute)) {
		got, wake := p.next(now)
		for range got {
			dials++
			p.prove(now, "z", home, handle(1))
			p.done(now, "z", linked)
			p.lose(now, "z", true)
			_, wake = p.next(now)
		}
		if wake.IsZero() {
			break
		}
		now = wake
	}
	if dials > redialTries+1+2 { // within ten minutes, two or three at the pace of retryTime
		t.Errorf("%d dials", dials)
	}
}

// TestPlanForgetsWhereAPartyWas: once it is met elsewhere, nobody looks for it at the old
// host any more.
func TestPlanForgetsWhereAPartyWas(t *testing.T) {
	p := newPlan("a", planStart)
	for i, id := range []peer.ID{"x", "y"} {
		p.see(planStart, seen(id, home))
		wantTargets(t, p, planStart, 1)
		p.prove(planStart, id, home, handle(1))
		p.done(planStart, id, linked)
		if i == 0 {
			p.lose(planStart, id, true)
		}
	}
	wantTargets(t, p, planStart.Add(time.Hour), 0)
	p.see(planStart.Add(time.Hour), seen("x", home)) // a late repeat of its beacon
	wantTargets(t, p, planStart.Add(2*time.Hour), 0)
}

// TestPlanDialsNobodyItHas: a host that there is a link with, and that does not let itself
// be dialled, is not dialled again and again to show it a new key.
func TestPlanDialsNobodyItHas(t *testing.T) {
	p, now, dials := newPlan("m", planStart), planStart, 0
	p.see(now, seen("a", home))
	p.prove(now, "a", home, handle(1))
	p.again(now)
	for ; now.Before(planStart.Add(2 * time.Hour)); now = now.Add(time.Second) {
		for range wantAtMost(t, p, now, 1) {
			dials++
			p.done(now, "a", failed)
		}
		p.see(now, seen("a", home))
	}
	if dials != redialTries {
		t.Errorf("%d dials, want %d", dials, redialTries)
	}
}

func TestPlanIsBounded(t *testing.T) {
	p := newPlan("a", planStart)
	for i := range 3 * maxHosts {
		p.see(planStart, seen(peer.ID(fmt.Sprintf("x%d", i)), home))
		p.see(planStart, seen(peer.ID(fmt.Sprintf("y%d", i)), netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})))
	}
	if len(p.hosts) > maxHosts {
		t.Errorf("%d hosts, want at most %d", len(p.hosts), maxHosts)
	}
	here := 0
	for _, h := range p.hosts {
		if h.from == home {
			here++
		}
	}
	if here > maxHostsPerAddr {
		t.Errorf("%d hosts at one address, want at most %d", here, maxHostsPerAddr)
	}
}
