package transport

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"sync"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/identity"
)

// parties holds whom to meet and the links to them. Its mutex is never held during a
// call to Inbound, so that one may call SetParties and Send from within.
type parties struct {
	mu    sync.Mutex
	order []identity.Party                   // latest use first; guarded by mu
	known map[identity.Handle]identity.Party // guarded by mu
	seats map[identity.Handle]*seat          // guarded by mu
	again chan struct{}                      // holds one token when all hosts are to be dialled again
	moved chan struct{}                      // holds one token when the parties have changed
	// filler are keys of nobody, random and never changed.
	filler [keyQuantum]identity.LinkKey
}

func newParties() *parties {
	p := &parties{
		known: make(map[identity.Handle]identity.Party),
		seats: make(map[identity.Handle]*seat),
		again: make(chan struct{}, 1),
		moved: make(chan struct{}, 1),
	}
	for i := range p.filler {
		rand.Read(p.filler[i][:])
	}
	return p
}

func hidden(p identity.Party) bool { return len(p.Dial) == 0 && len(p.Accept) == 0 }

// set replaces the parties. Links to those that are gone or hidden end, and direct ones to
// those that may not learn an address; a new Dial key of one without a link asks for all
// hosts to be dialled again.
func (p *parties) set(list []identity.Party) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := make(map[identity.Handle]identity.Party, len(list))
	order := make([]identity.Party, 0, len(list))
	fresh := false
	for _, party := range list {
		if hidden(party) {
			continue
		}
		party.Dial, party.Accept = slices.Clone(party.Dial), slices.Clone(party.Accept)
		known[party.Handle] = party
		order = append(order, party)
		if s := p.seats[party.Handle]; s == nil || len(s.links) == 0 {
			fresh = fresh || hasNew(party.Dial, p.known[party.Handle].Dial)
		}
	}
	p.known, p.order = known, order
	for h, s := range p.seats {
		party, ok := known[h]
		for _, l := range s.links {
			if !ok || party.Hide && l.path > pathRelay {
				l.end()
			}
		}
	}
	poke(p.moved)
	if fresh {
		poke(p.again)
	}
}

// poke puts a token into a channel that holds one, unless it is there.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func hasNew(keys, old []identity.LinkKey) bool {
	return slices.ContainsFunc(keys, func(k identity.LinkKey) bool {
		return !slices.ContainsFunc(old, func(o identity.LinkKey) bool { return subtle.ConstantTimeCompare(k[:], o[:]) == 1 })
	})
}

// dialKeys returns the keys to show to a host on the local network and whose they are:
// those of all parties that may learn an address and are not linked to that very host. A
// party linked to another one may have restarted.
func (p *parties) dialKeys(far peer.ID) (keys []identity.LinkKey, owners []identity.Handle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, party := range p.order {
		if party.Hide || p.linked(party.Handle, far) {
			continue
		}
		for _, k := range party.Dial {
			if len(keys) == identity.HelloTags {
				return keys, owners
			}
			keys, owners = append(keys, k), append(owners, party.Handle)
		}
	}
	return keys, owners
}

// claim is what a hello proves under one key: a link to a party, or a lane of a link.
type claim struct {
	owner identity.Handle
	key   identity.LinkKey
	lane  *link // nil: a link
}

// acceptKeys returns the keys to look for in a hello that comes from a host over a
// connection, and what each proves: first those of parties that are not linked to that
// host, then the others, whose link the host may have lost before this side noticed, then
// those of lanes of the links on this connection. Parties that may not learn an address
// are met over relays only. The keys are filled up with random ones to a multiple of
// keyQuantum; these prove nothing.
func (p *parties) acceptKeys(far peer.ID, conn any) (keys []identity.LinkKey, claims []claim) {
	c, ok := conn.(network.Conn)
	direct := !ok || !relayed(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, linked := range []bool{false, true} {
		for _, party := range p.order {
			if direct && party.Hide || p.linked(party.Handle, far) != linked {
				continue
			}
			for _, k := range party.Accept {
				keys, claims = append(keys, k), append(claims, claim{owner: party.Handle, key: k})
			}
		}
	}
	for _, s := range p.seats {
		for _, l := range s.links {
			if l.conn == conn {
				keys, claims = append(keys, laneKey(l.key)), append(claims, claim{owner: l.handle, lane: l})
			}
		}
	}
	return append(keys, p.filler[len(keys)%keyQuantum:]...), claims
}

// linked reports whether a party has a link to a host. The caller holds mu.
func (p *parties) linked(h identity.Handle, far peer.ID) bool {
	s := p.seats[h]
	return s != nil && slices.ContainsFunc(s.links, func(l *link) bool { return l.far == far })
}

// party returns a party that is to be met.
func (p *parties) party(h identity.Handle) (identity.Party, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	party, ok := p.known[h]
	return party, ok
}

// standing returns all parties, and which of them have a link.
func (p *parties) standing() (list []met) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, party := range p.order {
		s := p.seats[party.Handle]
		list = append(list, met{party, s != nil && len(s.links) > 0})
	}
	return list
}

// accepted returns the keys under which this side is to be found, those of the parties
// used last first.
func (p *parties) accepted() (keys []identity.LinkKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, party := range p.order {
		keys = append(keys, party.Accept...)
	}
	return keys
}

// met reports whether a party has a link that goes by a path.
func (p *parties) met(h identity.Handle, by path) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.seats[h]
	return s != nil && slices.ContainsFunc(s.links, func(l *link) bool { return l.path == by })
}

// link returns the link to send on: the oldest of those that go the best way, so that
// order is kept.
func (p *parties) link(h identity.Handle) (*link, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.seats[h]
	if s == nil || len(s.links) == 0 {
		return nil, false
	}
	return s.links[0], true
}
