package session

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (State) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Reset) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Grants) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Index[K]) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (place[K]) Format(f fmt.State, _ rune) { identity.Redact(f) }
