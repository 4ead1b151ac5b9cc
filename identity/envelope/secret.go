package envelope

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (Token) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Grant) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Issued) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Held) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (File) Format(f fmt.State, _ rune) { identity.Redact(f) }

// MarshalText returns identity.Redacted.
func (Token) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (Grant) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (File) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// Format prints identity.Redacted.
func (given) Format(f fmt.State, _ rune) { identity.Redact(f) }
