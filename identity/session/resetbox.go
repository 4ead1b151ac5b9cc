package session

import (
	"encoding/binary"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// Layout of what a reset's box seals.
const (
	resetType    = 8 // behind the number
	resetMessage = resetType + 1
	resetPlain   = resetMessage + pairing.ResetSize // 4008
)

// A reset's box is a small one.
var _ = [1]struct{}{}[envelope.SmallBox-resetPlain-identity.Overhead]

// messageType is 0 for an ask and 1 to 5 for M1 to M5.
type messageType byte

// forS reports whether R sends messages of the type.
func (t messageType) forS() bool { return t%2 == 0 }

// message is one of the pairing's messages, or an ask, with its number.
type message struct {
	n    uint64
	kind messageType
	body []byte // pairing.ResetSize; zeros in an ask
}

// ask asks S to begin with number n or a greater one.
func (r Reset) ask(n uint64) []byte {
	return r.seal(message{n, 0, make([]byte, pairing.ResetSize)})
}

func (r Reset) seal(m message) []byte {
	plain := make([]byte, 0, resetPlain)
	plain = binary.BigEndian.AppendUint64(plain, m.n)
	plain = append(plain, byte(m.kind))
	plain = append(plain, m.body...)
	k := r.boxKey()
	defer clear(k)
	return identity.Seal(k, plain, nil)
}

// open reads what the peer, or this side, sealed. ErrUnknown: neither of them did.
// ErrForged: it is not written as seal does.
func (r Reset) open(box []byte) (message, error) {
	if len(box) != envelope.SmallBox {
		return message{}, ErrUnknown
	}
	k := r.boxKey()
	defer clear(k)
	plain, err := identity.Open(k, box, nil)
	if err != nil {
		return message{}, ErrUnknown
	}
	m := message{
		n:    binary.BigEndian.Uint64(plain),
		kind: messageType(plain[resetType]),
		body: plain[resetMessage:],
	}
	if m.n == 0 || m.n > maxNumber || m.kind > 5 || m.kind == 0 && !zero(m.body) {
		return message{}, ErrForged
	}
	return m, nil
}

func (r Reset) boxKey() []byte {
	return identity.Derive(r.rs[:], nil, "tacit/1/reset", 32)
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
