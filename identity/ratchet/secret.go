package ratchet

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (State) Format(f fmt.State, _ rune) { identity.Redact(f) }
