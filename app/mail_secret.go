package app

import (
	"fmt"

	"tacit/identity"
)

// What is under way by mailbox holds tokens, which are the right to write to somebody.

// Format prints identity.Redacted.
func (mailing) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (mailed) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (mail) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (desk) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*fetcher) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (payment) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (letter) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (parcel) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (tokens) Format(f fmt.State, _ rune) { identity.Redact(f) }
