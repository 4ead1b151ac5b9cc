package pairing

import (
	"crypto/rand"
	"encoding/binary"

	"tacit/identity"
)

// Layout of the messages. Each is CellSize bytes.
const (
	// CellSize is the size of every message of a pairing.
	CellSize = 4096

	nonceSize   = 32
	profileSize = 2 + MaxName

	// M1
	m1Commitment = identity.KEMPublicSize
	m1Size       = m1Commitment + 32

	// M2 and M3: a ciphertext and a box that fills the cell.
	ctSize   = identity.KEMCiphertextSize
	boxPlain = CellSize - ctSize - identity.Overhead // 2904

	// M4: a ciphertext and a tag. M5: a tag.
	m4Tag   = ctSize
	tagSize = 32
)

// newCell joins the parts of a message and fills the rest of the cell with random bytes.
func newCell(parts ...[]byte) []byte {
	cell := make([]byte, CellSize)
	n := 0
	for _, p := range parts {
		n += copy(cell[n:], p)
	}
	rand.Read(cell[n:])
	return cell
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

// marshal returns the 2904 bytes that x2 and x3 seal.
func (c claim) marshal() []byte {
	plain := make([]byte, boxPlain)
	n := copy(plain, c.bundle[:])
	copy(plain[n:], profile(c.name))
	n += profileSize
	n += copy(plain[n:], c.nonce[:])
	copy(plain[n:], c.rest)
	return plain
}

// parseClaim reads what marshal returned with a rest of n bytes.
func parseClaim(plain []byte, n int) (claim, error) {
	if len(plain) != boxPlain {
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
	c := claim{bundle: bundle, name: name, nonce: key(plain), rest: plain[nonceSize : nonceSize+n]}
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
