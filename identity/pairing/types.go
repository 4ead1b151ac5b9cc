// Package pairing is the five-message handshake by which two people meet.
package pairing

import (
	"errors"

	"tacit/identity"
)

// Phase is where a pairing stands.
type Phase byte

const (
	Offered    Phase = 1 // R: the card waits
	Answered   Phase = 2 // R: M2 was sent
	Confirming Phase = 3 // R: M4 was sent; Peer is known by claim
	Searching  Phase = 4 // S: M1 was sent
	Replied    Phase = 5 // S: M3 was sent; Peer is known by claim
	Agreed     Phase = 6 // both hold the same keys; codes may be compared
	Failed     Phase = 7 // ended for good
)

// Why a cell, a code or a pairing is refused.
var (
	ErrForged        = errors.New("pairing message forged or out of place") // dropped
	ErrBusy          = errors.New("card is being answered")                 // dropped
	ErrTooMany       = errors.New("card was opened too often")              // dropped
	ErrExpired       = errors.New("card expired")                           // dropped
	ErrOwn           = errors.New("card is one's own")
	ErrWrongPeer     = errors.New("keys are not those of the card or contact")
	ErrCommitment    = errors.New("keys are not those that were committed to")
	ErrNameTooLong   = errors.New("name too long")
	ErrCodeWrong     = errors.New("code wrong")
	ErrCodeMalformed = errors.New("code is not six digits")
	ErrNotYet        = errors.New("no code to compare yet")
	ErrMalformed     = errors.New("pairing state malformed")
)

// Secrets is what a completed pairing gives to a session.
type Secrets struct {
	Sender     bool     // this side is S, the ratchet's Alice
	SK         [32]byte // first root key
	HKa        [32]byte // S's first header key
	NHKb       [32]byte // R's first header key
	RS         [32]byte // secret of later session resets
	T2         [32]byte // transcript; of two sessions made together the greater one sends
	AD         [32]byte // H(fp_S || fp_R || version): binds every message to the two
	RatchetKey []byte   // S: R's first ratchet public key, 1216 bytes; R: its seed, 32 bytes
	Peer       identity.Bundle
}
