package app

import (
	"context"
	"sync"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// route is how a contact is reached now, and how well that goes. The loop owns it.
type route struct {
	sender *sender // nil while away

	progress time.Duration // when the link last showed that boxes arrive, or they were handed over
	pace     time.Duration // how long to wait for receipts before handing over again
	handed   int           // times that the same oldest box was handed over
	since    time.Duration // the first of these times
}

// outgoing passes a committed box on, where its contact is reachable.
func (m *Messenger) outgoing(r OutboxRecord) {
	if rt := m.routes[r.Contact]; rt != nil && rt.sender != nil {
		if rt.sender.push(r) {
			rt.handedOver(m.clock.Elapsed())
		}
	}
}

// handedOver starts the clock of a box that is the first under way.
func (rt *route) handedOver(now time.Duration) {
	if rt.handed == 0 {
		rt.handed, rt.since, rt.progress, rt.pace = 1, now, now, resendFirst
	}
}

// progressed notes a receipt.
func (m *Messenger) progressed(c ContactID) {
	rt, p := m.routes[c], m.state.peers[c]
	if rt == nil || p == nil {
		return
	}
	rt.handed = 0
	if p.sealed > 0 {
		rt.handedOver(m.clock.Elapsed())
	}
}

// hasten shortens the wait for receipts: the peer has just shown that it reads us.
func (m *Messenger) hasten(c ContactID) {
	if rt := m.routes[c]; rt != nil {
		rt.pace = min(rt.pace, resendSoon)
	}
}

// rewind has everything in the outbox handed over again, from the first box.
func (m *Messenger) rewind(c ContactID) {
	if rt := m.routes[c]; rt != nil && rt.sender != nil {
		rt.sender.rewind()
	}
}

// reroute settles over which link a contact is written to, and tells when its reach changed.
func (m *Messenger) reroute(c ContactID) {
	h, ok := m.bestLink(c)
	if !ok {
		m.endRoute(c)
		return
	}
	rt := m.routes[c]
	if rt == nil {
		rt = &route{}
		m.routes[c] = rt
	}
	before := rt.sender
	if before != nil && before.handle == h {
		return
	}
	if before != nil {
		before.cancel()
	}
	rt.sender = m.startSender(c, h, before)
	if m.state.peers[c].sealed > 0 {
		now := m.clock.Elapsed()
		rt.handedOver(now)
		rt.progress = now
	}
	if before == nil {
		m.subs.broadcast(PresenceChanged{c, ReachLAN})
	}
}

// bestLink prefers the contact's own link to that of the card by which it was met.
func (m *Messenger) bestLink(c ContactID) (identity.Handle, bool) {
	p := m.state.peers[c]
	if p == nil || p.rec.Blocked {
		return identity.Handle{}, false
	}
	if m.links[p.handle()] != nil {
		return p.handle(), true
	}
	for _, pr := range m.state.pairings {
		if pr.contact == c && m.links[pr.handle] != nil {
			return pr.handle, true
		}
	}
	return identity.Handle{}, false
}

func (m *Messenger) endRoute(c ContactID) {
	rt := m.routes[c]
	if rt == nil || rt.sender == nil {
		return
	}
	rt.sender.cancel()
	rt.sender = nil
	if m.state.peers[c] == nil {
		delete(m.routes, c)
		return
	}
	m.subs.broadcast(PresenceChanged{c, ReachNo})
}

func (m *Messenger) reach(c ContactID) Reach {
	if rt := m.routes[c]; rt != nil && rt.sender != nil {
		return ReachLAN
	}
	return ReachNo
}

// sender is the goroutine that writes one contact's boxes to its link, in order.
// It begins with the outbox and then takes what the loop pushes; where it falls
// behind, it goes back to the outbox. A slow link thus delays nobody else.
type sender struct {
	m       *Messenger
	contact ContactID
	handle  identity.Handle
	cancel  context.CancelFunc
	done    chan struct{}
	wake    chan struct{}

	mu     sync.Mutex
	queue  []OutboxRecord // guarded by mu
	behind bool           // guarded by mu; the queue misses what the outbox holds after last
	last   uint64         // guarded by mu; highest number handed over
	turn   int            // guarded by mu; counts rewinds
	idle   bool           // guarded by mu; everything was handed over
}

func (m *Messenger) startSender(c ContactID, h identity.Handle, before *sender) *sender {
	ctx, cancel := context.WithCancel(m.lifetime)
	s := &sender{
		m: m, contact: c, handle: h, cancel: cancel, behind: true,
		done: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	m.senders.Go(func() {
		defer close(s.done)
		defer cancel()
		if before != nil {
			<-before.done
		}
		s.run(ctx)
	})
	return s
}

// push queues a box; it reports whether it goes out as soon as the link takes it.
func (s *sender) push(r OutboxRecord) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = false
	if !s.behind {
		s.queue = append(s.queue, r)
		if len(s.queue) > senderQueue {
			s.queue, s.behind = nil, true
		}
	}
	nudge(s.wake)
	return true
}

func (s *sender) rewind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue, s.behind, s.last, s.idle = nil, true, 0, false
	s.turn++
	nudge(s.wake)
}

// rests reports whether everything was handed over.
func (s *sender) rests() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.idle
}

func (s *sender) run(ctx context.Context) {
	for {
		rows, err := s.next(ctx)
		if err == nil && len(rows) > 0 {
			err = s.send(ctx, rows)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.m.log.Debug("boxes not sent", "err", err) // the link breaks, or the next rewind tries again
			s.setIdle()
		} else if len(rows) > 0 {
			continue
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}

func (s *sender) setIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = true
}

// next returns the boxes to send now, or none when everything was handed over.
func (s *sender) next(ctx context.Context) ([]OutboxRecord, error) {
	s.mu.Lock()
	if !s.behind {
		defer s.mu.Unlock()
		return s.take(), nil
	}
	s.behind = false // what is pushed from now on is queued
	turn, after := s.turn, s.last
	s.mu.Unlock()

	var rows []OutboxRecord
	err := s.m.store.View(ctx, func(tx ReadTx) (err error) {
		rows, err = tx.Outbox(s.contact, after, senderBatch)
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.behind = true
		return nil, err
	}
	if s.turn != turn {
		s.behind = true
		nudge(s.wake)
		return nil, nil
	}
	if len(rows) == 0 {
		return s.take(), nil
	}
	s.last = rows[len(rows)-1].Seq
	if len(rows) == senderBatch {
		s.behind, s.queue = true, nil
	}
	return rows, nil
}

// take returns what is queued and was not handed over. The caller holds mu.
func (s *sender) take() []OutboxRecord {
	for len(s.queue) > 0 && s.queue[0].Seq <= s.last {
		s.queue = s.queue[1:]
	}
	n := min(len(s.queue), senderBatch)
	if n == 0 {
		s.idle = true
		return nil
	}
	rows := s.queue[:n:n]
	s.queue = s.queue[n:]
	s.last = rows[n-1].Seq
	return rows
}

func (s *sender) send(ctx context.Context, rows []OutboxRecord) error {
	cells := make([][]byte, 0, len(rows))
	for _, r := range rows {
		cell, err := envelope.NewCell(envelope.RandomToken(), r.Box)
		if err != nil {
			return err
		}
		cells = append(cells, cell)
	}
	return s.m.transport.Send(ctx, s.handle, cells...)
}

// pipe writes the few cells of a pairing to its link; what it cannot take is
// sent again later anyhow.
type pipe struct {
	cells  chan []byte
	cancel context.CancelFunc
}

func (m *Messenger) startPipe(h identity.Handle) *pipe {
	ctx, cancel := context.WithCancel(m.lifetime)
	p := &pipe{cells: make(chan []byte, 8), cancel: cancel}
	m.senders.Go(func() {
		defer cancel()
		for {
			select {
			case cell := <-p.cells:
				if err := m.transport.Send(ctx, h, cell); err != nil && ctx.Err() == nil {
					m.log.Debug("pairing cell not sent", "err", err)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return p
}

func (p *pipe) push(cell []byte) {
	select {
	case p.cells <- cell:
	default:
	}
}
