package app

import (
	"fmt"

	"tacit/identity"
)

// Accounts at nodes, invitations and seeds of grants are secrets; where a profile's nodes
// are, and whose cards it answers, is for its owner.

// Format prints identity.Redacted.
func (NodeRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (LotRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (OfferRecord) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted: whoever has the address may have the invitation.
func (Offer) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (offerBody) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (node) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (ownHome) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (nodeTest) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (slotWork) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (slotCell) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Format prints identity.Redacted.
func (visit) Format(f fmt.State, _ rune) { identity.Redact(f) }

// MarshalText returns identity.Redacted.
func (NodeRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (LotRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (OfferRecord) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }

// MarshalText returns identity.Redacted.
func (offerBody) MarshalText() ([]byte, error) { return []byte(identity.Redacted), nil }
