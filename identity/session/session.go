// Package session joins all that is shared with one contact.
package session

import (
	"errors"
	"time"

	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// MaxContent is the longest content that Seal takes.
const MaxContent = envelope.MaxContent

// Why a box does not open or cannot be sealed.
var (
	ErrNotReady  = errors.New("peer has not been heard yet") // Seal: R before S's first cell
	ErrUnknown   = errors.New("no key opens the header")     // not of this contact, or keys lost
	ErrUsed      = errors.New("message number was used")     // the number was opened with another body, or its key expired
	ErrForged    = errors.New("body does not open")
	ErrMalformed = errors.New("malformed")
	ErrTooLong   = envelope.ErrTooLong
)

// State is the ratchets of one contact: the one that sends, and older ones that
// only receive, for 30 days. It is a value: every method returns the next state
// and leaves this one unchanged. The zero State has no ratchet.
type State struct{}

// New returns the state of a first pairing.
func New(p pairing.Secrets, now time.Time) (State, error) { panic("session: not yet") }

// Replace adds the ratchet of a later pairing with the same contact. Of two made
// within 10 min the one with the greater T2 sends; else the later one. The other
// only receives, for 30 days.
func (s State) Replace(p pairing.Secrets, now time.Time) (State, error) { panic("session: not yet") }

// Seal pads content to the smallest class and seals it. The next state must be
// durable before the box leaves. ErrNotReady, ErrTooLong.
func (s State) Seal(content []byte, now time.Time) (box []byte, next State, err error) {
	panic("session: not yet")
}

// Open opens a box (a cell without its token) with whichever ratchet knows it.
// With an error, next is s. ErrUnknown, ErrUsed, ErrForged, ErrMalformed.
func (s State) Open(box []byte, now time.Time) (content []byte, next State, err error) {
	panic("session: not yet")
}

// Ready reports whether Seal can work: R's side cannot before S's first cell.
func (s State) Ready() bool { panic("session: not yet") }

// Marshal returns the state as bytes, secrets included.
func (s State) Marshal() []byte { panic("session: not yet") }

// Unmarshal reads what Marshal returned. ErrMalformed.
func Unmarshal(b []byte) (State, error) { panic("session: not yet") }

// Digest names a box: SHA256(box)[:16].
func Digest(box []byte) [16]byte { panic("session: not yet") }
