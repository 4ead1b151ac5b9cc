package session

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity/ratchet"
)

const (
	stateVersion  = 1
	grantsVersion = 1
)

// Marshal returns the state as bytes, secrets included: about 2.8 KiB where no
// ratchet was replaced and no message is missing.
//
//	version 1 || count 1 || {T2 32 || made 8 || until 8 || length 4 || ratchet}
func (s State) Marshal() []byte {
	b := []byte{stateVersion, byte(len(s.lines))}
	for _, l := range s.lines {
		r := l.r.Marshal()
		b = append(b, l.t2[:]...)
		b = binary.BigEndian.AppendUint64(b, uint64(l.made))
		b = binary.BigEndian.AppendUint64(b, uint64(l.until))
		b = binary.BigEndian.AppendUint32(b, uint32(len(r)))
		b = append(b, r...)
	}
	return b
}

// Unmarshal reads what Marshal returned. ErrMalformed.
func Unmarshal(b []byte) (State, error) {
	in := cryptobyte.String(b)
	var version, n uint8
	if !in.ReadUint8(&version) || version != stateVersion || !in.ReadUint8(&n) || n > 1+maxReceiving {
		return State{}, ErrMalformed
	}
	var s State
	for i := range n {
		l, err := readLine(&in)
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

func readLine(in *cryptobyte.String) (line, error) {
	var l line
	var made, until uint64
	var length uint32
	var r []byte
	if !in.CopyBytes(l.t2[:]) || !in.ReadUint64(&made) || !in.ReadUint64(&until) ||
		!in.ReadUint32(&length) || length > maxRatchet || !in.ReadBytes(&r, int(length)) {
		return line{}, ErrMalformed
	}
	l.made, l.until = int64(made), int64(until)
	state, err := ratchet.Unmarshal(r)
	if err != nil {
		return line{}, ErrMalformed
	}
	l.r = state
	return l, nil
}
