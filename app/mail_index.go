package app

import (
	"crypto/subtle"

	"tacit/identity/envelope"
	"tacit/identity/session"
)

// tokens finds by its token which contact a cell at an own node is from. The loop owns it.
// It follows the grants when it is asked: nothing has to be told to it.
type tokens struct {
	index session.Index[ContactID]
	known map[ContactID][]envelope.Grant // whose tokens are in index
}

// contactByToken returns the contact whose grant a token is of, and which of it.
func (w *work) contactByToken(t envelope.Token) (c ContactID, i uint32, ok bool) {
	return w.m.mail.tokens.index.Find(t)
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

// tokenSpent notes that p has spent token i of a grant: who has spent most of it is given
// another one.
func (w *work) tokenSpent(p *peer, t envelope.Token, i uint32) {
	if next, changed := p.line.grants.Spent(t, i); changed {
		p.line.grants, p.dirty.grants = next, true
	}
}
