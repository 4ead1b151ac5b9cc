package ratchet

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"tacit/identity"
)

// Seal encrypts plain. The next state must be durable before the box leaves, or a
// crash would use its key twice. ErrNotReady, ErrExhausted.
func (s State) Seal(plain []byte, now time.Time) (box []byte, next State, err error) {
	next = s
	switch {
	case s.stage == turn:
		if err := next.beginChain(); err != nil {
			return nil, s, err
		}
	case s.stage != sending:
		return nil, s, ErrNotReady
	case s.ns == math.MaxUint32:
		return nil, s, ErrExhausted
	}
	header := make([]byte, 0, headerSize)
	header = append(header, next.public...)
	header = append(header, next.ct...)
	header = binary.BigEndian.AppendUint32(header, next.pn)
	header = binary.BigEndian.AppendUint32(header, next.ns)

	var message key
	message, next.sendChain = kdfChain(next.sendChain)
	defer clear(message[:])
	next.ns++
	next.expire(now)

	sealed := identity.Seal(next.sendHeader[:], header, s.ad[:])
	ad := append(append(make([]byte, 0, len(s.ad)+HeaderSize), s.ad[:]...), sealed...)
	return append(sealed, identity.Seal(message[:], plain, ad)...), next, nil
}

// beginChain makes a key pair and a secret for the peer's last public key.
func (s *State) beginChain() error {
	if s.peerKey.IsZero() {
		peerKey, err := identity.ParsePublicKey(s.peer)
		if err != nil {
			return fmt.Errorf("begin chain: %w", err)
		}
		s.peerKey = peerKey
	}
	ct, ss, err := s.peerKey.Encapsulate(s.kemInfo())
	if err != nil {
		return fmt.Errorf("begin chain: %w", err)
	}
	defer clear(ss)
	rand.Read(s.seed[:])
	s.private = identity.NewPrivateKey(s.seed)
	s.public, s.ct = s.private.Public(), ct
	s.sendHeader = s.nextSendHeader
	s.root, s.sendChain, s.nextSendHeader = kdfRoot(s.root, ss)
	s.peer, s.peerKey = nil, identity.PublicKey{}
	s.stage = sending
	return nil
}
