package storage

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (unlocks) Format(f fmt.State, _ rune) { identity.Redact(f) }
