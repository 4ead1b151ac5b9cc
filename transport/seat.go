package transport

import (
	"cmp"
	"slices"
	"sync"

	"tacit/identity"
)

// Inbound is what a transport calls. Calls for one handle do not overlap, but for
// FileCells; calls for different handles may.
type Inbound = interface {
	// Reached is called when a link to the party is proven and none was before.
	Reached(identity.Handle)
	// Lost is called when a link to the party has ended or went silent. If another one
	// goes on, Reached follows at once: cells may have been lost all the same.
	Lost(identity.Handle)
	// Received hands over cells, oldest first, and returns the digests to acknowledge.
	Received(h identity.Handle, cells [][]byte) (acks [][16]byte)
	// Acknowledged hands over the digests that the party acknowledged.
	Acknowledged(h identity.Handle, acks [][16]byte)
	// FileCells hands over file cells in the order of their arrival. They are overwritten
	// after the return. Calls for one handle do not overlap one another, but may run beside
	// all others for it, also a little after Lost. It may block: messages do not wait.
	FileCells(h identity.Handle, cells [][]byte)
}

// seat is the place of one party while it has links. Normally it has one, or one in
// each direction when both sides dialled at the same moment.
type seat struct {
	calls   sync.Mutex // held during calls to Inbound for this party, but for FileCells
	files   sync.Mutex // held during calls of FileCells for this party
	reached bool       // what Inbound was last told; guarded by calls
	users   int        // links being served; guarded by parties.mu
	links   []*link    // the best path first, and of one path the oldest; guarded by parties.mu
}

// serve carries frames over a proven link until it ends.
func (p *parties) serve(in Inbound, l *link) {
	defer l.end()
	s := p.enter(l.handle)
	defer p.exit(l.handle, s)
	if !p.join(in, s, l) {
		return
	}
	var running sync.WaitGroup
	running.Go(l.read)
	running.Go(l.write)
	running.Go(l.writeFiles)
	for {
		cells, acks, ok := l.next()
		if !ok {
			break
		}
		p.deliver(in, s, l, cells, acks)
	}
	running.Wait()
	p.leave(in, s, l)
}

// enter returns the party's seat, which stays the same one until its last user exits.
func (p *parties) enter(h identity.Handle) *seat {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.seats[h]
	if s == nil {
		s = &seat{}
		p.seats[h] = s
	}
	s.users++
	return s
}

func (p *parties) exit(h identity.Handle, s *seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.users--; s.users == 0 {
		delete(p.seats, h)
	}
}

// join adds a link, unless the party is gone by now. Links that it replaces end.
func (p *parties) join(in Inbound, s *seat, l *link) bool {
	s.calls.Lock()
	defer s.calls.Unlock()
	p.mu.Lock()
	if party, ok := p.known[l.handle]; !ok || party.Hide && l.path > pathRelay {
		p.mu.Unlock()
		return false
	}
	var replaced, kept []*link
	for _, old := range s.links {
		if l.replaces(old) {
			replaced = append(replaced, old)
		} else {
			kept = append(kept, old)
		}
	}
	s.links = append(kept, l)
	slices.SortStableFunc(s.links, func(a, b *link) int { return cmp.Compare(b.path, a.path) })
	p.mu.Unlock()
	for _, old := range replaced {
		old.end()
	}
	if len(replaced) > 0 {
		s.tell(in, l.handle, false)
	}
	s.tell(in, l.handle, true)
	poke(p.moved)
	return true
}

// replaces reports whether a new link takes the place of an old one: one that goes a worse
// way; one to another host of the same kind, where the party was before it restarted; and
// one of the same direction, which the party has lost without this side's noticing. An old
// link that goes a better way stays beside the new one until it ends.
func (l *link) replaces(old *link) bool {
	switch {
	case (l.path == pathLAN) != (old.path == pathLAN):
		return l.path == pathLAN
	case l.far != old.far:
		return true
	case l.path != old.path:
		return l.path > old.path
	}
	return l.dialled == old.dialled
}

// leave removes a link that has ended and those that ran on the same connection.
func (p *parties) leave(in Inbound, s *seat, l *link) {
	s.calls.Lock()
	defer s.calls.Unlock()
	p.mu.Lock()
	was := slices.Contains(s.links, l)
	if was {
		s.links = slices.DeleteFunc(s.links, func(o *link) bool {
			if o.conn == l.conn {
				o.end()
			}
			return o.conn == l.conn
		})
	}
	left := len(s.links)
	p.mu.Unlock()
	if !was {
		return
	}
	s.tell(in, l.handle, false)
	if left > 0 {
		s.tell(in, l.handle, true)
	}
	poke(p.moved)
}

// tell reports a change of the party's state. The caller holds calls.
func (s *seat) tell(in Inbound, h identity.Handle, reached bool) {
	if s.reached == reached {
		return
	}
	s.reached = reached
	if reached {
		in.Reached(h)
	} else {
		in.Lost(h)
	}
}

// current reports whether what a link brings is still taken.
func (p *parties) current(s *seat, l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.known[l.handle]
	return known && slices.Contains(s.links, l)
}

// deliver hands over what a link brought, unless the link was replaced or removed.
func (p *parties) deliver(in Inbound, s *seat, l *link, cells [][]byte, acks [][ackSize]byte) {
	s.calls.Lock()
	current := p.current(s, l)
	var receipts [][ackSize]byte
	if current && len(acks) > 0 {
		in.Acknowledged(l.handle, acks)
	}
	if current && len(cells) > 0 {
		receipts = in.Received(l.handle, cells)
	}
	s.calls.Unlock()
	l.acknowledge(receipts)
}
