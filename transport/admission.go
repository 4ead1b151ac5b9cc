package transport

import (
	"net/netip"
	"sync"
	"time"
)

// admission counts what connections have proven. K names a connection. An accepted
// connection counts as a stranger's until a link is proven on it, and strangers are
// few; a connection without a link or a hello under way is of no use.
type admission[K comparable] struct {
	mu     sync.Mutex
	conns  map[K]*standing    // guarded by mu
	byAddr map[netip.Addr]int // accepted and unproven; guarded by mu
	total  int                // their sum; guarded by mu
}

// standing is what one connection has proven.
type standing struct {
	addr     netip.Addr
	since    time.Time
	stranger bool // counted in byAddr
	theirs   int  // hellos of the other side under way
	unlinked int  // hellos of the other side, ever, begun without a link
	ours     int  // hellos of this side under way
	links    int
}

func newAdmission[K comparable]() *admission[K] {
	return &admission[K]{conns: make(map[K]*standing), byAddr: make(map[netip.Addr]int)}
}

// accept counts an accepted connection. It reports false when there are too many
// strangers: the caller closes it.
func (a *admission[K]) accept(k K, addr netip.Addr, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.total >= maxUnproven || a.byAddr[addr] >= maxUnprovenPerAddr {
		return false
	}
	a.conns[k] = &standing{addr: addr, since: now, stranger: true}
	a.byAddr[addr]++
	a.total++
	return true
}

// forget drops a connection that has ended.
func (a *admission[K]) forget(k K) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.conns[k]; s != nil {
		a.known(s)
		delete(a.conns, k)
	}
}

// beginHello reports whether the other side may start one more hello on a connection.
func (a *admission[K]) beginHello(k K) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.conns[k]
	if s == nil {
		return false
	}
	switch {
	case s.links > 0:
		if s.theirs >= maxHellosPerLinked {
			return false
		}
	case s.theirs > 0 || s.unlinked >= maxHellosUnlinked:
		return false
	default:
		s.unlinked++
	}
	s.theirs++
	return true
}

// beginOwnHello counts a hello of this side.
func (a *admission[K]) beginOwnHello(k K) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.conns[k]
	if s == nil {
		s = &standing{}
		a.conns[k] = s
	}
	s.ours++
}

// endHello ends a hello of this side or the other, with a link if it was proven. It
// reports whether the connection has no use left.
func (a *admission[K]) endHello(k K, ours, proven bool) (idle bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.conns[k]
	if s == nil {
		return true
	}
	if ours {
		s.ours--
	} else {
		s.theirs--
	}
	if proven {
		s.links++
		a.known(s)
	}
	return s.idle()
}

// endLink ends a link and reports whether the connection has no use left.
func (a *admission[K]) endLink(k K) (idle bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.conns[k]
	if s == nil {
		return true
	}
	s.links--
	return s.idle()
}

// overdue returns the accepted connections that have proven nothing for too long.
func (a *admission[K]) overdue(now time.Time) []K {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []K
	for k, s := range a.conns {
		if s.stranger && now.Sub(s.since) >= helloTime {
			out = append(out, k)
		}
	}
	return out
}

// isStranger reports whether a connection was accepted and has proven nothing yet.
func (a *admission[K]) isStranger(k K) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.conns[k]
	return s != nil && s.stranger
}

// counts reports whether a connection is one on which somebody proves something.
func (a *admission[K]) counts(k K) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.conns[k] != nil
}

func (s *standing) idle() bool { return s.ours == 0 && s.theirs == 0 && s.links == 0 }

// known takes a connection out of the count of strangers. The caller holds mu.
func (a *admission[K]) known(s *standing) {
	if !s.stranger {
		return
	}
	s.stranger = false
	a.total--
	if a.byAddr[s.addr]--; a.byAddr[s.addr] == 0 {
		delete(a.byAddr, s.addr)
	}
}
