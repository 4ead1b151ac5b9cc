package app

import (
	"context"
	"fmt"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	handshake "tacit/identity/pairing"
)

// A pairing whose card names a node goes on there, too: each side leaves what it would
// write to the link in a slot of its own, once, and looks into the one where the next
// word of the other is to come. What came by both ways is dropped once.

// Slots of a card, by who writes them; M1 to M5 have their numbers.
const (
	slotFirstBox = 6 // of S
	slotGrantR   = 7
	slotGrantS   = 8
	slotNextBox  = 9 // of R
	lastSlot     = slotNextBox
)

// slots is a set of them.
type slots uint64

func (s slots) has(n byte) bool    { return s&(1<<n) != 0 }
func (s slots) with(n byte) slots  { return s | 1<<n }
func (p *pairing) settle(n byte)   { p.settled = p.settled.with(n) }
func (p *pairing) presenter() bool { return p.state.Presenter() }

// overNode reports whether the node of the card carries the pairing, too.
func (p *pairing) overNode() bool { return !p.over() && len(p.state.Card().Hint) > 0 }

// slotCell is a cell for a slot, or out of one.
type slotCell struct {
	slot byte
	cell []byte
	seq  uint64 // of a box: its number
}

// slotWork is what a pairing has to do at its node now.
type slotWork struct {
	at     identity.Hint
	card   identity.Card
	home   *identity.Home // R: where room for the slots is to be made; nil: nowhere now
	until  time.Time      // how long they are to stay
	writes []slotCell
	reads  []byte
}

// slotWork returns what is to be done at the node of a pairing.
func (w *work) slotWork(p *pairing) (slotWork, error) {
	card := p.state.Card()
	at, err := identity.ParseHint(card.Hint)
	if err != nil {
		return slotWork{}, fmt.Errorf("%w: hint of a card: %w", ErrDamaged, err)
	}
	todo := slotWork{at: at, card: card, reads: p.listens()}
	todo.until = p.deadline.Add(slotsLonger)
	if card.Shown {
		todo.until = p.deadline.Add(shownSlotsLonger)
	}
	c := w.m.chores[choreKey{kind: choreSlots, pairing: p.id}]
	if n := w.nodeByKey(at.Node); n != nil && p.presenter() && (c == nil || c.room.Before(todo.until)) {
		todo.home = &n.home
	}
	if n, cell := p.says(); n != 0 && !p.settled.has(n) {
		todo.writes = append(todo.writes, slotCell{slot: n, cell: cell})
	}
	boxes, err := w.boxesForSlots(p)
	todo.writes = append(todo.writes, boxes...)
	return todo, err
}

// says returns the message of the handshake that this side said last, and its slot.
func (p *pairing) says() (slot byte, cell []byte) {
	switch p.state.Phase() {
	case handshake.Searching:
		slot = 1
	case handshake.Answered:
		slot = 2
	case handshake.Replied:
		slot = 3
	case handshake.Confirming:
		slot = 4
	case handshake.Agreed:
		slot = 5
	}
	if cell = p.state.Last(); cell == nil {
		return 0, nil
	}
	return slot, cell
}

// listens returns the slots where the other side's next words are to come.
func (p *pairing) listens() []byte {
	switch p.state.Phase() {
	case handshake.Offered:
		return []byte{1}
	case handshake.Searching:
		return []byte{2}
	case handshake.Answered:
		return []byte{3}
	case handshake.Replied:
		return []byte{4}
	case handshake.Confirming:
		return []byte{5, slotFirstBox}
	}
	boxes := []byte{slotGrantR, slotNextBox}
	if p.presenter() {
		boxes = []byte{slotFirstBox, slotGrantS}
	}
	for _, n := range boxes {
		if !p.settled.has(n) {
			return []byte{n}
		}
	}
	return nil
}

// boxesForSlots returns the boxes of the ratchet that are to be left. R says nothing there
// before it has heard S, whose first box says which numbering is meant.
func (w *work) boxesForSlots(p *pairing) (cells []slotCell, err error) {
	if p.state.Phase() != handshake.Agreed {
		return nil, nil
	}
	free := []byte{slotFirstBox, slotGrantS}
	if p.presenter() {
		if !p.settled.has(slotFirstBox) {
			return nil, nil
		}
		free = []byte{slotGrantR, slotNextBox}
	}
	add := func(box []byte, seq uint64) error {
		cell, err := envelope.NewCell(envelope.RandomToken(), box)
		if err == nil && len(cell) == handshake.CellSize {
			cells = append(cells, slotCell{slot: free[0], cell: cell, seq: seq})
			free = free[1:]
		}
		return err
	}
	for len(free) > 0 && p.settled.has(free[0]) {
		free = free[1:]
	}
	if p.first != nil && len(free) > 0 && free[0] == slotFirstBox {
		err = add(p.first, 1)
	}
	if err != nil || p.contact == 0 || len(free) == 0 {
		return cells, err
	}
	rows, err := w.read.Outbox(p.contact, p.placed, len(free))
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	for _, r := range rows {
		if err := add(r.Box, r.Seq); err != nil {
			return nil, fmt.Errorf("cell: %w", err)
		}
	}
	return cells, nil
}

// meetOver does what is to be done at the node of a pairing's card.
func (m *Messenger) meetOver(id PairingID) func(context.Context) (time.Duration, error) {
	if p := m.state.pairings[id]; p == nil || !p.overNode() {
		return nil
	}
	return func(ctx context.Context) (time.Duration, error) {
		var todo slotWork
		err := m.doWhile(m.lifetime, reading, func(w *work) (err error) {
			todo = slotWork{}
			if p := w.pairing(id); p != nil && p.overNode() {
				todo, err = w.slotWork(p)
			}
			return err
		})
		if err != nil || len(todo.reads)+len(todo.writes) == 0 {
			return choreMax, err
		}
		got, err := m.visit(ctx, id, todo)
		if e := m.doWhile(m.lifetime, writing, func(w *work) error { return w.visited(id, got) }); e != nil {
			return 0, e
		}
		return lookAgain, err
	}
}

// visit is what came of a look at the node of a pairing.
type visit struct {
	written []slotCell
	read    []slotCell
	used    bool // somebody else has answered the card
	away    bool // the node does not serve
}

// visit makes room for the slots, writes and reads them. What was done before an error
// comes with it.
func (m *Messenger) visit(ctx context.Context, id PairingID, todo slotWork) (got visit, err error) {
	defer func() { got.away = err != nil && ctx.Err() == nil }()
	if todo.home != nil {
		if err := m.makeRoom(ctx, id, todo); err != nil {
			return got, err
		}
	}
	for _, c := range todo.writes {
		verdict, err := m.nodes.WriteSlot(ctx, todo.at, todo.card.Slot(int(c.slot)), c.cell)
		if err != nil {
			return got, err
		}
		switch verdict {
		case identity.DepositKept:
			got.written = append(got.written, c)
		case identity.DepositRefused: // there is no such slot yet, or something else in it
			there, err := m.nodes.ReadSlot(ctx, todo.at, todo.card.Slot(int(c.slot)))
			if err != nil {
				return got, err
			}
			if there != nil {
				got.written = append(got.written, c)
				got.used = got.used || c.slot == 1
			}
		}
	}
	for _, n := range todo.reads {
		cell, err := m.nodes.ReadSlot(ctx, todo.at, todo.card.Slot(int(n)))
		if err != nil {
			return got, err
		}
		if len(cell) == handshake.CellSize {
			got.read = append(got.read, slotCell{slot: n, cell: cell})
		}
	}
	return got, nil
}

// makeRoom registers the slots of an own card.
func (m *Messenger) makeRoom(ctx context.Context, id PairingID, todo slotWork) error {
	names := make([][16]byte, lastSlot)
	for i := range names {
		names[i] = todo.card.Slot(i + 1)
	}
	if err := m.nodes.Register(ctx, *todo.home, names, todo.until); err != nil {
		return err
	}
	return m.doWhile(m.lifetime, inMemory, func(w *work) error {
		w.later(func() {
			if c := m.chores[choreKey{kind: choreSlots, pairing: id}]; c != nil {
				c.room = todo.until
			}
		})
		return nil
	})
}

// visited takes over what came of a visit.
func (w *work) visited(id PairingID, got visit) error {
	p := w.pairing(id)
	if p == nil || p.over() || p.away == got.away && len(got.written)+len(got.read) == 0 {
		return nil
	}
	p = w.editPairing(id)
	p.away = got.away
	for _, c := range got.written {
		p.settle(c.slot)
		p.placed = max(p.placed, c.seq)
	}
	if got.used && p.state.Phase() == handshake.Searching {
		return w.fail(p, ErrCardUsed)
	}
	for _, c := range got.read {
		if err := w.readSlot(p, c); err != nil || p.failure != nil {
			return err
		}
	}
	return nil
}

// readSlot takes a cell that waited in a slot. Nothing else will ever stand there.
func (w *work) readSlot(p *pairing, c slotCell) error {
	if c.slot == 3 { // whoever has the card may have put another M1 there, to have the one begun given up
		if _, next, err := p.state.Receive(w.m.state.id, c.cell, w.now); err == nil && next.Phase() == handshake.Answered {
			return nil
		}
	}
	taken, err := w.handshake(p, c.cell)
	if err == nil && !taken {
		err = w.boxOfPairing(p, c.cell)
	}
	if err != nil || c.slot < slotFirstBox || p.failure != nil || p.state.Phase() != handshake.Agreed {
		return err
	}
	p.settle(c.slot)
	w.hurrySlots(p.id)
	if c.slot == slotFirstBox || p.contact == 0 {
		return nil
	}
	// A link would have acknowledged it. Here a box has to: there may be no other way.
	return w.sayNothing(w.editPeer(p.contact))
}

// hurrySlots has a pairing's next words left at the node at once, and the answers looked for.
func (w *work) hurrySlots(id PairingID) {
	w.later(func() { w.m.hurry(choreKey{kind: choreSlots, pairing: id}) })
}

// hurrySlotsOf does so for a contact's pairings.
func (m *Messenger) hurrySlotsOf(c ContactID) {
	for id, p := range m.state.pairings {
		if p.contact == c && p.overNode() {
			m.hurry(choreKey{kind: choreSlots, pairing: id})
		}
	}
}

// owesSlot reports whether R has yet to leave the box by which S, whom no link tells,
// learns that its grant arrived.
func (m *Messenger) owesSlot(p *pairing, peer *peer) bool {
	return p.overNode() && p.presenter() && p.settled.has(slotGrantS) && !p.settled.has(slotNextBox) && peer.sealed > 0
}
