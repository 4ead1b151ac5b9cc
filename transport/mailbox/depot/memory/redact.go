package memory

import (
	"fmt"

	"tacit/identity"
)

// What is kept for accounts, or names them, prints as identity.Redacted.

// Format prints identity.Redacted.
func (*Depot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (account) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (cell) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (lot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (slot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (page) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (invite) Format(f fmt.State, _ rune) { identity.Redact(f) }
