package pairing

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"

	"tacit/identity"
)

// Layout of the messages. The last part of each takes what is left of its size.
const (
	// CellSize is the size of every message of a pairing with a card.
	CellSize = 4096
	// ResetSize is the size of every message of a session reset: what is left of a
	// cell by its token, a sealed box around the message, a number and a type.
	ResetSize = CellSize - 16 - identity.Overhead - 8 - 1 // 3999

	nonceSize   = 32
	profileSize = 2 + MaxName

	// M1
	m1Commitment = identity.KEMPublicSize
	m1Size       = m1Commitment + 32

	// M2 and M3: a ciphertext and a box around a claim, 2904 bytes or 2807 in a reset.
	ctSize    = identity.KEMCiphertextSize
	claimSize = identity.BundleSize + profileSize + nonceSize

	// M4: a ciphertext and a tag. M5: a tag.
	m4Tag   = ctSize
	tagSize = 32
)

// message joins the parts of a message and fills the rest of it with random bytes.
func (s *State) message(parts ...[]byte) []byte {
	m := make([]byte, s.size())
	n := 0
	for _, p := range parts {
		n += copy(m[n:], p)
	}
	rand.Read(m[n:])
	return m
}

// sealClaim returns x2 or x3: what is left of a message behind a ciphertext.
func (s *State) sealClaim(k key, c claim) []byte {
	plain := c.marshal(s.size() - ctSize - identity.Overhead)
	defer clear(plain)
	return identity.Seal(k[:], plain, nil)
}

// profile is a name as it is hashed and authenticated.
func profile(name string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(name))), name...)
}

// claim is what x2 and x3 carry: who somebody says to be, and their nonce.
type claim struct {
	bundle identity.Bundle
	name   string
	nonce  key
	rest   []byte // x2: the ratchet key, 1216; x3: nothing
}

// marshal returns the size bytes that x2 and x3 seal.
func (c claim) marshal(size int) []byte {
	plain := make([]byte, size)
	n := copy(plain, c.bundle[:])
	copy(plain[n:], profile(c.name))
	n += profileSize
	n += copy(plain[n:], c.nonce[:])
	copy(plain[n:], c.rest)
	return plain
}

// openClaim reads x2 or x3, with a rest of n bytes.
func (s *State) openClaim(k key, sealed []byte, n int) (claim, error) {
	plain, err := identity.Open(k[:], sealed, nil)
	if err != nil {
		return claim{}, ErrForged
	}
	defer clear(plain)
	c, err := parseClaim(plain, n)
	if err != nil || len(c.name) > s.maxName() {
		return claim{}, ErrForged
	}
	return c, nil
}

// parseClaim reads what marshal returned with a rest of n bytes.
func parseClaim(plain []byte, n int) (claim, error) {
	if len(plain) < claimSize+n {
		return claim{}, ErrForged
	}
	bundle, err := identity.ParseBundle(plain[:identity.BundleSize])
	if err != nil {
		return claim{}, ErrForged
	}
	plain = plain[identity.BundleSize:]
	length := int(binary.BigEndian.Uint16(plain))
	if length > MaxName {
		return claim{}, ErrForged
	}
	name, fill := string(plain[2:2+length]), plain[2+length:profileSize]
	plain = plain[profileSize:]
	c := claim{bundle: bundle, name: name, nonce: key(plain), rest: bytes.Clone(plain[nonceSize : nonceSize+n])}
	if !zero(fill) || !zero(plain[nonceSize+n:]) {
		return claim{}, ErrForged
	}
	return c, nil
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
