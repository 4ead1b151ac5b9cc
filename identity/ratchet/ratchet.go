// Package ratchet is Signal's Double Ratchet with header encryption, with X-Wing
// in place of Diffie-Hellman: each reply brings fresh secrets, so a stolen state
// heals, and what was said before stays closed, against quantum computers too.
//
//	box         encHdr 2416 || body
//	header 2344 public key 1216 || ciphertext 1120 || PN 4 || N 4
//	encHdr      cAEAD(HK, header, AD)
//	body        cAEAD(mk, plain, AD || encHdr)
//	KDF_RK      RK || CK || NHK = HKDF(ss, salt=RK, "tacit/1/rk", 96)
//	KDF_CK      mk = HMAC(CK, 1), CK = HMAC(CK, 2)
//	KEM         info = "tacit/1/ratchet" || AD
//
// A chain's public key and ciphertext are repeated in each of its headers, so any
// message of it can be the first to arrive. The chain is begun by the first Seal
// after a step, not by the Open that made the step: until then nothing of the old
// private key is kept, and a side that only listens pays for no keys.
//
//	   NewBob                       NewAlice
//	     |                             |
//	     v     Open of a new chain     v       Seal
//	  waiting ----------------------> turn -----------> sending --+
//	(cannot seal)                      ^                   |   ^  | Seal
//	                                   +-------------------+   +--+
//	                                    Open of a new chain
//
// Open within known chains keeps the place in this picture. See "The Double Ratchet
// Algorithm", section 4, by Perrin and Marlinspike.
package ratchet

import (
	"errors"

	"tacit/identity"
)

// Sizes in bytes.
const (
	headerPN   = identity.KEMPublicSize + identity.KEMCiphertextSize
	headerN    = headerPN + 4
	headerSize = headerN + 4 // 2344

	// HeaderSize is the size of an encrypted header.
	HeaderSize = headerSize + identity.Overhead // 2416
	// Overhead is what Seal adds to a plaintext.
	Overhead = HeaderSize + identity.Overhead // 2488
)

// Why a box does not open or cannot be sealed. The state is unchanged.
var (
	ErrNotReady  = errors.New("peer has not been heard yet")
	ErrExhausted = errors.New("chain exhausted")
	ErrUnknown   = errors.New("no key opens the header")
	ErrUsed      = errors.New("message number was used")
	ErrTooFar    = errors.New("header skips too many messages")
	ErrForged    = errors.New("body does not open")
	ErrMalformed = errors.New("ratchet malformed")
)

type stage byte

const (
	waiting stage = 1 // Bob before the first message: has a key pair, cannot seal
	turn    stage = 2 // holds the peer's public key; the next Seal begins a chain
	sending stage = 3 // has a sending chain, and the key pair that the peer answers to
)

type key = [32]byte

// State is one side of a session. It is a value: Seal and Open return the next
// one and leave it unchanged. What its slices point to is never written again, so
// states share it.
type State struct {
	ad    key
	stage stage
	root  key

	// The sending side.
	nextSendHeader key
	ns, pn         uint32
	seed           key                 // waiting, sending: of the own key pair
	private        identity.PrivateKey // that key pair, or zero after Unmarshal
	peer           []byte              // turn: the peer's public key, 1216 bytes
	peerKey        identity.PublicKey  // that key, or zero after Unmarshal
	sendChain      key                 // sending
	sendHeader     key                 // sending
	public, ct     []byte              // sending: what the chain's headers repeat

	// The receiving side.
	nextRecvHeader key
	epoch          uint32 // counts receiving chains; 0: none yet
	recvChain      key
	recvHeader     key
	nr             uint32
	old            []oldChain   // ascending by epoch, each with keys in skipped
	skipped        []skippedKey // ascending by epoch and number, which is the order of storing
}

// NewAlice begins the side that writes first (S of the pairing). peer is Bob's
// first public key, 1216 bytes.
func NewAlice(sk, hka, nhkb [32]byte, peer []byte, ad [32]byte) (State, error) {
	peerKey, err := identity.ParsePublicKey(peer)
	if err != nil {
		return State{}, ErrMalformed
	}
	return State{
		ad: ad, stage: turn, root: sk, peer: peer, peerKey: peerKey,
		nextSendHeader: hka, nextRecvHeader: nhkb,
	}, nil
}

// NewBob begins the side that has to be written to first (R of the pairing). seed
// is that of the key pair which Alice was given.
func NewBob(sk, hka, nhkb, seed, ad [32]byte) State {
	return State{
		ad: ad, stage: waiting, root: sk, seed: seed,
		nextSendHeader: nhkb, nextRecvHeader: hka,
	}
}

// Heard reports whether a box of the peer was opened.
func (s State) Heard() bool { return s.epoch > 0 }

// Ready reports whether Seal can work.
func (s State) Ready() bool { return s.stage == turn || s.stage == sending }

func kdfRoot(root key, ss []byte) (nextRoot, chain, header key) {
	out := identity.Derive(ss, root[:], "tacit/1/rk", 96)
	defer clear(out)
	return key(out), key(out[32:]), key(out[64:])
}

func kdfChain(chain key) (message, next key) {
	return identity.MAC(chain[:], []byte{1}), identity.MAC(chain[:], []byte{2})
}

func (s *State) kemInfo() []byte { return append([]byte("tacit/1/ratchet"), s.ad[:]...) }
