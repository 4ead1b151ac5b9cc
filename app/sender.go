package app

import (
	"context"
	"sync"

	"tacit/identity"
	"tacit/identity/envelope"
)

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

// push queues a box that was just committed.
func (s *sender) push(r OutboxRecord) {
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
	path   Path // how the link goes; the loop's
	cells  chan []byte
	cancel context.CancelFunc
}

func (m *Messenger) startPipe(h identity.Handle) *pipe {
	ctx, cancel := context.WithCancel(m.lifetime)
	p := &pipe{path: Path(m.transport.Path(h)), cells: make(chan []byte, 8), cancel: cancel}
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
