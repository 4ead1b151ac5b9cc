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

// Issue makes a grant for the contact; grant.Marshal goes to it inside the
// ratchet. The grant before stays good, the one before that ends. mailbox is empty
// for a profile without a node.
func (g Grants) Issue(mailbox []byte, now time.Time) (grant envelope.Grant, next Grants) {
	grant, g.issued = g.issued.Issue(mailbox, now)
	return grant, g
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

// Marshal returns version 1 || length 2 || issued || held, secrets included.
func (g Grants) Marshal() []byte {
	issued := g.issued.Marshal()
	b := binary.BigEndian.AppendUint16([]byte{grantsVersion}, uint16(len(issued)))
	return append(append(b, issued...), g.held.Marshal()...)
}

// UnmarshalGrants reads what Marshal returned. ErrMalformed.
func UnmarshalGrants(b []byte) (Grants, error) {
	in := cryptobyte.String(b)
	var version uint8
	var issued cryptobyte.String
	if !in.ReadUint8(&version) || version != grantsVersion || !in.ReadUint16LengthPrefixed(&issued) {
		return Grants{}, ErrMalformed
	}
	var g Grants
	var err error
	if g.issued, err = envelope.UnmarshalIssued(issued); err != nil {
		return Grants{}, ErrMalformed
	}
	if g.held, err = envelope.UnmarshalHeld(in); err != nil {
		return Grants{}, ErrMalformed
	}
	return g, nil
}
