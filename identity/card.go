package identity

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"strings"
	"time"
)

// Layout of a card. The whole of it is at most cardFixed + MaxHint = 118 bytes.
const (
	cardVersion     = 1
	cardFlags       = 1
	cardFingerprint = cardFlags + 1
	cardInvite      = cardFingerprint + 32
	cardExpiry      = cardInvite + 16
	cardFixed       = cardExpiry + 4 // 54

	flagShown = 1 << 0

	cardScheme = "TACIT"
	cardPrefix = cardScheme + "1:"
)

// Why a card is not accepted.
var (
	ErrCardMalformed = errors.New("card malformed")
	ErrCardNewer     = errors.New("card of a newer version")
)

var cardEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// Card is what a QR code or a link carries: whom to meet, and the secret by which
// to meet once. Knowing it lets anybody answer it, so it authenticates its
// presenter only where a camera read it from their screen.
type Card struct {
	Shown       bool // shown on a screen, not sent
	Fingerprint Fingerprint
	Invite      [16]byte  // inv: fresh for each card, used once
	Expiry      time.Time // whole seconds; only the presenter enforces it
	Hint        []byte    // where the presenter's node is, as Hint.Marshal gives it, or empty
}

// NewCard makes a card with a fresh invitation that expires ttl after now.
func NewCard(fp Fingerprint, ttl time.Duration, shown bool, now time.Time) Card {
	c := Card{Shown: shown, Fingerprint: fp, Expiry: now.Add(ttl).Truncate(time.Second)}
	rand.Read(c.Invite[:])
	return c
}

// GoodUntil is when the presenter stops answering the card: its expiry, and the
// grace for one that was shown on a screen. The other side never asks: its clock
// may be wrong.
func (c Card) GoodUntil() time.Time {
	if c.Shown {
		return c.Expiry.Add(ScreenCardGrace)
	}
	return c.Expiry
}

// LinkKey returns kb, under which the two of this card find one another on a LAN.
func (c Card) LinkKey() LinkKey {
	return LinkKey(Derive(c.Invite[:], nil, "lan", len(LinkKey{})))
}

// Slot returns the name under which the cell of a pairing waits at the node of the card:
// 1 to 5 are M1 to M5, 6 the first box of S, 7 and 8 the grants of R and S, 9 the next
// box of R.
func (c Card) Slot(n int) [16]byte {
	return [16]byte(Derive(c.Invite[:], nil, "slot"+string([]byte{byte(n)}), 16))
}

// InviteHash returns H("invite", inv), by which a card is remembered when it is over.
func (c Card) InviteHash() [32]byte { return Hash([]byte("invite"), c.Invite[:]) }

// Marshal returns the bytes of the card, 54 to 118.
func (c Card) Marshal() []byte {
	b := make([]byte, cardExpiry, cardFixed+len(c.Hint))
	b[0] = cardVersion
	if c.Shown {
		b[cardFlags] = flagShown
	}
	copy(b[cardFingerprint:], c.Fingerprint[:])
	copy(b[cardInvite:], c.Invite[:])
	b = binary.BigEndian.AppendUint32(b, uint32(c.Expiry.Unix()))
	return append(b, c.Hint...)
}

// String returns the card as a QR code or a link carries it: "TACIT1:...".
func (c Card) String() string {
	return cardPrefix + cardEncoding.EncodeToString(c.Marshal())
}

// UnmarshalCard reads what Marshal returned. ErrCardMalformed, ErrCardNewer.
func UnmarshalCard(b []byte) (Card, error) {
	switch {
	case len(b) == 0:
		return Card{}, ErrCardMalformed
	case b[0] > cardVersion:
		return Card{}, ErrCardNewer
	case b[0] != cardVersion, len(b) < cardFixed, len(b) > cardFixed+MaxHint:
		return Card{}, ErrCardMalformed
	case b[cardFlags]&^flagShown != 0:
		return Card{}, ErrCardNewer // a flag that this version does not know may change what the card means
	}
	c := Card{
		Shown:       b[cardFlags]&flagShown != 0,
		Fingerprint: Fingerprint(b[cardFingerprint:cardInvite]),
		Invite:      [16]byte(b[cardInvite:cardExpiry]),
		Expiry:      time.Unix(int64(binary.BigEndian.Uint32(b[cardExpiry:])), 0),
	}
	if len(b) > cardFixed {
		c.Hint = append([]byte(nil), b[cardFixed:]...)
		if _, err := ParseHint(c.Hint); err != nil {
			return Card{}, err
		}
	}
	return c, nil
}

// ParseCard reads what String returned, blanks around it allowed.
// ErrCardMalformed, ErrCardNewer.
func ParseCard(s string) (Card, error) {
	if len(s) > maxCardText {
		return Card{}, ErrCardMalformed
	}
	s = strings.TrimSpace(s)
	text, ok := strings.CutPrefix(s, cardPrefix)
	if !ok {
		if newerScheme(s, cardScheme) {
			return Card{}, ErrCardNewer
		}
		return Card{}, ErrCardMalformed
	}
	b, err := cardEncoding.DecodeString(text)
	// The decoder skips line breaks and ignores bits of the last character beyond
	// the last byte; a card has one spelling only.
	if err != nil || cardEncoding.EncodeToString(b) != text {
		return Card{}, ErrCardMalformed
	}
	return UnmarshalCard(b)
}

// newerScheme reports whether s begins like a text of the scheme in version 2 or later.
func newerScheme(s, scheme string) bool {
	version, ok := strings.CutPrefix(s, scheme)
	if !ok {
		return false
	}
	version, _, ok = strings.Cut(version, ":")
	if !ok || version == "" || version[0] == '0' {
		return false
	}
	return strings.Trim(version, "0123456789") == ""
}
