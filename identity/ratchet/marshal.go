package ratchet

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
)

const (
	stateVersion = 1

	skippedKeySize = 4 + 4 + 8 + 32 // epoch, number, time, key
)

// Marshal returns the state as bytes, secrets included: about 2.7 KiB in the
// middle of a chain, and 48 for each message that is missing.
//
//	version 1 || stage 1 || AD 32 || RK 32 || next header keys 32, 32 || Ns 4 || PN 4 || epoch 4
//	waiting:     seed 32
//	turn:        peer's public key 1216
//	sending:     seed 32 || CK 32 || HK 32 || public key 1216 || ciphertext 1120
//	epoch > 0:   CK 32 || HK 32 || Nr 4
//	count 1 || {epoch 4 || HK 32}
//	count 2 || {epoch 4 || N 4 || time 8 || mk 32}
func (s State) Marshal() []byte {
	b := make([]byte, 0, 3<<10+len(s.skipped)*skippedKeySize)
	b = append(b, stateVersion, byte(s.stage))
	b = append(b, s.ad[:]...)
	b = append(b, s.root[:]...)
	b = append(b, s.nextSendHeader[:]...)
	b = append(b, s.nextRecvHeader[:]...)
	b = binary.BigEndian.AppendUint32(b, s.ns)
	b = binary.BigEndian.AppendUint32(b, s.pn)
	b = binary.BigEndian.AppendUint32(b, s.epoch)
	switch s.stage {
	case waiting:
		b = append(b, s.seed[:]...)
	case turn:
		b = append(b, s.peer...)
	case sending:
		b = append(b, s.seed[:]...)
		b = append(b, s.sendChain[:]...)
		b = append(b, s.sendHeader[:]...)
		b = append(b, s.public...)
		b = append(b, s.ct...)
	}
	if s.epoch > 0 {
		b = append(b, s.recvChain[:]...)
		b = append(b, s.recvHeader[:]...)
		b = binary.BigEndian.AppendUint32(b, s.nr)
	}
	b = append(b, byte(len(s.old)))
	for _, c := range s.old {
		b = binary.BigEndian.AppendUint32(b, c.epoch)
		b = append(b, c.header[:]...)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.skipped)))
	for _, k := range s.skipped {
		b = binary.BigEndian.AppendUint32(b, k.epoch)
		b = binary.BigEndian.AppendUint32(b, k.n)
		b = binary.BigEndian.AppendUint64(b, uint64(k.at))
		b = append(b, k.message[:]...)
	}
	return b
}

// Unmarshal reads what Marshal returned. The keys themselves are parsed when they
// are needed. ErrMalformed.
func Unmarshal(b []byte) (State, error) {
	in := cryptobyte.String(b)
	var s State
	var version, st uint8
	ok := in.ReadUint8(&version) && version == stateVersion && in.ReadUint8(&st) &&
		in.CopyBytes(s.ad[:]) && in.CopyBytes(s.root[:]) &&
		in.CopyBytes(s.nextSendHeader[:]) && in.CopyBytes(s.nextRecvHeader[:]) &&
		in.ReadUint32(&s.ns) && in.ReadUint32(&s.pn) && in.ReadUint32(&s.epoch)
	s.stage = stage(st)
	if !ok || !s.readSending(&in) || !s.readReceiving(&in) || !in.Empty() || !s.consistent() {
		return State{}, ErrMalformed
	}
	return s, nil
}

func (s *State) readSending(in *cryptobyte.String) bool {
	switch s.stage {
	case waiting:
		return in.CopyBytes(s.seed[:])
	case turn:
		s.peer = make([]byte, identity.KEMPublicSize)
		return in.CopyBytes(s.peer)
	case sending:
		s.public, s.ct = make([]byte, identity.KEMPublicSize), make([]byte, identity.KEMCiphertextSize)
		return in.CopyBytes(s.seed[:]) && in.CopyBytes(s.sendChain[:]) && in.CopyBytes(s.sendHeader[:]) &&
			in.CopyBytes(s.public) && in.CopyBytes(s.ct)
	}
	return false
}

func (s *State) readReceiving(in *cryptobyte.String) bool {
	if s.epoch > 0 && !(in.CopyBytes(s.recvChain[:]) && in.CopyBytes(s.recvHeader[:]) && in.ReadUint32(&s.nr)) {
		return false
	}
	var olds uint8
	if !in.ReadUint8(&olds) || olds > maxOldChains {
		return false
	}
	for range olds {
		var c oldChain
		if !in.ReadUint32(&c.epoch) || !in.CopyBytes(c.header[:]) {
			return false
		}
		s.old = append(s.old, c)
	}
	var keys uint16
	if !in.ReadUint16(&keys) || keys > maxSkipped || len(*in) != int(keys)*skippedKeySize {
		return false
	}
	for range keys {
		var k skippedKey
		var at uint64
		if !in.ReadUint32(&k.epoch) || !in.ReadUint32(&k.n) || !in.ReadUint64(&at) || !in.CopyBytes(k.message[:]) {
			return false
		}
		k.at = int64(at)
		s.skipped = append(s.skipped, k)
	}
	return true
}

// consistent reports whether the parts fit together as Seal and Open leave them.
func (s *State) consistent() bool {
	if s.stage == waiting && (s.epoch > 0 || s.ns > 0 || s.pn > 0) || s.stage == turn && s.ns > 0 {
		return false
	}
	chains := map[uint32]bool{} // every chain with stored keys must be found in it
	for i, c := range s.old {
		if c.epoch == 0 || c.epoch >= s.epoch || i > 0 && c.epoch <= s.old[i-1].epoch {
			return false
		}
		chains[c.epoch] = false
	}
	for i, k := range s.skipped {
		if i > 0 && s.skipped[i-1].compare(k.epoch, k.n) >= 0 {
			return false
		}
		if k.epoch == s.epoch {
			if k.n >= s.nr {
				return false
			}
			continue
		}
		if _, known := chains[k.epoch]; !known {
			return false
		}
		chains[k.epoch] = true
	}
	for _, found := range chains {
		if !found {
			return false
		}
	}
	return true
}
