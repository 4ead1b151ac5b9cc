package session

import (
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// Grants are the rights to write of one contact, both ways. The zero Grants has none.
// They are kept apart from State: a backup copies them.
type Grants struct{}

// Issue makes a grant for the contact. The one before stays good, the one before that ends.
func (g Grants) Issue(mailbox []byte, now time.Time) (envelope.Grant, Grants) {
	panic("session: not yet")
}

// Accept takes the grant that the contact issued, in place of an earlier one.
func (g Grants) Accept(grant envelope.Grant) Grants { panic("session: not yet") }

// Writable reports whether a grant of the contact was accepted.
func (g Grants) Writable() bool { panic("session: not yet") }

// DialKeys returns the key that the contact issued: under it this side shows itself. None or one.
func (g Grants) DialKeys() []identity.LinkKey { panic("session: not yet") }

// AcceptKeys returns the keys issued to the contact, the current one first. None, one or two.
func (g Grants) AcceptKeys() []identity.LinkKey { panic("session: not yet") }

// RenewDue reports whether a new grant should be issued to the contact: none was, or a quarter of
// its life is left.
func (g Grants) RenewDue(now time.Time) bool { panic("session: not yet") }

// Marshal returns the grants as bytes, secrets included.
func (g Grants) Marshal() []byte { panic("session: not yet") }

// UnmarshalGrants reads what Marshal returned. ErrMalformed.
func UnmarshalGrants(b []byte) (Grants, error) { panic("session: not yet") }
