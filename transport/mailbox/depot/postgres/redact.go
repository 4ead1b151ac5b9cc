package postgres

import (
	"fmt"

	"tacit/identity"
)

// What is kept for accounts, or names them, prints as identity.Redacted.

// Format prints identity.Redacted.
func (*Depot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*notices) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (name) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (account) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (attempt) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (lot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (claim) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (request) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (claimed) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (rows) Format(f fmt.State, _ rune) { identity.Redact(f) }
