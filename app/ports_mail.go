package app

import "time"

// EarlyRecord is a box that came by mailbox and cannot be taken yet.
type EarlyRecord struct {
	Contact ContactID
	Digest  Digest
	Stream  uint64 // of its content; any 64 bits
	Seq     uint64 // number of its content, one before which is missing; 0: no ratchet opens it yet, and Stream is 0
	Box     []byte // encHdr||body
	At      time.Time
}

// MailReadTx is what a ReadTx tells of what goes by mailbox.
//
// Outbox rows keep OutboxRecord.HeldAt.
type MailReadTx interface {
	// Early returns the early boxes of a contact with this stream and number in the order
	// in which they came, at most limit.
	Early(c ContactID, stream, seq uint64, limit int) ([]EarlyRecord, error)
	// EarlyCount returns how many early boxes there are of a contact.
	EarlyCount(ContactID) (int, error)
	// Owed returns the digests of a contact's boxes that came by mailbox and that the contact
	// does not know to be here, in the order in which they came, at most limit: those of
	// which a receipt was sealed under number seq, or with 0 those of which none was yet.
	Owed(c ContactID, seq uint64, limit int) ([]Digest, error)
	// ToDeposit returns a contact's outbox rows with HeldAt before t, zero included, in order
	// of Seq, at most limit, with Seq > after.
	ToDeposit(c ContactID, t time.Time, after uint64, limit int) ([]OutboxRecord, error)
}

// MailTx is what a Tx does with what goes by mailbox. RemoveContact takes all of it away.
// QueueAgain takes messages in StateHeld for queued ones.
type MailTx interface {
	MailReadTx

	// AddEarly keeps an early box; the same digest again changes nothing. ErrNotFound for an
	// unknown contact.
	AddEarly(EarlyRecord) error
	// RemoveEarly deletes one. No error where there is none.
	RemoveEarly(ContactID, Digest) error
	// RemoveEarlyUpTo deletes those of a contact with this stream and 0 < Seq <= seq.
	RemoveEarlyUpTo(c ContactID, stream, seq uint64) error
	// ForgetEarly deletes early boxes of all contacts with At before t.
	ForgetEarly(t time.Time) error

	// AddOwed notes that a contact is to be told of a box, under number 0; the same digest
	// again changes nothing. ErrNotFound for an unknown contact.
	AddOwed(ContactID, Digest) error
	// SetOwed gives owed digests the number under which their receipt was sealed. Those that
	// are not owed are left out.
	SetOwed(c ContactID, seq uint64, ds ...Digest) error
	// OweAgain gives all owed digests of a contact number 0.
	OweAgain(ContactID) error
	// RemoveOwed forgets digests, whatever their numbers. No error where one is not owed.
	RemoveOwed(ContactID, ...Digest) error
	// RemoveOwedUpTo forgets those with 0 < number <= seq.
	RemoveOwedUpTo(c ContactID, seq uint64) error

	// SetOutboxHeld sets HeldAt of an outbox row; a zero time says that no node has it. No
	// error where there is no such row (any more).
	SetOutboxHeld(c ContactID, seq uint64, at time.Time) error
	// UnholdOutbox makes HeldAt of all outbox rows of a contact zero.
	UnholdOutbox(ContactID) error
	// RemoveOutboxBare deletes the boxes of a contact with Seq <= seq that name neither a
	// message nor a saying, but number except, and returns how many.
	RemoveOutboxBare(c ContactID, seq, except uint64) (int, error)
}
