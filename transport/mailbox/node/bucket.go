package node

import (
	"net/netip"
	"sync"
	"time"
)

// rate is an allowance: so many at once, and so many a second over time.
type rate struct {
	burst     float64
	perSecond float64
}

// bucket is what is left of a rate. It is a machine: its owner passes the time. The zero
// bucket is full.
type bucket struct {
	spent float64   // of the burst
	at    time.Time // when spent was last lowered
}

func (b *bucket) refill(now time.Time, r rate) {
	if gone := now.Sub(b.at).Seconds(); gone > 0 {
		b.spent = max(0, b.spent-gone*r.perSecond)
		b.at = now
	}
}

// allow takes n if they are there.
func (b *bucket) allow(now time.Time, r rate, n float64) bool {
	b.refill(now, r)
	if b.spent+n > r.burst {
		return false
	}
	b.spent += n
	return true
}

// charge takes n whether they are there or not, and returns how long to wait until they
// would be.
func (b *bucket) charge(now time.Time, r rate, n float64) time.Duration {
	b.refill(now, r)
	b.spent += n
	return max(0, time.Duration((b.spent-r.burst)/r.perSecond*float64(time.Second)))
}

// buckets are those of many keys, in bounded memory. When there is no room, one that is
// full again makes room, else any: what is lost then is that somebody is counted from
// the beginning.
type buckets[K comparable] struct {
	rate rate
	most int

	mu sync.Mutex
	of map[K]*bucket // guarded by mu
}

func newBuckets[K comparable](r rate, most int) *buckets[K] {
	return &buckets[K]{rate: r, most: most, of: make(map[K]*bucket)}
}

// allow takes n of a key's if they are there.
func (s *buckets[K]) allow(k K, now time.Time, n float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.get(k, now).allow(now, s.rate, n)
}

// charge takes n of a key's and returns how long to wait until they would be there.
func (s *buckets[K]) charge(k K, now time.Time, n float64) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.get(k, now).charge(now, s.rate, n)
}

// get returns a key's bucket. The caller holds mu.
func (s *buckets[K]) get(k K, now time.Time) *bucket {
	b := s.of[k]
	if b == nil {
		if len(s.of) >= s.most {
			s.makeRoom(now)
		}
		b = &bucket{at: now}
		s.of[k] = b
	}
	return b
}

// makeRoom drops a few entries that say nothing any more, or else one. It looks at no
// more than a handful, so that a flood of keys costs each of them the same.
func (s *buckets[K]) makeRoom(now time.Time) {
	looked, last := 0, *new(K)
	for k, b := range s.of {
		last = k
		if b.refill(now, s.rate); b.spent == 0 {
			delete(s.of, k)
		}
		if looked++; looked == bucketsLooked {
			break
		}
	}
	if len(s.of) >= s.most {
		delete(s.of, last)
	}
}

// whole is the part of an address that one customer has to themselves: all of an IPv4
// address, the first half of an IPv6 address.
func whole(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address: all such share one allowance
	}
	return p
}
