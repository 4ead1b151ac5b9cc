package envelope

import (
	"crypto/rand"
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
}

// NewGrant makes a fresh grant.
func NewGrant(mailbox []byte, now time.Time) Grant {
	g := Grant{Count: GrantCount, NotAfter: now.Add(GrantLife).Truncate(time.Second), Mailbox: mailbox}
	rand.Read(g.Seed[:])
	rand.Read(g.LinkKey[:])
	return g
}

// Token returns token i, which is below Count.
func (g Grant) Token(i uint32) Token {
	sum := identity.MAC(g.Seed[:], binary.BigEndian.AppendUint32([]byte("tok"), i))
	return Token(sum[:TokenSize])
}

// grantCBOR is how a grant is written: a map with small integer keys in
// RFC 8949 core deterministic encoding.
type grantCBOR struct {
	Seed     []byte `cbor:"1,keyasint"`
	Count    uint32 `cbor:"2,keyasint"`
	NotAfter int64  `cbor:"3,keyasint"`
	LinkKey  []byte `cbor:"4,keyasint"`
	Mailbox  []byte `cbor:"5,keyasint"`
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
	return must(grantEncoding.Marshal(grantCBOR{g.Seed[:], g.Count, g.NotAfter.Unix(), g.LinkKey[:], mailbox}))
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
		g.Mailbox = c.Mailbox
	}
	if string(g.Marshal()) != string(b) {
		return Grant{}, ErrMalformed // another spelling of the same grant
	}
	return g, nil
}
