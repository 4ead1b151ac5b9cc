package session

import (
	"crypto/subtle"
	"slices"
	"time"

	"tacit/identity/pairing"
)

// Renew adds the ratchet of a reset, which sends from now on; the others only
// receive. p is of Step.Renewed. Adding one again changes nothing. On the zero
// State, after a restore, there are no others. ErrMalformed, also for a reset of
// another pairing than the one whose ratchet sends.
func (s State) Renew(p pairing.Secrets, now time.Time) (State, error) {
	if slices.ContainsFunc(s.lines, func(l line) bool { return l.t2 == p.T2 }) {
		return s, nil
	}
	r, err := begin(p)
	if err != nil {
		return s, err
	}
	added := line{t2: p.T2, made: now.Unix(), rs: p.RS, r: r}
	if len(s.lines) > 0 {
		first := s.lines[0]
		if subtle.ConstantTimeCompare(first.rs[:], p.RS[:]) != 1 {
			return s, ErrMalformed
		}
		added.from = first.from
	}
	return s.put(added, now), nil
}

// ResetSecret returns RS of the ratchet that sends, by which both sides can renew
// it. It is that of the pairing, however many resets there were: a copy older than
// the last of them can still reset. ok unless there is no ratchet, or it was read
// from version 1 without WithResetSecret.
func (s State) ResetSecret() (rs [32]byte, ok bool) {
	if len(s.lines) > 0 {
		rs = s.lines[0].rs
	}
	return rs, known(rs)
}

// known reports whether there is an RS: zeros stand for none.
func known(rs [32]byte) bool {
	var none [32]byte
	return subtle.ConstantTimeCompare(rs[:], none[:]) != 1
}

// WithResetSecret gives RS to the ratchets that were stored without one, by version 1.
func (s State) WithResetSecret(rs [32]byte) State {
	lines := slices.Clone(s.lines)
	for i := range lines {
		if !known(lines[i].rs) {
			lines[i].rs = rs
		}
	}
	return State{lines}
}

// Heard reports whether the ratchet that sends has opened a box of the peer.
func (s State) Heard() bool { return len(s.lines) > 0 && s.lines[0].r.Heard() }
