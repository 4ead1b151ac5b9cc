package pairing

import (
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"tacit/identity"
)

// codeDigits is how many digits each side shows. The chance of somebody in between
// is 1 in 10^6 on each side, once.
const codeDigits = 6

// Why a code was not accepted.
var (
	ErrCodeWrong     = errors.New("code wrong")
	ErrCodeMalformed = errors.New("code is not six digits")
	ErrNotYet        = errors.New("no code to compare")
)

// shortString returns the twelve digits that both sides share. Nothing that a peer can
// choose after the nonces are revealed enters them.
func (t transcript) shortString() (digits [2 * codeDigits]byte) {
	info := identity.Join([]byte("sas"), t.bundleS[:], t.profileS, t.bundleR[:])
	nonces := append(t.nonceS[:], t.nonceR[:]...)
	defer clear(nonces)
	b := identity.Derive(nonces, t.t2[:], string(info), 16)
	const modulus = 1_000_000_000_000
	_, n := bits.Div64(binary.BigEndian.Uint64(b)%modulus, binary.BigEndian.Uint64(b[8:]), modulus)
	copy(digits[:], fmt.Sprintf("%012d", n))
	return digits
}

// Show returns the six digits to read to the peer, or "" before they may be
// shown, and always in a reset: S shows the first six once M4 is verified, R the
// last six once M5 is.
func (s State) Show() string {
	if s.phase != Agreed || s.kind == byReset {
		return ""
	}
	if s.presenter {
		return string(s.digits[codeDigits:])
	}
	return string(s.digits[:codeDigits])
}

// Check compares the digits that the peer read out, such as "123456". There is one attempt:
// ErrCodeWrong comes with a state that is Failed. ErrCodeMalformed (not six
// digits) and ErrNotYet (nothing to compare with yet, no longer, or ever) leave the state
// unchanged. R may check from Confirming on; the peer is authenticated once the
// code is checked and the phase is Agreed.
func (s State) Check(code string) (State, error) {
	if len(code) != codeDigits || strings.Trim(code, "0123456789") != "" {
		return s, ErrCodeMalformed
	}
	if s.kind == byReset || s.phase != Confirming && s.phase != Agreed || s.checked {
		return s, ErrNotYet
	}
	want := s.digits[codeDigits:]
	if s.presenter {
		want = s.digits[:codeDigits]
	}
	if subtle.ConstantTimeCompare([]byte(code), want) != 1 {
		return s.kept(Failed), ErrCodeWrong
	}
	s.checked = true
	return s, nil
}

// Checked reports whether Check succeeded.
func (s State) Checked() bool { return s.checked }
