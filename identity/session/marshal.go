package session

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity/ratchet"
)

const (
	stateVersion  = 2 // 1: without RS and the pairing
	grantsVersion = 2 // 1: without what is used by mailbox
)

// Marshal returns the state as bytes, secrets included: about 2.9 KiB where no
// ratchet was replaced and no message is missing.
//
//	version 2 || count 1 || {T2 32 || made 8 || until 8 || RS 32 || T2 and made of the pairing 32, 8 || length 4 || ratchet}
func (s State) Marshal() []byte {
	b := []byte{stateVersion, byte(len(s.lines))}
	for _, l := range s.lines {
		r := l.r.Marshal()
		b = append(b, l.t2[:]...)
		b = binary.BigEndian.AppendUint64(b, uint64(l.made))
		b = binary.BigEndian.AppendUint64(b, uint64(l.until))
		b = append(b, l.rs[:]...)
		b = append(b, l.from.t2[:]...)
		b = binary.BigEndian.AppendUint64(b, uint64(l.from.made))
		b = binary.BigEndian.AppendUint32(b, uint32(len(r)))
		b = append(b, r...)
	}
	return b
}

// Unmarshal reads what Marshal returned, now or in version 1. That one kept RS
// elsewhere: see WithResetSecret. ErrMalformed.
func Unmarshal(b []byte) (State, error) {
	in := cryptobyte.String(b)
	var version, n uint8
	if !in.ReadUint8(&version) || version < 1 || version > stateVersion || !in.ReadUint8(&n) || n > 1+maxReceiving {
		return State{}, ErrMalformed
	}
	var s State
	for i := range n {
		l, err := readLine(&in, version)
		if err != nil || (i == 0) != (l.until == 0) {
			return State{}, ErrMalformed
		}
		s.lines = append(s.lines, l)
	}
	if !in.Empty() {
		return State{}, ErrMalformed
	}
	return s, nil
}

func readLine(in *cryptobyte.String, version uint8) (line, error) {
	var l line
	var made, until, from uint64
	var length uint32
	var r []byte
	if !in.CopyBytes(l.t2[:]) || !in.ReadUint64(&made) || !in.ReadUint64(&until) {
		return line{}, ErrMalformed
	}
	l.made, l.until, l.from = int64(made), int64(until), origin{l.t2, int64(made)}
	if version > 1 {
		if !in.CopyBytes(l.rs[:]) || !in.CopyBytes(l.from.t2[:]) || !in.ReadUint64(&from) {
			return line{}, ErrMalformed
		}
		l.from.made = int64(from)
	}
	if !in.ReadUint32(&length) || !in.ReadBytes(&r, int(length)) {
		return line{}, ErrMalformed
	}
	state, err := ratchet.Unmarshal(r)
	if err != nil {
		return line{}, ErrMalformed
	}
	l.r = state
	return l, nil
}
