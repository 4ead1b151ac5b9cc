package identity

import (
	"fmt"
	"io"
)

// Redacted is what a value prints as that holds a secret, whatever the verb, and in
// JSON where its fields would be written, so that no log, error or panic tells it by
// accident. A type that keeps such a value in an unexported field has to do the same:
// package fmt calls no methods there.
const Redacted = "(redacted)"

// Redact is the Format method of such types.
func Redact(f fmt.State) { io.WriteString(f, Redacted) }

// Format prints Redacted.
func (Identity) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted.
func (PrivateKey) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted.
func (LinkKey) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted: whoever has inv can answer the card. String is the text of it.
func (Card) Format(f fmt.State, _ rune) { Redact(f) }

// MarshalText returns Redacted.
func (LinkKey) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalText returns Redacted.
func (Card) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// Format prints Redacted: the invitation lets an account in. String is the text of it.
func (NodeAddress) Format(f fmt.State, _ rune) { Redact(f) }

// MarshalText returns Redacted.
func (NodeAddress) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// Format prints Redacted.
func (Home) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted.
func (Internet) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted.
func (Lot) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted.
func (Deposit) Format(f fmt.State, _ rune) { Redact(f) }

// Format prints Redacted: the cells begin with tokens.
func (Fetched) Format(f fmt.State, _ rune) { Redact(f) }

// MarshalText returns Redacted.
func (Home) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalText returns Redacted.
func (Lot) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalText returns Redacted.
func (Deposit) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalText returns Redacted.
func (Fetched) MarshalText() ([]byte, error) { return []byte(Redacted), nil }
