package transport

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (*parties) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (claim) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*link) Format(f fmt.State, _ rune) { identity.Redact(f) }
