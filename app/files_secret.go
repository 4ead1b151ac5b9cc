package app

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted: whoever has a descriptor can open the cells.
func (FileRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// MarshalText returns identity.Redacted.
func (FileRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }
