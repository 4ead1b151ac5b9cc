package app

import (
	"crypto/subtle"
	"errors"

	"tacit/identity/envelope"
	"tacit/identity/session"
)

// tokens finds by its token which contact a cell at an own node is from. The loop owns it.
// It follows the grants when it is asked: nothing has to be told to it.
type tokens struct {
	index session.Index[ContactID]
	known map[ContactID][]envelope.Grant // whose tokens are in index
}

// writer returns who a cell at an own node is from: whose grant its token is of, and where
// that one's keys do not know the box whose do. A profile that was put back to a copy lacks
// grants that it gave out since, or gives one out for the second time; whoever holds such
// a one would be heard no more. They get another.
func (w *work) writer(t envelope.Token, box []byte) (c ContactID, ok bool) {
	c, i, ok := w.m.mail.tokens.index.Find(t)
	if p := w.peer(c); ok && p != nil {
		if knows, _ := w.knowsBox(p, box); knows {
			w.tokenSpent(w.editPeer(c), t, i, len(box))
			return c, true
		}
	}
	for other, p := range w.peers() {
		if other == c && ok || p.rec.Blocked || p.rec.Trust < Introduced {
			continue
		}
		knows, isNext := w.knowsBox(p, box)
		if !knows {
			continue
		}
		if isNext && (p.line.grantAcked || p.line.grantSeq == 0) {
			p = w.editPeer(other)
			p.line.grantDue, p.dirty.session = true, true
		}
		return other, true
	}
	if p := w.peer(c); ok && p != nil {
		w.tokenSpent(w.editPeer(c), t, i, len(box))
	}
	return c, ok
}

// knowsBox reports whether p's keys know a box, and whether it is what p is to say next.
func (w *work) knowsBox(p *peer, box []byte) (knows, isNext bool) {
	l := p.line
	_, a, err := l.open(box, w.now)
	if !errors.Is(err, session.ErrUnknown) {
		return !errors.Is(err, session.ErrMalformed), err == nil && a == isNew
	}
	_, _, err = l.reset.Receive(w.m.state.id, p.bundle, box, w.now)
	return !errors.Is(err, session.ErrUnknown), false
}

// follow takes the grants of now over.
func (x *tokens) follow(peers map[ContactID]*peer) {
	if x.known == nil {
		x.known = map[ContactID][]envelope.Grant{}
	}
	for c, known := range x.known {
		if peers[c] == nil {
			x.replace(c, known, nil)
		}
	}
	for c, p := range peers {
		if known, issued := x.known[c], p.line.grants.Issued(); !sameGrants(known, issued) {
			x.replace(c, known, issued)
		}
	}
}

func (x *tokens) replace(c ContactID, known, issued []envelope.Grant) {
	for _, g := range known {
		x.index.Remove(g)
	}
	delete(x.known, c)
	for _, g := range issued {
		if len(g.Mailbox) > 0 {
			x.index.Add(c, g)
		}
		x.known[c] = issued
	}
}

func sameGrants(a, b []envelope.Grant) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if subtle.ConstantTimeCompare(a[i].Seed[:], b[i].Seed[:]) != 1 {
			return false
		}
	}
	return true
}

// tokenSpent notes that p has spent token i of a grant, and those behind it that a cell with
// so long a box costs: who has spent most of it is given another one. It reports whether
// that was not known.
func (w *work) tokenSpent(p *peer, t envelope.Token, i uint32, box int) bool {
	next, changed := p.line.grants.Spent(t, i, uint32(envelope.Cost(envelope.TokenSize+box)))
	if changed {
		p.line.grants, p.dirty.grants = next, true
	}
	return changed
}
