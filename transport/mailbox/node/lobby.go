package node

import (
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// lobby knows who is connected and how much each of them asks, in memory that does not
// grow with what is asked for. It is safe for any number of goroutines.
type lobby struct {
	addrs *buckets[netip.Prefix] // requests, of all peers behind an address

	mu       sync.Mutex
	visitors map[peer.ID]*visitor // guarded by mu
}

// visitor is a peer with a connection.
type visitor struct {
	conns    int
	talks    int       // open now
	quiet    time.Time // its last sign of life
	reserved time.Time // until when it can be reached over a circuit
	asked    bucket
	opened   bucket
}

func newLobby() *lobby {
	return &lobby{
		addrs:    newBuckets[netip.Prefix](addrRate, maxAddrs),
		visitors: make(map[peer.ID]*visitor),
	}
}

// arrive counts a connection of a peer.
func (l *lobby) arrive(p peer.ID, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.get(p)
	v.conns++
	v.quiet = now
}

// get returns a visitor, who may have come before anybody counted. The caller holds mu.
func (l *lobby) get(p peer.ID) *visitor {
	v := l.visitors[p]
	if v == nil {
		v = &visitor{}
		l.visitors[p] = v
	}
	return v
}

// depart forgets a peer with its last connection.
func (l *lobby) depart(p peer.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v := l.visitors[p]; v != nil {
		if v.conns--; v.conns <= 0 {
			delete(l.visitors, p)
		}
	}
}

// begin counts a talk of a peer, or reports that it has too many.
func (l *lobby) begin(p peer.ID, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.get(p)
	if v.talks >= maxTalksPerPeer {
		return false
	}
	v.talks++
	v.quiet = now
	return true
}

// end ends a talk.
func (l *lobby) end(p peer.ID, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v := l.visitors[p]; v != nil {
		v.talks--
		v.quiet = now
		if v.talks == 0 && v.conns <= 0 { // its connection ended as this talk began
			delete(l.visitors, p)
		}
	}
}

// reserve notes that a peer's connection is of use without a stream.
func (l *lobby) reserve(p peer.ID, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v := l.visitors[p]; v != nil {
		v.reserved = now.Add(reservationTime)
	}
}

// idle reports whether a peer has shown no sign of life for quietTime, streams apart, and
// has no reservation.
func (l *lobby) idle(p peer.ID, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.visitors[p]
	return v == nil || v.talks == 0 && now.Sub(v.quiet) >= quietTime && now.After(v.reserved)
}

// ask takes a request of a peer's allowance and its address's, and returns how long to
// wait before it is served.
func (l *lobby) ask(p peer.ID, from netip.Addr, now time.Time) time.Duration {
	return max(l.charge(p, now, false), l.addrs.charge(whole(from), now, 1))
}

// open is ask for the opening of a talk.
func (l *lobby) open(p peer.ID, from netip.Addr, now time.Time) time.Duration {
	return max(l.charge(p, now, true), l.addrs.charge(whole(from), now, openingCost))
}

func (l *lobby) charge(p peer.ID, now time.Time, opening bool) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.visitors[p]
	switch {
	case v == nil:
		return 0 // it has gone
	case opening:
		return v.opened.charge(now, openingRate, 1)
	}
	return v.asked.charge(now, peerRate, 1)
}

// here returns how many peers are connected.
func (l *lobby) here() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.visitors)
}

// room bounds the bytes of frames that are under way, of all and of each address.
type room struct {
	mu   sync.Mutex
	used int                  // guarded by mu
	of   map[netip.Prefix]int // their parts; guarded by mu
}

// take reports whether n bytes were free, and takes them. The caller gives them back.
func (r *room) take(from netip.Prefix, n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.used+n > maxFrames || r.of[from]+n > maxFramesPerAddr {
		return false
	}
	if r.of == nil {
		r.of = make(map[netip.Prefix]int)
	}
	r.used += n
	r.of[from] += n
	return true
}

func (r *room) give(from netip.Prefix, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used -= n
	if r.of[from] -= n; r.of[from] == 0 {
		delete(r.of, from)
	}
}
