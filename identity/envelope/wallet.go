package envelope

import (
	"crypto/subtle"
	"encoding/binary"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
)

// maxIssued: a contact may still hold the grant before the current one, because
// the current one has not reached it.
const maxIssued = 2

// Versions of the marshalled forms.
const (
	walletVersion = 2
	walletBefore  = 1 // without what mailboxes brought: share used, reserve
)

// Issued is the grants that this side gave to one contact, the current one first.
// It is a value: Issue returns the next one. The zero Issued has none.
type Issued struct {
	grants []given // at most maxIssued; never written again
}

// given is a grant and how much of it the contact has used, as far as it was seen.
type given struct {
	Grant
	used uint32 // one more than the greatest index of a token that came
}

// Issue adds a fresh grant for links alone and ends the one before the previous.
func (w Issued) Issue(now time.Time) (Grant, Issued) { return w.add(NewGrant(now)) }

// IssueSpare is Issue for a grant whose tokens a mailbox knows: see NewSpareGrant.
func (w Issued) IssueSpare(seed [32]byte, lot [16]byte, mailbox []byte, now time.Time) (Grant, Issued) {
	return w.add(NewSpareGrant(seed, lot, mailbox, now))
}

func (w Issued) add(g Grant) (Grant, Issued) {
	grants := append([]given{{Grant: g}}, w.grants...)
	return g, Issued{grants[:min(len(grants), maxIssued)]}
}

// Grants returns the grants whose tokens and link keys are accepted.
func (w Issued) Grants() []Grant {
	grants := make([]Grant, len(w.grants))
	for i, g := range w.grants {
		grants[i] = g.Grant
	}
	return grants
}

// LinkKeys returns the keys under which the contact may prove itself. They
// outlive the tokens: two who did not meet for long still find one another.
func (w Issued) LinkKeys() []identity.LinkKey {
	keys := make([]identity.LinkKey, len(w.grants))
	for i, g := range w.grants {
		keys[i] = g.LinkKey
	}
	return keys
}

// Spent notes that token i came, the first of n that the contact spent together; changed
// where that tells that more is used than was known.
func (w Issued) Spent(t Token, i, n uint32) (next Issued, changed bool) {
	for at, g := range w.grants {
		token := g.Token(i)
		if i < g.used || i >= g.Count || subtle.ConstantTimeCompare(token[:], t[:]) != 1 {
			continue
		}
		w.grants = slices.Clone(w.grants)
		w.grants[at].used = min(i+n, g.Count)
		return w, true
	}
	return w, false
}

// RenewDue reports whether the contact should get a new grant: it has none, or a
// quarter of the life or of the tokens of its current one is left.
func (w Issued) RenewDue(now time.Time) bool {
	if len(w.grants) == 0 {
		return true
	}
	g := w.grants[0]
	return g.NotAfter.Sub(now) <= GrantLife/renewShare || g.Count-g.used <= g.Count/renewShare
}

// Marshal returns count 1 || {used 2 || length 2 || grant}, secrets included.
func (w Issued) Marshal() []byte {
	b := []byte{byte(len(w.grants))}
	for _, g := range w.grants {
		b = binary.BigEndian.AppendUint16(b, uint16(g.used))
		b = appendGrant(b, g.Grant)
	}
	return b
}

// UnmarshalIssued reads what Marshal returned, now or in version 1, which knew nothing of
// used. ErrMalformed.
func UnmarshalIssued(version uint8, b []byte) (Issued, error) {
	in := cryptobyte.String(b)
	var n uint8
	if !knownWallet(version) || !in.ReadUint8(&n) || n > maxIssued {
		return Issued{}, ErrMalformed
	}
	var w Issued
	for range n {
		var used uint16
		if version > walletBefore && !in.ReadUint16(&used) {
			return Issued{}, ErrMalformed
		}
		g, err := readGrant(&in)
		if err != nil || uint32(used) > g.Count {
			return Issued{}, ErrMalformed
		}
		w.grants = append(w.grants, given{g, uint32(used)})
	}
	if !in.Empty() {
		return Issued{}, ErrMalformed
	}
	return w, nil
}

func knownWallet(version uint8) bool { return version == walletVersion || version == walletBefore }

// Held is the grant that a contact issued to this side, and how far it is used.
// It is a value: Take returns the next one. The zero Held has none.
type Held struct {
	grant   Grant // Count 0: none
	next    uint32
	reserve uint32 // how much of the reserve is used
}

// Hold begins to use a grant.
func Hold(g Grant) Held { return Held{grant: g} }

// Grant returns the grant; ok where there is one.
func (w Held) Grant() (g Grant, ok bool) { return w.grant, w.grant.Count > 0 }

// Left returns how many tokens there are for messages, the reserve apart.
func (w Held) Left() int { return max(0, int(w.forMessages())-int(w.next)) }

// forMessages is how many tokens stand before the reserve.
func (w Held) forMessages() uint32 { return w.grant.Count - min(w.grant.Count, ReservedTokens) }

// Low reports whether a new grant is needed: a quarter of the tokens or of the
// time is left.
func (w Held) Low(now time.Time) bool {
	return w.Left() <= int(w.grant.Count)/renewShare || w.grant.NotAfter.Sub(now) <= GrantLife/renewShare
}

// Take spends n tokens. The next wallet must be durable before they are used.
// ErrExpired, ErrSpent.
func (w Held) Take(n int, now time.Time) ([]Token, Held, error) {
	if w.expired(now) {
		return nil, w, ErrExpired
	}
	if n > w.Left() {
		return nil, w, ErrSpent
	}
	tokens := w.tokens(w.next, n)
	w.next += uint32(n)
	return tokens, w, nil
}

// TakeReserve is Take from the reserve, for the messages of a session reset.
// ErrExpired, ErrSpent.
func (w Held) TakeReserve(n int, now time.Time) ([]Token, Held, error) {
	if w.expired(now) {
		return nil, w, ErrExpired
	}
	first := w.forMessages() + w.reserve
	if n > int(w.grant.Count-first) {
		return nil, w, ErrSpent
	}
	w.reserve += uint32(n)
	return w.tokens(first, n), w, nil
}

func (w Held) expired(now time.Time) bool { return w.grant.Count > 0 && now.After(w.grant.NotAfter) }

func (w Held) tokens(first uint32, n int) []Token {
	tokens := make([]Token, n)
	for i := range tokens {
		tokens[i] = w.grant.Token(first + uint32(i))
	}
	return tokens
}

// Marshal returns nothing for the zero Held, else next 4 || reserve 1 || length 2 || grant,
// secrets included.
func (w Held) Marshal() []byte {
	if w.grant.Count == 0 {
		return nil
	}
	return appendGrant(append(binary.BigEndian.AppendUint32(nil, w.next), byte(w.reserve)), w.grant)
}

// UnmarshalHeld reads what Marshal returned, now or in version 1, which used no reserve.
// ErrMalformed.
func UnmarshalHeld(version uint8, b []byte) (Held, error) {
	if !knownWallet(version) {
		return Held{}, ErrMalformed
	}
	if len(b) == 0 {
		return Held{}, nil
	}
	in := cryptobyte.String(b)
	var w Held
	var reserve uint8
	if !in.ReadUint32(&w.next) || version > walletBefore && !in.ReadUint8(&reserve) {
		return Held{}, ErrMalformed
	}
	g, err := readGrant(&in)
	if err != nil || !in.Empty() || w.next > g.Count || uint32(reserve) > min(g.Count, ReservedTokens) {
		return Held{}, ErrMalformed
	}
	w.grant, w.reserve = g, uint32(reserve)
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
