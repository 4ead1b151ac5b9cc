package cryptfs

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (*FS) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (file) Format(f fmt.State, _ rune) { identity.Redact(f) }
