package transport

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (*parties) Format(f fmt.State, _ rune) { identity.Redact(f) }
