// Package pairing is the five-message handshake by which two people meet. R
// presents a card and S has it; afterwards they share the keys of a session and
// twelve digits that nobody between them could have made equal.
//
//	M1 S->R  pk_e 1216 || c 32
//	M2 R->S  ct_e 1120 || x2 2976
//	M3 S->R  ct_R 1120 || x3 2976
//	M4 R->S  ct_S 1120 || HMAC(mk, "R") 32
//	M5 S->R  HMAC(mk, "S") 32
//
//	c  = H("tacit/1/com", bundle_S, profile_S, N_S, pk_e)
//	k1 = HKDF(ss_e, salt=SHA256(inv), "k1" || H(M1, ct_e))
//	x2 = cAEAD(k1, bundle_R 1249 || profile_R 258 || N_R 32 || rpk_R 1216 || 149 zeros, "")
//	T2 = H(M1, ct_e, x2)
//	k2 = HKDF(ss_R, salt=k1, Join("k2", T2, bundle_R, ct_R))
//	x3 = cAEAD(k2, bundle_S 1249 || profile_S 258 || N_S 32 || 1365 zeros, "")
//	mk = HKDF(ss_S, salt=k2, "mk" || H(T2, bundle_S, profile_S, bundle_R, N_S, N_R, ct_R, ct_S))
//	SK || HKa || NHKb || RS = HKDF(mk, salt="", "tacit/1/session", 128)
//	digits = HKDF(N_S || N_R, salt=T2, Join("sas", bundle_S, profile_S, bundle_R), 16) mod 10^12
//	AD = H(fp_S, fp_R, 0x01)
//
//	KEM info: ct_e "tacit/1/pair/e" || H(M1), ct_R "tacit/1/pair/R" || T2,
//	          ct_S "tacit/1/pair/S" || H(T2, ct_R, x3)
//
// H is identity.Hash: SHA-256 over identity.Join. A profile is length 2 || name,
// with zeros up to 258 in a message and without them where it is hashed. M1 is
// the whole cell. Every message is one cell of 4096 bytes, as those of a session
// are; what M1, M4 and M5 leave of it is random, and M1's is hashed with it.
// Which message a cell is follows from where its receiver stands:
//
//	R:  Offered --M1--> Answered --M3--> Confirming --M5 or S's first ratchet cell--> Agreed
//	       (sends M2)      (sends M4)
//	S:  Searching --M2--> Replied --M4--> Agreed
//	  (sends M1)  (sends M3)     (sends M5)
//
// A repeated message is answered as before, byte for byte. A cell that does not
// verify changes nothing. Wrong keys or a wrong code lead from anywhere to Failed.
//
// A session reset is the same between two who know one another: inv comes from what
// they share, each checks the other's keys against the known ones, profiles are
// empty, no code is compared, and the messages have 3999 bytes, at the expense of
// their fill. As M1 is hashed whole, no message of the one kind serves in the other.
package pairing

import (
	"errors"
	"time"

	"tacit/identity"
)

// Phase is where a pairing stands.
type Phase byte

// The phases, as drawn above.
const (
	Offered    Phase = 1 // R: the card waits
	Answered   Phase = 2 // R: M2 was sent
	Confirming Phase = 3 // R: M4 was sent; Peer is known by claim
	Searching  Phase = 4 // S: M1 was sent
	Replied    Phase = 5 // S: M3 was sent; Peer is known by claim
	Agreed     Phase = 6 // both hold the same keys; codes may be compared
	Failed     Phase = 7 // ended for good
)

// Why a cell was dropped. The state is unchanged.
var (
	ErrForged  = errors.New("pairing message forged or out of place")
	ErrBusy    = errors.New("card is being answered")
	ErrTooMany = errors.New("card was opened too often")
	ErrExpired = errors.New("card expired")
	ErrEnded   = errors.New("pairing has ended")
)

// Why a pairing failed for good, or did not begin.
var (
	ErrOwn         = errors.New("keys are one's own")
	ErrWrongPeer   = errors.New("keys are not those of the card")
	ErrCommitment  = errors.New("keys are not those that were committed to")
	ErrNameTooLong = errors.New("name too long")
	ErrMalformed   = errors.New("pairing malformed")
)

type key = [32]byte

// State is one side of a pairing. It is a value: Receive and the others return
// the next one and leave it unchanged. What its slices point to is never written
// again.
type State struct {
	kind      kind
	phase     Phase
	presenter bool
	scanned   bool                 // S: by camera
	checked   bool                 // the peer's digits were right
	begun     bool                 // the keys of the session were taken over and erased here
	card      identity.Card        // byCard
	known     identity.Fingerprint // byReset: the peer
	invite    [16]byte             // byReset: inv
	name      string               // own
	seen      []key                // R: hashes of the first messages, oldest first

	last  []byte // the cell to send again
	heard key    // hash of the peer's cell that last was the answer to

	// R: the session with one first message.
	m1 key    // its hash
	m2 []byte // what it was answered
	at int64  // when, Unix seconds

	// What one message leaves for the next; erased after it.
	nonce      key    // own N
	seed       key    // S: of pk_e; R: of rpk_R
	chain      key    // R: k1; S: k2
	t2         key    // T2
	peerNonce  key    // S: N_R
	commitment key    // R: c
	ephemeral  []byte // R: pk_e, 1216
	confirm    key    // R: what M5 must be

	peer     identity.Bundle
	peerName string
	secrets  Secrets
	digits   [2 * codeDigits]byte
}

// Result is what the caller has to do after Receive, once the next state is kept.
// The state shares Reply's memory, which must not be written to.
type Result struct {
	Reply   []byte // the cell to send, or nil
	Changed bool   // the next state differs from this one
}

// Secrets is what a completed pairing gives to a session.
type Secrets struct {
	Sender     bool            // this side is S, the ratchet's Alice
	SK         [32]byte        // first root key
	HKa        [32]byte        // S's first header key
	NHKb       [32]byte        // R's first header key
	RS         [32]byte        // secret of later session resets; zero from a reset
	T2         [32]byte        // transcript; of two sessions made together the greater one sends
	AD         [32]byte        // binds every message of the session to the two
	RatchetKey []byte          // S: R's first ratchet public key, 1216 bytes; R: its seed, 32 bytes
	Peer       identity.Bundle // whom the session is with
}

// Receive takes a message of the peer. After ErrForged, ErrBusy, ErrTooMany,
// ErrExpired and ErrEnded the cell is to be dropped, and the state is unchanged;
// after ErrOwn, ErrWrongPeer and ErrCommitment the next state is Failed.
func (s State) Receive(id *identity.Identity, cell []byte, now time.Time) (Result, State, error) {
	if len(cell) != s.size() {
		return Result{}, s, ErrForged
	}
	switch {
	case s.phase == Failed:
		return Result{}, s, ErrEnded
	case s.presenter:
		return s.receiveR(id, cell, now)
	default:
		return s.receiveS(id, cell)
	}
}

// Last returns the cell to send again until the peer's next one arrives, or nil.
func (s State) Last() []byte { return s.last }

// FirstMessages returns the hashes of the distinct M1 that were answered, at most
// MaxFirstMessages, to be kept with the card, and one in a reset.
func (s State) FirstMessages() [][32]byte { return s.seen }

// Phase says where the pairing stands.
func (s State) Phase() Phase { return s.phase }

// Presenter reports whether this side is R.
func (s State) Presenter() bool { return s.presenter }

// Scanned reports whether this side is S and a camera read the card from R's screen.
func (s State) Scanned() bool { return s.scanned }

// Card returns the card of the pairing; a reset has none.
func (s State) Card() identity.Card { return s.card }

// Peer returns who the peer claims to be; ok once its keys and name have arrived.
// The name is as they sent it, not cleaned.
func (s State) Peer() (b identity.Bundle, name string, ok bool) {
	ok = s.phase == Confirming || s.phase == Replied || s.phase == Agreed
	return s.peer, s.peerName, ok
}

// Secrets returns what the session begins with. ok for S in Agreed, and for R
// from Confirming on: R tries S's first ratchet cell with them, and does nothing
// else before Agreed. After Begun there are none.
func (s State) Secrets() (Secrets, bool) {
	return s.secrets, (s.phase == Confirming || s.phase == Agreed) && !s.begun
}

// ResetSecret returns RS; ok in Agreed, for a pairing with a card.
func (s State) ResetSecret() (rs [32]byte, ok bool) {
	return s.secrets.RS, s.phase == Agreed && s.kind == byCard
}

// IsReset reports whether BeginReset or AwaitReset made this pairing.
func (s State) IsReset() bool { return s.kind == byReset }

// Begun is for Agreed, when a session was made of Secrets: it erases the keys that
// would open its first messages, which a pairing outlives by hours. Elsewhere it
// changes nothing.
func (s State) Begun() State {
	if s.phase == Agreed {
		s.begun, s.secrets = true, Secrets{RS: s.secrets.RS}
	}
	return s
}

// kept returns what outlives every message.
func (s State) kept(phase Phase) State {
	return State{
		kind: s.kind, phase: phase, presenter: s.presenter, scanned: s.scanned, checked: s.checked,
		card: s.card, known: s.known, invite: s.invite, name: s.name, seen: s.seen,
	}
}

// fail ends the pairing; nothing secret is left in it but the card.
func (s State) fail(err error) (Result, State, error) {
	return Result{Changed: true}, s.kept(Failed), err
}
