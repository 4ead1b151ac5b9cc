// Package session joins all that is shared with one contact: the ratchets that
// seal and open boxes, and the grants by which each side lets the other write.
package session

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"tacit/identity/envelope"
	"tacit/identity/pairing"
	"tacit/identity/ratchet"
)

// MaxContent is the longest content that Seal takes, in bytes.
const MaxContent = envelope.MaxContent

// A cell is full when the ratchet adds what the envelope leaves for it.
var _ = [1]struct{}{}[ratchet.Overhead-envelope.BoxOverhead]

// Why a box does not open or cannot be sealed. The state is unchanged.
var (
	ErrNotReady  = ratchet.ErrNotReady  // Seal, by R before S's first cell was opened
	ErrExhausted = ratchet.ErrExhausted // Seal, after 2^32 messages without an answer; Reset, after 2^62 numbers
	ErrTooLong   = envelope.ErrTooLong  // Seal
	ErrUnknown   = ratchet.ErrUnknown   // no key opens the header: not of this contact, or keys were lost
	ErrUsed      = ratchet.ErrUsed      // the number was opened before, with this body or another one, or its key expired
	ErrTooFar    = ratchet.ErrTooFar    // the header skips more messages than the peer may
	ErrForged    = ratchet.ErrForged    // the body does not open
	ErrMalformed = ratchet.ErrMalformed // wrong length, or what no peer of this version writes
)

// line is one ratchet with what decides whether it sends.
type line struct {
	t2    [32]byte
	made  int64    // Unix seconds
	until int64    // Unix seconds: forgotten then; 0 for the one that sends
	rs    [32]byte // secret of the resets by which both sides can renew it; zero: not known
	from  origin
	r     ratchet.State
}

// origin is the pairing that a line is of, or whose place it took by a reset.
// Between pairings it decides in the line's stead: a reset on one side of two
// simultaneous pairings must not change which of them both sides choose.
type origin struct {
	t2   [32]byte
	made int64 // Unix seconds; 0: not known, and earlier than any other
}

// State is the ratchets of one contact: one that sends and receives, and replaced
// ones that only receive, for 30 days. It is a value: every method returns the
// next state and leaves this one unchanged. The zero State has no ratchet.
type State struct {
	lines []line // the sending one first, then latest first; never written again
}

// New returns the state after a first pairing.
func New(p pairing.Secrets, now time.Time) (State, error) { return State{}.Replace(p, now) }

// Replace adds the ratchet of a later pairing with the same contact. Of two made
// within 10 min the one with the greater T2 sends, so that both sides choose
// alike; else the later one. The other only receives. Adding one again changes
// nothing. ErrMalformed.
func (s State) Replace(p pairing.Secrets, now time.Time) (State, error) {
	if slices.ContainsFunc(s.lines, func(l line) bool { return l.t2 == p.T2 }) {
		return s, nil
	}
	r, err := begin(p)
	if err != nil {
		return s, err
	}
	made := now.Unix()
	added := line{t2: p.T2, made: made, rs: p.RS, from: origin{p.T2, made}, r: r}
	return s.add(added, now), nil
}

// Merge adds the ratchets of other, another pairing with the same contact, where
// they have moved already. The rule is that of Replace.
func (s State) Merge(other State, now time.Time) State {
	for _, l := range other.lines {
		if !slices.ContainsFunc(s.lines, func(o line) bool { return o.t2 == l.t2 }) {
			s = s.add(l, now)
		}
	}
	return s
}

// add adds the ratchet of a pairing.
func (s State) add(added line, now time.Time) State {
	if len(s.lines) == 0 || !s.lines[0].from.outranks(added.from) {
		return s.put(added, now)
	}
	added.until = now.Add(receiveLife).Unix()
	return State{slices.Insert(slices.Clone(s.lines), 1, added)}.bound(now)
}

// put adds a ratchet that sends from now on.
func (s State) put(added line, now time.Time) State {
	lines := append([]line{added}, s.lines...)
	if len(s.lines) > 0 {
		lines[1].until = now.Add(receiveLife).Unix()
	}
	return State{lines}.bound(now)
}

// bound drops the ratchets that are too many or too old.
func (s State) bound(now time.Time) State {
	s.lines = s.lines[:min(len(s.lines), 1+maxReceiving)]
	next, _ := s.Expire(now)
	return next
}

// outranks reports whether o, which came first, is chosen before later.
func (o origin) outranks(later origin) bool {
	return together(o.made, later.made) && bytes.Compare(o.t2[:], later.t2[:]) > 0
}

func together(a, b int64) bool {
	return max(a, b)-min(a, b) <= int64(togetherSpan/time.Second)
}

// begin starts this side's ratchet of a pairing.
func begin(p pairing.Secrets) (ratchet.State, error) {
	if p.Sender {
		return ratchet.NewAlice(p.SK, p.HKa, p.NHKb, p.RatchetKey, p.AD)
	}
	if len(p.RatchetKey) != 32 {
		return ratchet.State{}, ErrMalformed
	}
	return ratchet.NewBob(p.SK, p.HKa, p.NHKb, [32]byte(p.RatchetKey), p.AD), nil
}

// Ready reports whether Seal can work: R's side cannot before S's first cell.
func (s State) Ready() bool { return len(s.lines) > 0 && s.lines[0].r.Ready() }

// Seal pads content to the smallest class that holds it and seals it: box has
// envelope.SmallBox or LargeBox bytes. The next state must be durable before the
// box leaves. ErrNotReady, ErrTooLong, ErrExhausted.
func (s State) Seal(content []byte, now time.Time) (box []byte, next State, err error) {
	if len(s.lines) == 0 {
		return nil, s, ErrNotReady
	}
	padded, err := envelope.Pad(content)
	if err != nil {
		return nil, s, err
	}
	box, r, err := s.lines[0].r.Seal(padded, now)
	if err != nil {
		return nil, s, fmt.Errorf("seal: %w", err)
	}
	return box, s.with(0, r), nil
}

// Open opens a box (a cell without its token) with whichever ratchet knows it.
// With an error, next is s. ErrUnknown, ErrUsed, ErrTooFar, ErrForged, ErrMalformed.
func (s State) Open(box []byte, now time.Time) (content []byte, next State, err error) {
	content, next, _, err = s.open(box, now)
	return content, next, err
}

// Adopt is Open for a contact who has lost every other ratchet than the one that
// knows the box: that one sends from now on. One that was made before the one that
// sends says nothing about what was lost since, only that a box comes late: ErrUnknown.
func (s State) Adopt(box []byte, now time.Time) (content []byte, next State, err error) {
	content, next, i, err := s.open(box, now)
	if err != nil || i == 0 {
		return content, next, err
	}
	chosen := next.lines[i]
	if s.isLate(chosen) {
		return nil, s, ErrUnknown
	}
	chosen.until = 0
	others := slices.Delete(slices.Clone(next.lines), i, i+1)
	others[0].until = now.Add(receiveLife).Unix()
	return content, State{append([]line{chosen}, others...)}, nil
}

// isLate reports whether a ratchet was made before the one that sends, and not
// together with it. A reset is together with nothing: both agreed to leave the others.
func (s State) isLate(l line) bool {
	first := s.lines[0]
	renewed := first.t2 != first.from.t2
	return l.made < first.made && (renewed || !together(l.made, first.made))
}

// open also returns which line knew the box.
func (s State) open(box []byte, now time.Time) (content []byte, next State, i int, err error) {
	if !envelope.IsBox(len(box)) {
		return nil, s, 0, ErrMalformed
	}
	for i, l := range s.lines {
		padded, r, err := l.r.Open(box, now)
		if err == ErrUnknown {
			continue
		}
		if err != nil {
			return nil, s, 0, fmt.Errorf("open: %w", err)
		}
		content, err := envelope.Unpad(padded)
		if err != nil {
			return nil, s, 0, ErrMalformed
		}
		return content, s.with(i, r), i, nil
	}
	return nil, s, 0, ErrUnknown
}

// with returns the state in which one ratchet has moved.
func (s State) with(i int, r ratchet.State) State {
	lines := slices.Clone(s.lines)
	lines[i].r = r
	return State{lines}
}

// Expire forgets what is kept for 30 days only: replaced ratchets, and the keys
// of messages that never came. It is worth calling once a day.
func (s State) Expire(now time.Time) (next State, changed bool) {
	for _, l := range s.lines {
		if l.until != 0 && l.until < now.Unix() {
			changed = true
			continue
		}
		r, expired := l.r.Expire(now)
		changed = changed || expired
		l.r = r
		next.lines = append(next.lines, l)
	}
	if !changed {
		return s, false
	}
	return next, true
}

// Digest names a box: SHA256(box)[:16].
func Digest(box []byte) [16]byte {
	sum := sha256.Sum256(box)
	return [16]byte(sum[:])
}
