package app

import (
	"context"

	"tacit/identity"
)

// inbound is what the transport calls. Each call becomes an operation of the
// loop; the order of the calls for one handle is kept.
type inbound struct{ m *Messenger }

func (in inbound) Reached(h identity.Handle) {
	in.m.do(context.Background(), inMemory, func(w *work) error {
		w.later(func() { in.m.reached(h) })
		return nil
	})
}

func (in inbound) Lost(h identity.Handle) {
	in.m.do(context.Background(), inMemory, func(w *work) error {
		w.later(func() { in.m.lost(h) })
		return nil
	})
}

func (in inbound) Received(h identity.Handle, cells [][]byte) (acks [][16]byte) {
	err := in.m.do(context.Background(), writing, func(w *work) (err error) {
		if c, ok := contactOf(h); ok {
			acks, err = w.receive(c, cells, origin{own: true, path: in.m.linkPath(h)})
		} else {
			err = w.receivePairing(h, cells)
		}
		return err
	})
	if err != nil {
		in.m.failed(err)
		return nil
	}
	return acks
}

// Acknowledged believes receipts on a contact's own link only: on that of a card there
// may be whoever else read it. What came over a card's link is sent again over the
// contact's, or acknowledged inside the ratchet.
func (in inbound) Acknowledged(h identity.Handle, acks [][16]byte) {
	c, ok := contactOf(h)
	if !ok {
		return
	}
	err := in.m.do(context.Background(), writing, func(w *work) error { return w.delivered(c, acks, in.m.linkPath(h)) })
	if err != nil {
		in.m.failed(err)
	}
}

// failed tells that something could not be stored.
func (m *Messenger) failed(err error) {
	m.log.Error("store", "err", err)
	m.do(context.Background(), inMemory, func(w *work) error {
		w.emit(StorageFailed{err})
		return nil
	})
}

// reached notes a proven link.
func (m *Messenger) reached(h identity.Handle) {
	if m.links[h] != nil {
		return
	}
	if c, ok := contactOf(h); ok {
		if m.state.peers[c] == nil {
			return
		}
		m.links[h] = m.startPipe(h)
		m.reroute(c)
		m.catchUp(c)
		m.repeatReset(c)
		m.files.linked(c, h)
		return
	}
	p := m.pairingByHandle(h)
	if p == nil {
		return
	}
	m.links[h] = m.startPipe(h)
	if p.contact != 0 {
		m.reroute(p.contact)
		m.catchUp(p.contact)
	}
	m.repeat(p)
}

// catchUp seals what could not be sealed when it came up.
func (m *Messenger) catchUp(c ContactID) {
	p := m.state.peers[c]
	if p == nil || !p.backlog && !p.unsaid && !p.line.grantDue && !p.line.sealAnew {
		return
	}
	m.todo = append(m.todo, func(w *work) error {
		if p := w.editPeer(c); p != nil {
			return w.fill(p)
		}
		return nil
	})
}

// lost notes the end of a link.
func (m *Messenger) lost(h identity.Handle) {
	if m.links[h] == nil {
		return
	}
	m.links[h].cancel()
	delete(m.links, h)
	if c, ok := contactOf(h); ok {
		m.reroute(c)
		m.files.unlinked(c)
	} else if p := m.pairingByHandle(h); p != nil && p.contact != 0 {
		m.reroute(p.contact)
	}
}
