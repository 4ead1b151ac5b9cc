package app

import (
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	handshake "tacit/identity/pairing"
	"tacit/identity/session"
)

// receivePairing takes cells that came over a card's link: messages of the
// handshake, and boxes of the ratchet that it gave. Nothing is acknowledged there.
func (w *work) receivePairing(h identity.Handle, cells [][]byte) error {
	p := w.pairingByHandle(h)
	if p == nil || p.failure != nil {
		return nil
	}
	for _, cell := range cells {
		if p.failure != nil {
			break
		}
		taken, err := w.handshake(p, cell)
		if err == nil && !taken {
			err = w.boxOfPairing(p, cell)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// handshake tries a cell as a message of the handshake.
func (w *work) handshake(p *pairing, cell []byte) (taken bool, err error) {
	if len(cell) != handshake.CellSize {
		return false, nil
	}
	before := p.state.Phase()
	result, next, err := p.state.Receive(w.m.state.id, cell, w.now)
	if err != nil && next.Phase() != handshake.Failed {
		return false, nil
	}
	if err != nil {
		p.state = next
		return true, w.fail(p, pairingError(err))
	}
	if result.Changed {
		p.state = next
		if err := w.stepped(p, before); err != nil {
			return true, err
		}
	}
	if reply := result.Reply; reply != nil {
		h := p.handle
		w.later(func() { w.m.sendCell(h, reply) })
	}
	return true, nil
}

// stepped follows the handshake to its next phase.
func (w *work) stepped(p *pairing, before handshake.Phase) error {
	if p.state.Presenter() {
		if err := w.setCard(p, p.state.Phase() == handshake.Agreed); err != nil {
			return err
		}
	}
	id := p.id
	w.later(func() { delete(w.m.timers, id) })
	w.hurrySlots(id)
	if before == p.state.Phase() {
		return nil
	}
	if before == handshake.Offered || before == handshake.Searching {
		span := time.Duration(codesFor)
		if p.link() {
			span = linkCodesFor
		}
		if p.link() && p.overNode() {
			span = identity.MaxLinkTTL
		}
		p.expires(w, w.now.Add(span), span)
	}
	if p.state.Phase() == handshake.Agreed && before != handshake.Agreed {
		return w.agreed(p)
	}
	return nil
}

// agreed begins the ratchet. Somebody already known is authenticated by the keys
// alone and gets it in place of the old one.
func (w *work) agreed(p *pairing) error {
	secrets, ok := p.state.Secrets()
	if !ok {
		return fmt.Errorf("pairing: agreed without secrets")
	}
	p.state = p.state.Begun()
	if known := w.byFingerprint(secrets.Peer.Fingerprint()); known != nil {
		return w.meetAgain(p, w.editPeer(known.rec.ID), secrets)
	}
	l, err := newLine(secrets, w.streamFor(p), w.now)
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	p.line = &l
	if !secrets.Sender {
		return nil
	}
	// The presenter cannot seal anything before it has heard the ratchet.
	l.next++
	if p.first, err = l.seal(kindEmpty, nil, l.next-1, w.now); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	first, h := p.first, p.handle
	w.later(func() { w.m.sendBox(h, first) })
	if p.state.Scanned() {
		return w.authenticate(p, Verified, MetByCamera)
	}
	return nil
}

// streamFor returns how to number what is said to the other side of p.
func (w *work) streamFor(p *pairing) uint64 {
	for _, q := range w.sameMeeting(p) {
		if q.line != nil {
			return q.line.stream
		}
	}
	return newStream()
}

// meetAgain gives a contact the ratchet of a new pairing. The contact may have
// lost the old one, but whoever sends first in the new one has to: so S says
// there, once more, everything that is under way. R learns from a new stream.
func (w *work) meetAgain(p *pairing, known *peer, secrets handshake.Secrets) error {
	fresh, err := session.New(secrets, w.now)
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	old := known.line.session
	known.line.refused, known.line.grantDue = false, true
	if secrets.Sender {
		known.line.session, known.line.sealAnew = fresh, true
		if err := w.fill(known); err != nil {
			return err
		}
		fresh = known.line.session
	}
	known.line.session = old.Merge(fresh, w.now)
	known.lineMoved()
	w.followSecret(known)
	w.tryEarlyAgain(known)
	p.contact = known.rec.ID
	// The keys alone tell this side who it is. The codes are typed all the same: the
	// other side may have to, and each can only do so while the other shows its own.
	if p.state.Scanned() {
		w.raise(known, Verified, MetByCamera)
		p.checked = true
	}
	w.contactOfPairing(p)
	return w.fill(known)
}

// boxOfPairing tries a cell as a box of the ratchet.
func (w *work) boxOfPairing(p *pairing, cell []byte) error {
	if p.contact != 0 {
		_, err := w.receive(p.contact, [][]byte{cell}, origin{path: w.m.linkPath(p.handle)})
		return err
	}
	_, box, err := envelope.Split(cell)
	if err != nil {
		return nil
	}
	if p.state.Phase() == handshake.Confirming {
		return w.firstBox(p, cell, box)
	}
	d := session.Digest(box)
	for _, q := range w.sameMeeting(p) {
		if q.line == nil {
			continue
		}
		if slices.Contains(q.opened, d) || w.openOnPairing(w.editPairing(q.id), d, box) {
			return nil
		}
	}
	return nil
}

// sameMeeting returns p and other pairings with the same person: when two opened
// each other's cards, a box may come over either link.
func (w *work) sameMeeting(p *pairing) []*pairing {
	same := []*pairing{p}
	b, _, ok := p.state.Peer()
	for id, q := range w.pairings() {
		if qb, _, qok := q.state.Peer(); ok && qok && id != p.id && qb == b {
			same = append(same, q)
		}
	}
	return same
}

// openOnPairing takes a box from somebody who is not authenticated yet: nothing
// but a grant, and what says nothing.
func (w *work) openOnPairing(p *pairing, d Digest, box []byte) bool {
	l := *p.line
	c, a, err := l.open(box, w.now)
	if err != nil || a == isEarly || len(p.opened) == maxOpened || c.Kind != kindGrant && c.Kind != kindEmpty {
		return false
	}
	if a == isNew && c.Kind == kindGrant {
		if g, err := envelope.UnmarshalGrant(c.Body); err == nil {
			l.grants = l.grants.Accept(g)
		}
	}
	if l.acknowledges(c) > 0 {
		p.first = nil
	}
	p.line, p.opened = &l, append(slices.Clip(p.opened), d)
	return true
}

// firstBox tries a box in place of M5: opening it proves what M5 proves.
func (w *work) firstBox(p *pairing, cell, box []byte) error {
	secrets, ok := p.state.Secrets()
	if !ok {
		return nil
	}
	trial, err := newLine(secrets, 0, w.now)
	if err != nil {
		return nil
	}
	if _, _, err := trial.open(box, w.now); err != nil {
		return nil
	}
	p.state = p.state.Confirm()
	if err := w.stepped(p, handshake.Confirming); err != nil {
		return err
	}
	return w.boxOfPairing(p, cell)
}
