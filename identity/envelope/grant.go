package envelope

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"time"

	"github.com/fxamacker/cbor/v2"

	"tacit/identity"
)

// Grant is the right to write to somebody. The recipient of messages issues it,
// inside the ratchet.
type Grant struct {
	Seed     [32]byte
	Count    uint32           // how many tokens Seed gives, 1 to GrantCount
	NotAfter time.Time        // whole seconds
	LinkKey  identity.LinkKey // kb: how to find the issuer on a LAN
	Mailbox  []byte           // where to deposit, as identity.Hint.Marshal gives it, or empty
	Lot      [16]byte         // what the mailbox knows the tokens by; zero without one
}

// NewGrant makes a fresh grant for links alone, which no mailbox knows.
func NewGrant(now time.Time) Grant {
	var seed [32]byte
	rand.Read(seed[:])
	return newGrant(seed, now)
}

// NewSpareGrant makes a grant of a seed whose tokens lie in a lot at the mailbox already.
// A seed is used once.
func NewSpareGrant(seed [32]byte, lot [16]byte, mailbox []byte, now time.Time) Grant {
	g := newGrant(seed, now)
	g.Lot, g.Mailbox = lot, mailbox
	return g
}

func newGrant(seed [32]byte, now time.Time) Grant {
	g := Grant{Seed: seed, Count: GrantCount, NotAfter: now.Add(GrantLife).Truncate(time.Second)}
	rand.Read(g.LinkKey[:])
	return g
}

// Token returns token i, which is below Count.
func (g Grant) Token(i uint32) Token {
	sum := identity.MAC(g.Seed[:], binary.BigEndian.AppendUint32([]byte("tok"), i))
	return Token(sum[:TokenSize])
}

// Index returns which token of the grant t is; ok if it is one.
func (g Grant) Index(t Token) (i uint32, ok bool) {
	for n := range g.Count {
		if token := g.Token(n); subtle.ConstantTimeCompare(token[:], t[:]) == 1 {
			i, ok = n, true
		}
	}
	return i, ok
}

// grantCBOR is how a grant is written: a map with small integer keys in
// RFC 8949 core deterministic encoding.
type grantCBOR struct {
	Seed     []byte `cbor:"1,keyasint"`
	Count    uint32 `cbor:"2,keyasint"`
	NotAfter int64  `cbor:"3,keyasint"`
	LinkKey  []byte `cbor:"4,keyasint"`
	Mailbox  []byte `cbor:"5,keyasint"`
	Lot      []byte `cbor:"6,keyasint,omitempty"`
}

var (
	grantEncoding = must(cbor.CoreDetEncOptions().EncMode())
	grantDecoding = must(cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		MaxNestedLevels:   4, // the least that the library takes
		MaxArrayElements:  16,
		MaxMapPairs:       16,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options are constant
	}
	return v
}

// Marshal returns the grant in deterministic CBOR.
func (g Grant) Marshal() []byte {
	mailbox := g.Mailbox
	if mailbox == nil {
		mailbox = []byte{} // nil would be written as null
	}
	var lot []byte
	if len(mailbox) > 0 {
		lot = g.Lot[:]
	}
	return must(grantEncoding.Marshal(grantCBOR{g.Seed[:], g.Count, g.NotAfter.Unix(), g.LinkKey[:], mailbox, lot}))
}

// UnmarshalGrant reads what Marshal returned, and nothing else. ErrMalformed.
func UnmarshalGrant(b []byte) (Grant, error) {
	var c grantCBOR
	if grantDecoding.Unmarshal(b, &c) != nil {
		return Grant{}, ErrMalformed
	}
	if len(c.Seed) != 32 || len(c.LinkKey) != 32 || c.Count == 0 || c.Count > GrantCount ||
		c.NotAfter < 0 || c.NotAfter >= endNotAfter {
		return Grant{}, ErrMalformed
	}
	g := Grant{
		Seed:     [32]byte(c.Seed),
		Count:    c.Count,
		NotAfter: time.Unix(c.NotAfter, 0),
		LinkKey:  identity.LinkKey(c.LinkKey),
	}
	if len(c.Mailbox) > 0 {
		if _, err := identity.ParseHint(c.Mailbox); err != nil {
			return Grant{}, ErrMalformed
		}
		if len(c.Lot) != len(g.Lot) {
			return Grant{}, ErrMalformed
		}
		g.Mailbox, g.Lot = c.Mailbox, [16]byte(c.Lot)
	}
	if string(g.Marshal()) != string(b) {
		return Grant{}, ErrMalformed // another spelling of the same grant
	}
	return g, nil
}
