package transport

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
)

// plan decides whom to dial and when: every host once, whoever it may be, so that
// dialling says nothing. It is a machine: its owner passes the time and does the dialling.
type plan struct {
	self    peer.ID
	hosts   map[peer.ID]*prospect
	flying  int
	allowed float64   // dials that may start now; at most maxDialling
	refill  time.Time // when allowed was last raised
}

// prospect is a host that a beacon showed or that a link was proven with.
type prospect struct {
	addrs  []ma.Multiaddr // from the beacon
	proven []ma.Multiaddr // those where a link was proven; once there are any, no others are dialled
	from   netip.Addr     // the first address, against crowds at one
	heard  time.Time      // its last sign of life
	wanted bool           // not reached yet, or lost: tried for as long as it is heard
	due    time.Time      // zero: nothing planned
	flying bool
	repeat bool // dial once more after the present dial
	tries  int  // failed attempts in a row
	links  int
	since  time.Time       // when the last link was proven
	party  identity.Handle // whose it was
}

// target is a host to dial now.
type target struct {
	id    peer.ID
	addrs []ma.Multiaddr
}

// outcome is how a dial ended.
type outcome int

const (
	failed  outcome = iota // nobody answered there
	refused                // no proof: nobody we know, or nobody who knows us
	linked                 // a proven link
)

func newPlan(self peer.ID, now time.Time) *plan {
	return &plan{self: self, hosts: make(map[peer.ID]*prospect), allowed: maxDialling, refill: now}
}

// see takes note of a beacon.
func (p *plan) see(now time.Time, s sighting) {
	addrs := s.addrs()
	if s.id == p.self || len(addrs) == 0 {
		return
	}
	h := p.hosts[s.id]
	if h == nil {
		if !p.room(s.from[0]) {
			return
		}
		h = &prospect{wanted: true}
		p.hosts[s.id] = h
	}
	h.addrs, h.from, h.heard = addrs, s.from[0], now
	if h.wanted && h.links == 0 && !h.flying && h.due.IsZero() { // new, or given up and back
		h.tries, h.due = 0, p.turn(now, s.id)
	}
}

// turn returns when it is this side's turn to dial a host: the lower peer ID's first.
func (p *plan) turn(now time.Time, id peer.ID) time.Time {
	if p.self < id {
		return now
	}
	return now.Add(yieldTime)
}

// room makes room for one more host at an address, or reports that there is none.
func (p *plan) room(from netip.Addr) bool {
	here := 0
	for _, h := range p.hosts {
		if h.from == from {
			here++
		}
	}
	if !from.IsLoopback() && here >= maxHostsPerAddr {
		return p.evict(func(h *prospect) bool { return h.from == from })
	}
	return len(p.hosts) < maxHosts || p.evict(func(*prospect) bool { return true })
}

// evict forgets one host among those chosen that is of no present use. One that a link was
// lost with is, for as long as it is tried: of those there is one for each party at most.
func (p *plan) evict(chosen func(*prospect) bool) bool {
	for id, h := range p.hosts {
		silent := h.slow() && len(h.proven) == 0
		if h.links == 0 && !h.flying && (h.due.IsZero() || silent) && chosen(h) {
			delete(p.hosts, id)
			return true
		}
	}
	return false
}

// again plans to dial all hosts once more, now: there is a new key to show.
func (p *plan) again(now time.Time) {
	for _, h := range p.hosts {
		if h.flying {
			h.repeat = true
		} else if len(h.dialAddrs()) > 0 {
			h.due, h.tries, h.wanted = now, 0, true
		}
	}
}

// next returns the hosts to dial now, in random order, and when to ask again; the zero
// time when nothing is planned.
func (p *plan) next(now time.Time) (targets []target, wake time.Time) {
	p.allowed = min(maxDialling, p.allowed+now.Sub(p.refill).Minutes()*dialsPerMinute)
	p.refill = now
	var ready []peer.ID
	for id, h := range p.hosts {
		switch {
		case h.due.IsZero() || h.flying:
		case !h.due.After(now):
			ready = append(ready, id)
		case wake.IsZero() || h.due.Before(wake):
			wake = h.due
		}
	}
	rand.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
	for len(ready) > 0 && p.flying < maxDialling && p.allowed >= 1 {
		h := p.hosts[ready[0]]
		targets = append(targets, target{ready[0], h.dialAddrs()})
		h.flying, h.due, h.repeat = true, time.Time{}, false
		p.flying++
		p.allowed--
		ready = ready[1:]
	}
	if len(ready) > 0 && p.flying < maxDialling { // out of allowance
		if soon := now.Add(time.Minute / dialsPerMinute); wake.IsZero() || soon.Before(wake) {
			wake = soon
		}
	}
	return targets, wake
}

func (h *prospect) dialAddrs() []ma.Multiaddr {
	if len(h.proven) > 0 {
		return h.proven
	}
	return h.addrs
}

// done ends a dial that next asked for.
func (p *plan) done(now time.Time, id peer.ID, o outcome) {
	p.flying--
	h := p.hosts[id]
	h.flying = false
	switch o {
	case failed:
		// Also of a dial that came just when the other side closed its own.
		h.tries++
		if look := h.wanted && h.links == 0 && now.Sub(h.heard) < beaconLife; look || !h.slow() {
			h.due = now.Add(h.pause())
		}
	case refused:
		h.tries, h.wanted = 0, false
	}
	if h.repeat {
		h.repeat, h.due, h.wanted = false, now, true
	}
}

// prove records a party's link with a host, dialled by either side, at an address. Where
// the party was before, it need not be looked for any more.
func (p *plan) prove(now time.Time, id peer.ID, remote netip.Addr, party identity.Handle) {
	for _, old := range p.hosts {
		if old.party == party && old.links == 0 && len(old.proven) > 0 {
			old.due, old.wanted = time.Time{}, false
		}
	}
	h := p.hosts[id]
	if h == nil {
		if !p.room(remote) {
			return
		}
		h = &prospect{from: remote}
		p.hosts[id] = h
	}
	h.links++
	h.since, h.party, h.wanted = now, party, false
	h.proven = at(h.addrs, remote)
}

// lose ends a link that prove recorded and plans the way back, if it is wanted.
func (p *plan) lose(now time.Time, id peer.ID, back bool) {
	h := p.hosts[id]
	if h == nil || h.links == 0 {
		return
	}
	h.links--
	if now.Sub(h.since) >= steadyTime {
		h.tries = 0
	}
	h.wanted, h.heard = back, now
	if !back || len(h.proven) == 0 || h.flying || !h.due.IsZero() {
		return
	}
	h.due = p.turn(now, id).Add(h.pause())
	if !h.slow() {
		h.tries++
	}
}

// slow reports whether the quick attempts are over.
func (h *prospect) slow() bool {
	if len(h.proven) > 0 {
		return h.tries >= redialTries
	}
	return h.tries >= firstTries
}

// pause returns the time before the next attempt.
func (h *prospect) pause() time.Duration {
	switch {
	case !h.slow():
		return backoff(h.tries)
	case len(h.proven) > 0:
		return jitter(retryTime)
	}
	d := retryMax
	if n := h.tries - firstTries; n < 3 {
		d = min(retryMax, retryTime<<n)
	}
	return jitter(d)
}

// backoff returns the time before a quick attempt, which doubles.
func backoff(tries int) time.Duration {
	d := redialMax
	if tries < 7 {
		d = min(redialMax, redialFirst<<tries)
	}
	return jitter(d)
}

// jitter shortens a pause by up to a quarter.
func jitter(d time.Duration) time.Duration { return d - time.Duration(rand.Int64N(int64(d/4))) }
