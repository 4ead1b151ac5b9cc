package client

import (
	"fmt"

	"tacit/identity"
)

// What holds accounts, or names nodes, prints identity.Redacted.

// Format prints identity.Redacted.
func (*Client) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (call) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (room) Format(f fmt.State, _ rune) { identity.Redact(f) }
