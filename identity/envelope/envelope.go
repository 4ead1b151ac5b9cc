// Package envelope gives sealed messages their outside: cells of two sizes that
// carry a token and random-looking bytes, and nothing else.
//
//	cell 4096 or 16384   token 16 || box
//	box                  encHdr 2416 || body (see package ratchet)
//	padded content       length 4 || content || zeros, so that the cell is full:
//	                     1588 bytes of content in the small cell, 13876 in the large
//	token                HMAC(seed, "tok" || i 4)[:16], or 16 random bytes on a proven direct link
package envelope

import (
	"crypto/rand"
	"encoding/binary"
	"errors"

	"tacit/identity"
)

// Sizes in bytes.
const (
	TokenSize = 16
	SmallCell = 4096
	LargeCell = 16384
	SmallBox  = SmallCell - TokenSize // 4080
	LargeBox  = LargeCell - TokenSize // 16368

	// BoxOverhead is what a ratchet adds to the padded content: its encrypted
	// header (public key 1216, ciphertext 1120, two counters of 4) and its body.
	BoxOverhead = identity.KEMPublicSize + identity.KEMCiphertextSize + 4 + 4 + 2*identity.Overhead // 2488

	lengthSize  = 4
	smallPadded = SmallBox - BoxOverhead // 1592
	largePadded = LargeBox - BoxOverhead // 13880

	// SmallContent is the longest content of a small cell.
	SmallContent = smallPadded - lengthSize // 1588
	// MaxContent is the longest content of a large cell.
	MaxContent = largePadded - lengthSize // 13876
)

// What cells, contents and grants are refused for.
var (
	ErrTooLong   = errors.New("content too long for a cell")
	ErrMalformed = errors.New("envelope malformed")
	ErrSpent     = errors.New("grant spent")
	ErrExpired   = errors.New("grant expired")
)

// Token is the right to deposit one small cell, used once, and by it the
// recipient knows which contact a cell is from.
type Token [TokenSize]byte

// RandomToken is for a proven direct link, where nothing has to be paid.
func RandomToken() Token {
	var t Token
	rand.Read(t[:])
	return t
}

// Pad brings content to the size of the smallest class that holds it. ErrTooLong.
func Pad(content []byte) ([]byte, error) {
	n := smallPadded
	switch {
	case len(content) > MaxContent:
		return nil, ErrTooLong
	case len(content) > SmallContent:
		n = largePadded
	}
	padded := make([]byte, n)
	binary.BigEndian.PutUint32(padded, uint32(len(content)))
	copy(padded[lengthSize:], content)
	return padded, nil
}

// Unpad reverses Pad and shares its memory. ErrMalformed.
func Unpad(padded []byte) ([]byte, error) {
	if len(padded) != smallPadded && len(padded) != largePadded {
		return nil, ErrMalformed
	}
	n := binary.BigEndian.Uint32(padded)
	if uint64(n) > uint64(len(padded)-lengthSize) {
		return nil, ErrMalformed
	}
	if len(padded) == largePadded && n <= SmallContent {
		return nil, ErrMalformed // belongs in the small cell
	}
	content, fill := padded[lengthSize:lengthSize+n], padded[lengthSize+n:]
	for _, c := range fill {
		if c != 0 {
			return nil, ErrMalformed
		}
	}
	return content, nil
}

// NewCell puts a token before a box of 4080 or 16368 bytes. ErrMalformed.
func NewCell(t Token, box []byte) ([]byte, error) {
	if !IsBox(len(box)) {
		return nil, ErrMalformed
	}
	return append(append(make([]byte, 0, TokenSize+len(box)), t[:]...), box...), nil
}

// Split takes a cell of 4096 or 16384 bytes apart; box shares its memory. ErrMalformed.
func Split(cell []byte) (t Token, box []byte, err error) {
	if len(cell) != SmallCell && len(cell) != LargeCell {
		return Token{}, nil, ErrMalformed
	}
	return Token(cell), cell[TokenSize:], nil
}

// IsBox reports whether n is the size of a box.
func IsBox(n int) bool { return n == SmallBox || n == LargeBox }

// Cost returns how many tokens a cell of n bytes takes: one for each 4 KiB.
func Cost(n int) int { return n / SmallCell }
