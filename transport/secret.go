package transport

import (
	"fmt"

	"tacit/identity"
)

// Format prints identity.Redacted.
func (*parties) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (claim) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*link) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*greeter) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*relayStation) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*keeper) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*internet) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*Network) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (seeker) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (quest) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (met) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (errand) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (presence) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*nearStation) Format(f fmt.State, _ rune) { identity.Redact(f) }
