package envelope

import (
	"encoding/binary"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
)

// maxIssued: a contact may still hold the grant before the current one, because
// the current one has not reached it.
const maxIssued = 2

// Issued is the grants that this side gave to one contact, the current one first.
// It is a value: Issue returns the next one. The zero Issued has none.
type Issued struct {
	grants []Grant // at most maxIssued; never written again
}

// Issue adds a fresh grant and ends the one before the previous.
func (w Issued) Issue(mailbox []byte, now time.Time) (Grant, Issued) {
	g := NewGrant(mailbox, now)
	grants := append([]Grant{g}, w.grants...)
	return g, Issued{grants[:min(len(grants), maxIssued)]}
}

// Grants returns the grants whose tokens and link keys are accepted.
func (w Issued) Grants() []Grant { return w.grants }

// LinkKeys returns the keys under which the contact may prove itself. They
// outlive the tokens: two who did not meet for long still find one another.
func (w Issued) LinkKeys() []identity.LinkKey {
	keys := make([]identity.LinkKey, len(w.grants))
	for i, g := range w.grants {
		keys[i] = g.LinkKey
	}
	return keys
}

// RenewDue reports whether the contact should get a new grant: it has none, or a
// quarter of the life of its current one is left.
func (w Issued) RenewDue(now time.Time) bool {
	return len(w.grants) == 0 || w.grants[0].NotAfter.Sub(now) <= GrantLife/renewShare
}

// Marshal returns count 1 || {length 2 || grant}, secrets included.
func (w Issued) Marshal() []byte {
	b := []byte{byte(len(w.grants))}
	for _, g := range w.grants {
		b = appendGrant(b, g)
	}
	return b
}

// UnmarshalIssued reads what Marshal returned. ErrMalformed.
func UnmarshalIssued(b []byte) (Issued, error) {
	in := cryptobyte.String(b)
	var n uint8
	if !in.ReadUint8(&n) || n > maxIssued {
		return Issued{}, ErrMalformed
	}
	var w Issued
	for range n {
		g, err := readGrant(&in)
		if err != nil {
			return Issued{}, err
		}
		w.grants = append(w.grants, g)
	}
	if !in.Empty() {
		return Issued{}, ErrMalformed
	}
	return w, nil
}

// Held is the grant that a contact issued to this side, and how far it is used.
// It is a value: Take returns the next one. The zero Held has none.
type Held struct {
	grant Grant // Count 0: none
	next  uint32
}

// Hold begins to use a grant.
func Hold(g Grant) Held { return Held{grant: g} }

// Grant returns the grant; ok where there is one.
func (w Held) Grant() (g Grant, ok bool) { return w.grant, w.grant.Count > 0 }

// Left returns how many tokens there are for messages, the reserve apart.
func (w Held) Left() int {
	return max(0, int(w.grant.Count)-ReservedTokens-int(w.next))
}

// Low reports whether a new grant is needed: a quarter of the tokens or of the
// time is left.
func (w Held) Low(now time.Time) bool {
	return w.Left() <= int(w.grant.Count)/renewShare || w.grant.NotAfter.Sub(now) <= GrantLife/renewShare
}

// Take spends n tokens. The next wallet must be durable before they are used.
// ErrExpired, ErrSpent.
func (w Held) Take(n int, now time.Time) ([]Token, Held, error) {
	if w.grant.Count > 0 && now.After(w.grant.NotAfter) {
		return nil, w, ErrExpired
	}
	if n > w.Left() {
		return nil, w, ErrSpent
	}
	tokens := make([]Token, n)
	for i := range tokens {
		tokens[i] = w.grant.Token(w.next)
		w.next++
	}
	return tokens, w, nil
}

// Marshal returns nothing for the zero Held, else next 4 || length 2 || grant, secrets included.
func (w Held) Marshal() []byte {
	if w.grant.Count == 0 {
		return nil
	}
	return appendGrant(binary.BigEndian.AppendUint32(nil, w.next), w.grant)
}

// UnmarshalHeld reads what Marshal returned. ErrMalformed.
func UnmarshalHeld(b []byte) (Held, error) {
	if len(b) == 0 {
		return Held{}, nil
	}
	in := cryptobyte.String(b)
	var w Held
	if !in.ReadUint32(&w.next) {
		return Held{}, ErrMalformed
	}
	g, err := readGrant(&in)
	if err != nil || !in.Empty() || w.next > g.Count {
		return Held{}, ErrMalformed
	}
	w.grant = g
	return w, nil
}

func appendGrant(b []byte, g Grant) []byte {
	m := g.Marshal()
	return append(binary.BigEndian.AppendUint16(b, uint16(len(m))), m...)
}

func readGrant(in *cryptobyte.String) (Grant, error) {
	var m cryptobyte.String
	if !in.ReadUint16LengthPrefixed(&m) {
		return Grant{}, ErrMalformed
	}
	return UnmarshalGrant(m)
}
