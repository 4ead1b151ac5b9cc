package app

import (
	"fmt"

	"tacit/identity"
)

// What follows holds descriptors, with which anybody can open the cells of a file, parts
// of files, or names that tell which cells belong together.

// Format prints identity.Redacted.
func (FileRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (fileBody) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (fileWantBody) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (fileEndBody) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (imported) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (opener) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (sealer) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (incoming) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (query) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (errand) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*FileReader) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*courier) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (*intake) Format(f fmt.State, _ rune) { identity.Redact(f) }

// MarshalText returns identity.Redacted.
func (FileRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (fileBody) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (fileWantBody) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (fileEndBody) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }
