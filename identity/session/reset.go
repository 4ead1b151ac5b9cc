package session

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
)

// ErrTooSoon says that a reset does not begin within an hour of the last one.
var ErrTooSoon = errors.New("session was reset within the hour")

// Reset is one side of the renewal of a contact's ratchet: the five messages of
// package pairing between two who know one another, each within a box that only they
// can open. The one with the lower fingerprint is S and begins; R asks S to.
//
//	box    4080   cAEAD(HKDF(RS, "", "tacit/1/reset", 32), plain, "")
//	plain  4008   n 8 || type 1 || message 3999
//	type          0: an ask, R to S, whose message is zeros; 1 to 5: M1 to M5
//	inv           HKDF(RS, "", "r" || n 8, 16), for the pairing of number n
//
//	S:  idle --Start, or an ask--> M1 sent --M2--> M3 sent --M4--> idle (keeps M5)
//	R:  idle --Start--> asking --M1--> M2 sent --M3--> M4 sent --M5 or S's first box--> idle
//	     +------------------M1-------->
//
// n grows with each reset. A greater number takes the place of a reset under way. Where
// the two are not at the same place, one of them is an older copy of itself: then R asks
// for a number above all it knows of, and S begins with one. It is a value: Start and
// Receive return the next one and leave it unchanged.
type Reset struct {
	rs      [32]byte
	seen    uint64        // the greatest n; that of pairing
	ended   int64         // when the last reset ended, Unix seconds; 0: none did
	asking  bool          // R: S is asked to begin
	pairing pairing.State // under way, or S's in Agreed, for its M5; zero: none
}

// Step is what the caller has to do once the next Reset is kept, with its Number.
type Step struct {
	Reply   []byte           // the box to send, 4080 bytes, or nil
	Changed bool             // the next Reset differs from this one
	Renewed *pairing.Secrets // the keys are agreed: for State.Renew, together with the next Reset; nil otherwise
	Opens   bool             // R: the box was S's first of the new ratchet, and opens after Renew
}

// NewReset returns what can reset a session of RS, where no number above seen was
// used. Nothing is under way.
func NewReset(rs [32]byte, seen uint64) Reset { return Reset{rs: rs, seen: seen} }

// Start begins a reset: as S with M1, as R by asking for it. One that is under way
// goes on, and Reply repeats its last box. ErrTooSoon, ErrExhausted.
func (r Reset) Start(id *identity.Identity, peer identity.Bundle, now time.Time) (Step, Reset, error) {
	switch {
	case r.UnderWay():
		return Step{Reply: r.Last()}, r, nil
	case r.tooSoon(now):
		return Step{}, r, ErrTooSoon
	case leads(id, peer):
		return r.begin(id, peer, r.seen+1)
	case r.seen >= maxNumber:
		return Step{}, r, ErrExhausted
	}
	next := Reset{rs: r.rs, seen: r.seen, ended: r.ended, asking: true}
	return Step{Reply: next.Last(), Changed: true}, next, nil
}

// begin is for S: it takes number n.
func (r Reset) begin(id *identity.Identity, peer identity.Bundle, n uint64) (Step, Reset, error) {
	if n > maxNumber {
		return Step{}, r, ErrExhausted
	}
	p, err := pairing.BeginReset(id, peer, r.invite(n))
	if err != nil {
		return Step{}, r, err
	}
	next := Reset{rs: r.rs, seen: n, ended: r.ended, pairing: p}
	return Step{Reply: next.Last(), Changed: true}, next, nil
}

// Last returns the box to send until the peer's next one comes, or nil. The message in
// it is the same each time; the box is not, so that two of them cannot be linked.
func (r Reset) Last() []byte {
	switch {
	case r.asking:
		return r.ask(r.seen + 1)
	case r.UnderWay():
		return r.seal(message{r.seen, r.expects() - 1, r.pairing.Last()})
	}
	return nil
}

// UnderWay reports whether a reset was begun or asked for that has not ended.
func (r Reset) UnderWay() bool {
	return r.asking || r.pairing.Phase() != 0 && r.pairing.Phase() != pairing.Agreed
}

// Number returns the greatest number that was used or seen. It must survive what
// the rest of Reset does not: a backup.
func (r Reset) Number() uint64 { return r.seen }

// Settle forgets the M5 that S keeps for an M4 that comes again. It is for when R was
// heard in the new ratchet (State.Heard), and changes nothing while a reset is under way.
func (r Reset) Settle() Reset {
	if !r.UnderWay() {
		r.pairing = pairing.State{}
	}
	return r
}

// leads reports whether this side is S.
func leads(id *identity.Identity, peer identity.Bundle) bool {
	own, other := id.Fingerprint(), peer.Fingerprint()
	return bytes.Compare(own[:], other[:]) < 0
}

// tooSoon reports whether the last reset ended within the hour. A clock that went back
// since then does not block.
func (r Reset) tooSoon(now time.Time) bool {
	since := now.Unix() - r.ended
	return r.ended != 0 && 0 <= since && since < int64(resetPause/time.Second)
}

// invite is inv of number n.
func (r Reset) invite(n uint64) [16]byte {
	info := binary.BigEndian.AppendUint64([]byte("r"), n)
	return [16]byte(identity.Derive(r.rs[:], nil, string(info), 16))
}

// expects returns which message the reset under way goes on with.
func (r Reset) expects() messageType {
	switch r.pairing.Phase() {
	case pairing.Searching:
		return 2
	case pairing.Answered:
		return 3
	case pairing.Replied:
		return 4
	case pairing.Confirming:
		return 5
	}
	return 6 // agreed: with nothing more
}
