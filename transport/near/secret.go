package near

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted: a frame may hold a card.
func (Frame) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Out) Format(f fmt.State, _ rune) { identity.Redact(f) }
