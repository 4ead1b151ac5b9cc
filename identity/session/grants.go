package session

import (
	"crypto/subtle"
	"encoding/binary"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
	"tacit/identity/envelope"
)

// Grants are the rights to write between this side and one contact, both ways. It
// is a value; the zero Grants has none. It is kept apart from State: a backup
// copies it.
type Grants struct {
	issued envelope.Issued
	held   envelope.Held
}

// Issue makes a grant for the contact, for links alone; grant.Marshal goes to it inside the
// ratchet. The grant before stays good, the one before that ends.
func (g Grants) Issue(now time.Time) (grant envelope.Grant, next Grants) {
	grant, g.issued = g.issued.Issue(now)
	return grant, g
}

// IssueSpare is Issue for a grant of a seed whose tokens the node at mailbox, an
// identity.Hint as bytes, knows by the lot. A seed is issued once.
func (g Grants) IssueSpare(seed [32]byte, lot [16]byte, mailbox []byte, now time.Time) (grant envelope.Grant, next Grants) {
	grant, g.issued = g.issued.IssueSpare(seed, lot, mailbox, now)
	return grant, g
}

// Spent notes that the contact spent n tokens together, the first of which Index found at
// place i. changed: the next grants are to be kept.
func (g Grants) Spent(t envelope.Token, i, n uint32) (next Grants, changed bool) {
	g.issued, changed = g.issued.Spent(t, i, n)
	return g, changed
}

// Accept takes a grant that the contact issued, in place of an earlier one. The
// one that is held already stays as far used as it is.
func (g Grants) Accept(grant envelope.Grant) Grants {
	if held, ok := g.held.Grant(); ok && subtle.ConstantTimeCompare(held.Seed[:], grant.Seed[:]) == 1 {
		return g
	}
	g.held = envelope.Hold(grant)
	return g
}

// Held returns the grant of the contact that is used; ok where one was accepted.
func (g Grants) Held() (grant envelope.Grant, ok bool) { return g.held.Grant() }

// Left returns how many tokens of it there are for messages, the reserve apart.
func (g Grants) Left() int { return g.held.Left() }

// Writable reports whether a grant of the contact was accepted.
func (g Grants) Writable() bool {
	_, ok := g.held.Grant()
	return ok
}

// DialKeys returns the key that the contact issued, under which this side shows
// itself to it: none or one.
func (g Grants) DialKeys() []identity.LinkKey {
	if held, ok := g.held.Grant(); ok {
		return []identity.LinkKey{held.LinkKey}
	}
	return nil
}

// AcceptKeys returns the keys that were issued to the contact, the current one
// first: none, one or two.
func (g Grants) AcceptKeys() []identity.LinkKey { return g.issued.LinkKeys() }

// Issued returns the grants whose tokens the contact may use, the current one first.
func (g Grants) Issued() []envelope.Grant { return g.issued.Grants() }

// RenewDue reports whether the contact should get a new grant.
func (g Grants) RenewDue(now time.Time) bool { return g.issued.RenewDue(now) }

// Take spends n tokens of the contact's grant, envelope.Cost of a cell. The next
// grants must be durable before the tokens are used. envelope.ErrSpent, ErrExpired.
func (g Grants) Take(n int, now time.Time) (tokens []envelope.Token, next Grants, err error) {
	next = g
	tokens, next.held, err = g.held.Take(n, now)
	return tokens, next, err
}

// TakeReserve is Take from what is kept for the messages of a session reset.
// envelope.ErrSpent, ErrExpired.
func (g Grants) TakeReserve(n int, now time.Time) (tokens []envelope.Token, next Grants, err error) {
	next = g
	tokens, next.held, err = g.held.TakeReserve(n, now)
	return tokens, next, err
}

// Marshal returns version 2 || length 2 || issued || held, secrets included.
func (g Grants) Marshal() []byte {
	issued := g.issued.Marshal()
	b := binary.BigEndian.AppendUint16([]byte{grantsVersion}, uint16(len(issued)))
	return append(append(b, issued...), g.held.Marshal()...)
}

// UnmarshalGrants reads what Marshal returned, now or in version 1. ErrMalformed.
func UnmarshalGrants(b []byte) (Grants, error) {
	in := cryptobyte.String(b)
	var version uint8
	var issued cryptobyte.String
	if !in.ReadUint8(&version) || !in.ReadUint16LengthPrefixed(&issued) {
		return Grants{}, ErrMalformed
	}
	var g Grants
	var err error
	if g.issued, err = envelope.UnmarshalIssued(version, issued); err != nil {
		return Grants{}, ErrMalformed
	}
	if g.held, err = envelope.UnmarshalHeld(version, in); err != nil {
		return Grants{}, ErrMalformed
	}
	return g, nil
}
