package node

import (
	"fmt"

	"tacit/identity"
)

// What holds keys, or who asks for what, prints identity.Redacted.

// Format prints identity.Redacted.
func (Options) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*Node) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*service) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*keyring) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*forwarder) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (tunnel) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (talk) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (caller) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*lobby) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*guests) Format(f fmt.State, _ rune) { identity.Redact(f) }
