package pairing

import (
	"time"

	"tacit/identity"
)

// CellSize is the size of every message of a pairing.
const CellSize = 4096

// State is one side of a pairing. It is a value: Receive and the others return
// the next one and leave it unchanged.
type State struct{}

// Result is what the caller has to do after Receive, once the next state is kept.
type Result struct {
	Reply   []byte // the cell to send, or nil
	Changed bool   // the next state differs from this one
}

// Present begins as R, who shows card. seen are the hashes of the first messages
// that the card has met before (FirstMessages of an earlier State).
func Present(id *identity.Identity, name string, card identity.Card, seen [][32]byte) (State, error) {
	panic("pairing: not yet")
}

// Scan begins as S, who has somebody's card; scanned says that a camera read it
// from their screen. Last is then M1.
func Scan(id *identity.Identity, name string, card identity.Card, scanned bool) (State, error) {
	panic("pairing: not yet")
}

// Again pins the peer: whoever answers must have this fingerprint.
func (s State) Again(fp identity.Fingerprint) State { panic("pairing: not yet") }

// Receive takes a cell of the peer. An error that wraps ErrForged or ErrBusy left
// the state unchanged and the cell is to be dropped; after any other error the next state has
// failed for good and must be kept.
func (s State) Receive(id *identity.Identity, cell []byte, now time.Time) (Result, State, error) {
	panic("pairing: not yet")
}

// Confirm is for R in Confirming: the first ratchet cell of S opened, which says what M5 says.
func (s State) Confirm() State { panic("pairing: not yet") }

// Drop ends R's session with a first message, before it was completed, so that another one can be answered.
func (s State) Drop() State { panic("pairing: not yet") }

// Last returns the cell to send again until the peer's next one arrives, or nil.
func (s State) Last() []byte { panic("pairing: not yet") }

// FirstMessages returns the hashes of the distinct M1 that the card has met, at most 3, to be kept with the card.
func (s State) FirstMessages() [][32]byte { panic("pairing: not yet") }

// Phase says where the pairing stands.
func (s State) Phase() Phase { panic("pairing: not yet") }

// Presenter reports whether this side is R.
func (s State) Presenter() bool { panic("pairing: not yet") }

// Scanned reports whether this side is S and read the card by camera.
func (s State) Scanned() bool { panic("pairing: not yet") }

// Card returns the card of the pairing.
func (s State) Card() identity.Card { panic("pairing: not yet") }

// Peer returns who the peer claims to be; ok once its keys and name have arrived.
func (s State) Peer() (b identity.Bundle, name string, ok bool) { panic("pairing: not yet") }

// Show returns the six digits to read to the peer, or "" before they may be shown
// (S: once M4 is verified; R: once M5 is).
func (s State) Show() string { panic("pairing: not yet") }

// Check compares the digits that the peer read out, "123456". There is one attempt:
// ErrCodeWrong comes with a state that has failed for good. ErrCodeMalformed (not six digits) and ErrNotYet
// (no code to compare yet) leave the state unchanged.
func (s State) Check(code string) (State, error) { panic("pairing: not yet") }

// Checked reports whether Check succeeded.
func (s State) Checked() bool { panic("pairing: not yet") }

// Secrets returns what the session begins with. ok for S in Agreed, and for R
// from Confirming on: R tries S's first ratchet cell with them, and nothing else
// before Agreed.
func (s State) Secrets() (Secrets, bool) { panic("pairing: not yet") }

// Marshal returns the state as bytes, secrets included.
func (s State) Marshal() []byte { panic("pairing: not yet") }

// Unmarshal reads what Marshal returned. ErrMalformed.
func Unmarshal(b []byte) (State, error) { panic("pairing: not yet") }
