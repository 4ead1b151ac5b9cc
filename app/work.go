package app

import (
	"maps"
	"time"

	"tacit/identity"
)

// state is what the loop keeps in memory; it equals what the store holds, and
// changes only after a commit.
type state struct {
	profile ProfileRecord

	preferences Preferences

	id       *identity.Identity
	peers    map[ContactID]*peer
	pairings map[PairingID]*pairing
	nodes    map[NodeID]*node
}

// work is a batch under way. What its operations change lies in layers over the
// messenger's state: one of the operation that runs, one of those before it.
type work struct {
	m    *Messenger
	now  time.Time
	mono time.Duration
	tx   Tx     // nil in a batch that writes nothing
	read ReadTx // nil in a batch that needs no store

	batch, op layer
}

// layer holds changed copies; a nil entry was removed.
type layer struct {
	name *string

	preferences *Preferences

	peers    map[ContactID]*peer
	pairings map[PairingID]*pairing
	nodes    map[NodeID]*node
	events   []Event
	after    []func()
	meet     bool // the set of parties changed
	homes    bool // what may be opened beyond the local network changed, or where
}

func newLayer() layer {
	return layer{peers: map[ContactID]*peer{}, pairings: map[PairingID]*pairing{}, nodes: map[NodeID]*node{}}
}

func newWork(m *Messenger) *work {
	return &work{m: m, now: m.clock.Now(), mono: m.clock.Elapsed(), batch: newLayer(), op: newLayer()}
}

// keep adds what the operation changed to the batch.
func (w *work) keep() {
	if w.op.name != nil {
		w.batch.name = w.op.name
	}
	if w.op.preferences != nil {
		w.batch.preferences = w.op.preferences
	}
	maps.Copy(w.batch.peers, w.op.peers)
	maps.Copy(w.batch.pairings, w.op.pairings)
	maps.Copy(w.batch.nodes, w.op.nodes)
	w.batch.events = append(w.batch.events, w.op.events...)
	w.batch.after = append(w.batch.after, w.op.after...)
	w.batch.meet = w.batch.meet || w.op.meet
	w.batch.homes = w.batch.homes || w.op.homes
	w.op = newLayer()
}

// drop forgets what the operation changed.
func (w *work) drop() { w.op = newLayer() }

// emit tells e to subscribers after the commit.
func (w *work) emit(e Event) { w.op.events = append(w.op.events, e) }

// later runs f in the loop after the commit.
func (w *work) later(f func()) { w.op.after = append(w.op.after, f) }

// meet has the transport told after the commit whom to meet.
func (w *work) meet() { w.op.meet = true }

// name returns the own name.
func (w *work) name() string {
	for _, l := range []*layer{&w.op, &w.batch} {
		if l.name != nil {
			return *l.name
		}
	}
	return w.m.state.profile.Name
}

// peer returns a contact to read, or nil.
func (w *work) peer(c ContactID) *peer {
	if p, ok := w.op.peers[c]; ok {
		return p
	}
	if p, ok := w.batch.peers[c]; ok {
		return p
	}
	return w.m.state.peers[c]
}

// editPeer returns a contact to change, or nil.
func (w *work) editPeer(c ContactID) *peer {
	if p, ok := w.op.peers[c]; ok {
		return p
	}
	p := w.peer(c)
	if p == nil {
		return nil
	}
	next := *p
	w.op.peers[c] = &next
	return &next
}

// peers returns all contacts to read.
func (w *work) peers() map[ContactID]*peer {
	return merged(w.m.state.peers, w.batch.peers, w.op.peers)
}

// pairing returns a pairing to read, or nil.
func (w *work) pairing(id PairingID) *pairing {
	if p, ok := w.op.pairings[id]; ok {
		return p
	}
	if p, ok := w.batch.pairings[id]; ok {
		return p
	}
	return w.m.state.pairings[id]
}

// editPairing returns a pairing to change, or nil.
func (w *work) editPairing(id PairingID) *pairing {
	if p, ok := w.op.pairings[id]; ok {
		return p
	}
	p := w.pairing(id)
	if p == nil {
		return nil
	}
	next := *p
	w.op.pairings[id] = &next
	return &next
}

// pairings returns all pairings to read.
func (w *work) pairings() map[PairingID]*pairing {
	return merged(w.m.state.pairings, w.batch.pairings, w.op.pairings)
}

func merged[K comparable, V any](layers ...map[K]*V) map[K]*V {
	all := map[K]*V{}
	for _, l := range layers {
		maps.Copy(all, l)
	}
	maps.DeleteFunc(all, func(_ K, v *V) bool { return v == nil })
	return all
}

// flush writes the changed contacts and pairings once for the whole batch.
func (w *work) flush() error {
	for _, p := range w.batch.peers {
		if p == nil {
			continue
		}
		if err := p.save(w.tx); err != nil {
			return err
		}
	}
	for id, p := range w.batch.pairings {
		if err := w.savePairing(id, p); err != nil {
			return err
		}
	}
	return w.saveNodes()
}

// commit takes over what became durable and does what follows from it.
func (m *Messenger) commit(w *work) {
	s := &m.state
	if w.batch.name != nil {
		s.profile.Name = *w.batch.name
	}
	if w.batch.preferences != nil {
		s.preferences = *w.batch.preferences
	}
	for c, p := range w.batch.peers {
		if p == nil {
			delete(s.peers, c)
			delete(m.resets, c)
			m.endRoute(c)
			delete(m.presences, c)
			m.forgetMail(c)
			m.files.forget(c)
			continue
		}
		p.dirty = dirty{}
		s.peers[c] = p
	}
	m.commitNodes(w)
	changed := m.commitPairings(w)
	// Told before what follows: a contact is added before it is said to be reachable.
	for _, e := range w.batch.events {
		m.subs.broadcast(e)
	}
	for _, f := range w.batch.after {
		f()
	}
	if w.batch.homes {
		m.homesMoved()
	}
	if w.batch.meet {
		m.introduce()
	}
	for _, p := range changed {
		m.subs.broadcast(PairingChanged{p})
		m.nearbyMoved(p)
	}
}
