package storage

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (unlocks) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (profileEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (contactEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (settingEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (messageEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (chatEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (saidEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (fileEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (editEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (nodeEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (lotEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (offerEntry) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (row) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (candidates) Format(f fmt.State, _ rune) { identity.Redact(f) }
