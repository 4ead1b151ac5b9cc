package app

import (
	"fmt"

	"tacit/identity"
)

// The records, and what the loop makes of them, hold keys, cards and what people said.
// encoding/json would write exported fields all the same: it takes MarshalText.

// Format prints identity.Redacted.
func (ProfileRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (ContactRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (CardRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (PairingRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted: whoever has the text of a card can answer it.
func (CardOffer) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted: its body holds what somebody said.
func (Saying) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (lineRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (pairingRecord1) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (pairingRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (content) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (line) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (pairing) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (peer) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (latestTexts) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (state) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*Messenger) Format(f fmt.State, _ rune) { identity.Redact(f) }

// MarshalText returns identity.Redacted.
func (ProfileRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (ContactRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (CardRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (PairingRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (Saying) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (lineRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (pairingRecord1) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (pairingRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (content) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }
