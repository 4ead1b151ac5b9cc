package ratchet

import (
	"encoding/binary"
	"time"

	"tacit/identity"
)

// header is a decrypted header with the chain whose key opened it.
type header struct {
	public, ct []byte
	pn, n      uint32
	epoch      uint32 // of its chain; one above the current for a new chain
}

// Open decrypts a box. With an error, next is s: nothing that does not open moves
// the state. ErrUnknown, ErrUsed, ErrTooFar, ErrForged, ErrMalformed.
func (s State) Open(box []byte, now time.Time) (plain []byte, next State, err error) {
	if len(box) < Overhead {
		return nil, s, ErrMalformed
	}
	h, ok := s.openHeader(box[:HeaderSize])
	if !ok {
		return nil, s, ErrUnknown
	}
	next = s
	message, err := next.messageKey(h, now)
	if err != nil {
		return nil, s, err
	}
	defer clear(message[:])
	ad := append(append(make([]byte, 0, len(s.ad)+HeaderSize), s.ad[:]...), box[:HeaderSize]...)
	plain, err = identity.Open(message[:], box[HeaderSize:], ad)
	if err != nil {
		return nil, s, ErrForged
	}
	next.expire(now)
	return plain, next, nil
}

// openHeader tries the current chain, a new one, and the old ones, latest first.
func (s *State) openHeader(sealed []byte) (header, bool) {
	if s.epoch > 0 {
		if b, err := identity.Open(s.recvHeader[:], sealed, s.ad[:]); err == nil {
			return parseHeader(b, s.epoch), true
		}
	}
	if s.stage != turn { // in its turn this side has given the peer nothing to begin a chain with
		if b, err := identity.Open(s.nextRecvHeader[:], sealed, s.ad[:]); err == nil {
			return parseHeader(b, s.epoch+1), true
		}
	}
	for i := len(s.old) - 1; i >= 0; i-- {
		if b, err := identity.Open(s.old[i].header[:], sealed, s.ad[:]); err == nil {
			return parseHeader(b, s.old[i].epoch), true
		}
	}
	return header{}, false
}

func parseHeader(b []byte, epoch uint32) header {
	return header{
		public: b[:identity.KEMPublicSize],
		ct:     b[identity.KEMPublicSize:headerPN],
		pn:     binary.BigEndian.Uint32(b[headerPN:]),
		n:      binary.BigEndian.Uint32(b[headerN:]),
		epoch:  epoch,
	}
}

// messageKey moves s to where the header's message has been taken and returns its key.
func (s *State) messageKey(h header, now time.Time) (key, error) {
	if h.epoch < s.epoch || h.epoch == s.epoch && h.n < s.nr {
		message, ok := s.takeSkipped(h.epoch, h.n)
		if !ok {
			return key{}, ErrUsed
		}
		return message, nil
	}
	if h.epoch > s.epoch {
		if err := s.step(h, now); err != nil {
			return key{}, err
		}
	}
	if err := s.skipTo(h.n, now); err != nil {
		return key{}, err
	}
	var message key
	message, s.recvChain = kdfChain(s.recvChain)
	s.nr++
	return message, nil
}

// step ends the current receiving chain at h.pn and begins that of h.
func (s *State) step(h header, now time.Time) error {
	if h.pn < s.nr {
		return ErrMalformed // fewer sent than have arrived
	}
	if s.epoch == 0 && h.pn > 0 {
		return ErrMalformed // there was no chain before
	}
	if err := s.skipTo(h.pn, now); err != nil {
		return err
	}
	s.retireChain()

	peerKey, err := identity.ParsePublicKey(h.public)
	if err != nil {
		return ErrMalformed
	}
	if s.private.IsZero() {
		s.private = identity.NewPrivateKey(s.seed)
	}
	ss, err := s.private.Decapsulate(h.ct, s.kemInfo())
	if err != nil {
		return ErrMalformed
	}
	defer clear(ss)
	s.recvHeader = s.nextRecvHeader
	s.root, s.recvChain, s.nextRecvHeader = kdfRoot(s.root, ss)
	s.nr = 0
	s.epoch++

	s.stage, s.pn, s.ns = turn, s.ns, 0
	s.peer, s.peerKey = h.public, peerKey
	s.seed, s.private = key{}, identity.PrivateKey{}
	s.sendChain, s.sendHeader, s.public, s.ct = key{}, key{}, nil, nil
	return nil
}
