package pairing

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (State) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Secrets) Format(f fmt.State, _ rune) { identity.Redact(f) }

// MarshalText returns identity.Redacted.
func (Secrets) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }
