package mailbox

import (
	"fmt"

	"tacit/identity"
)

// What holds keys, tokens, cells, or names of presences and slots prints identity.Redacted.

// Format prints identity.Redacted.
func (Talk) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Served) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (line) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Key) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (KeyRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (KeyID) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Put) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Look) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (LeaveCell) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (ReadCell) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Forward) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Login) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Fetch) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (PutLot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (DropLot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Presences) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Register) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Slot) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Looked) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Cell) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Fetched) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Item) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (Presence) Format(f fmt.State, _ rune) { identity.Redact(f) }
