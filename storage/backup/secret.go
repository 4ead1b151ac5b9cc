package backup

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (Reader) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Writer) Format(f fmt.State, _ rune) { identity.Redact(f) }
