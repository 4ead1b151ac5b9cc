package vault

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (Vault) Format(f fmt.State, _ rune) { identity.Redact(f) }
