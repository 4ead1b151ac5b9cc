package sqlite

import (
	"fmt"

	"tacit/identity"
)

// What is kept for accounts, or names them, prints as identity.Redacted.

// Format prints identity.Redacted.
func (*Depot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (tx) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (ledger) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (lotRow) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (accountRow) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (slotRow) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (claim) Format(f fmt.State, _ rune) { identity.Redact(f) }
