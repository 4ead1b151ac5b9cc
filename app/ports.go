package app

import (
	"context"
	"time"

	"tacit/identity"
)

// Store keeps everything a profile knows. One process has it open at a time.
//
// The errors of its methods are those of this package (ErrNotFound, ErrDiskFull,
// ErrDiskReadOnly, ErrDamaged, ErrClosed) or the context's. Times keep at least their
// milliseconds.
type Store interface {
	Blobs

	// View runs f on a consistent state of the store. A View and an Update wait for one
	// another, so f is short, does nothing that blocks and never calls the store itself.
	View(ctx context.Context, f func(ReadTx) error) error
	// Update runs f and makes its changes durable together: when it returns nil, they
	// survive a crash and a power cut; when it returns an error or f panics, nothing was
	// changed. Updates run one at a time. The rule for View's f holds for this f too.
	Update(ctx context.Context, f func(Tx) error) error
	// RolledBack reports that the profile was an older copy of itself when the store was
	// opened: its sessions were used since. It is so at each opening until SettleRollback.
	RolledBack() bool
}

// ReadTx reads. Slices that it returns belong to the caller.
type ReadTx interface {
	ChatReader
	FileReadTx
	HomeReadTx
	MailReadTx

	// Profile returns the root secret and the name. ErrNotFound before SetProfile.
	Profile() (ProfileRecord, error)

	// Contacts returns all contacts by ID.
	Contacts() ([]ContactRecord, error)
	// Contact returns one. ErrNotFound.
	Contact(ContactID) (ContactRecord, error)

	// Session returns what SetSession stored for a contact. ErrNotFound.
	Session(ContactID) ([]byte, error)
	// Grants returns what SetGrants stored for a contact. ErrNotFound.
	Grants(ContactID) ([]byte, error)

	// Delivery returns the counters of a contact, zero ones for a new contact.
	Delivery(ContactID) (DeliveryRecord, error)
	// Seen reports whether a digest was recorded for the contact by AddSeen.
	Seen(ContactID, Digest) (bool, error)
	// Outbox returns a contact's unacknowledged boxes in order of Seq, at most limit, with Seq > after.
	Outbox(c ContactID, after uint64, limit int) ([]OutboxRecord, error)
	// OutboxByDigest finds the row that a receipt names, and leaves out its Box. ErrNotFound.
	OutboxByDigest(ContactID, Digest) (OutboxRecord, error)
	// OutboxCount returns how many boxes of a contact are unacknowledged.
	OutboxCount(ContactID) (int, error)
	// Unsealed returns a contact's own messages that are queued and not sealed yet, oldest first, at most limit.
	Unsealed(c ContactID, limit int) ([]Message, error)

	// Messages returns at most limit messages of a chat with ID < before (0: from the
	// newest), newest first.
	Messages(c ContactID, before MessageID, limit int) ([]Message, error)
	// MessagesAfter returns at most limit messages of a chat with ID > after, oldest first.
	MessagesAfter(c ContactID, after MessageID, limit int) ([]Message, error)
	// Message returns one. ErrNotFound.
	Message(MessageID) (Message, error)
	// ChatHeads returns for each contact the last message and the unread count. A notice
	// takes the place of the last message only where there is none (nil if neither is):
	// renewed keys neither hide what was said last nor lift a chat above newer ones.
	ChatHeads() ([]ChatHead, error)
	// ChatHead returns one. A zero head for a contact without messages.
	ChatHead(ContactID) (ChatHead, error)
	// MessageCount returns the number of messages of a chat.
	MessageCount(ContactID) (int, error)

	// Cards returns the own cards that are still remembered, used and expired ones included.
	Cards() ([]CardRecord, error)
	// CardAccepted reports whether this invitation was accepted by this profile before.
	CardAccepted(inviteHash [32]byte) (bool, error)
	// Pairings returns the link pairings under way.
	Pairings() ([]PairingRecord, error)

	// Setting returns the value of a key, ErrNotFound if unset.
	Setting(key string) ([]byte, error)
}

// Tx reads and writes. Adding or setting something of an unknown contact is
// ErrNotFound. Slices handed over are copied.
type Tx interface {
	ReadTx
	ChatWriter
	FileTx
	HomeTx
	MailTx

	// SetProfile stores the root secret and name, replacing them.
	SetProfile(ProfileRecord) error

	// AddContact stores a new contact and returns its ID; the ID field is ignored.
	AddContact(ContactRecord) (ContactID, error)
	// SetContact replaces a contact. ErrNotFound.
	SetContact(ContactRecord) error
	// RemoveContact deletes a contact with everything that hangs on it.
	RemoveContact(ContactID) error

	// SetSession stores the ratchets of a contact (never copied by a backup).
	SetSession(ContactID, []byte) error
	// SetGrants stores the grants of a contact, both ways.
	SetGrants(ContactID, []byte) error

	// SetDelivery stores the counters of a contact.
	SetDelivery(ContactID, DeliveryRecord) error
	// AddSeen records the digest of a box that was opened.
	AddSeen(ContactID, Digest, time.Time) error
	// ForgetSeen deletes digests recorded before t.
	ForgetSeen(t time.Time) error
	// AddOutbox stores a sealed box until it is acknowledged.
	AddOutbox(OutboxRecord) error
	// RemoveOutbox deletes a box that was acknowledged or given up.
	RemoveOutbox(c ContactID, seq uint64) error
	// RemoveOutboxUpTo deletes every box of the contact with Seq <= seq and returns their
	// messages in order of Seq, leaving out content that is not a message.
	RemoveOutboxUpTo(c ContactID, seq uint64) ([]MessageID, error)

	// AddMessage stores a message and returns its ID; the ID field is ignored. A
	// received one counts as unread, a notice does not.
	AddMessage(Message) (MessageID, error)
	// AddUnknown stores a message with Unknown set together with the bytes nobody understood yet.
	AddUnknown(m Message, content []byte) (MessageID, error)
	// SetMessageState changes State, Reason and StateAt of a message. ErrNotFound.
	SetMessageState(id MessageID, s State, r Reason, at time.Time) error
	// MarkRead marks the received messages of a chat with ID <= upTo as seen and returns how many stay unread.
	MarkRead(c ContactID, upTo MessageID) (int, error)

	// SetCard stores or replaces an own card, by its invitation.
	SetCard(CardRecord) error
	// ForgetCards deletes own cards and accepted invitations whose Forget time is before t.
	ForgetCards(t time.Time) error
	// AddAcceptedCard remembers that an invitation was accepted, until forget.
	AddAcceptedCard(inviteHash [32]byte, forget time.Time) error
	// SetPairing stores or replaces a link pairing.
	SetPairing(PairingRecord) error
	// RemovePairing deletes it. No error where there is none.
	RemovePairing(PairingID) error

	// SettleRollback says that nothing in the store is used any more that an older copy
	// must not use: from the commit on, the profile counts as whole.
	SettleRollback() error

	// SetSetting stores a value; nil deletes it.
	SetSetting(key string, value []byte) error
}

// Digest names a sealed box: SHA256(encHdr||body)[:16].
type Digest = [16]byte

// ProfileRecord is the one secret everything else derives from, and the name.
type ProfileRecord struct {
	Root      [32]byte
	Name      string
	CreatedAt time.Time
}

// ContactRecord is a Contact as it is stored.
type ContactRecord struct {
	ID           ContactID
	Bundle       []byte // identity.Bundle, 1249 bytes
	TheirName    string
	Alias        string
	Trust        Trust
	IntroducedBy ContactID
	Meeting      Meeting
	MetAt        time.Time
	Writable     bool
	Blocked      bool
	Hide         bool     // the contact never learns an address of this computer
	ResetSecret  [32]byte // RS of section 5
	ResetNumber  uint64   // the greatest n seen
}

// DeliveryRecord counts what was said in each direction. The own count begins anew only
// with another stream.
type DeliveryRecord struct {
	NextSeq  uint64   // the number the next own content gets; the first is 1
	Received uint64   // highest contiguous number received
	Beyond   []uint64 // numbers above Received that have arrived, ascending, bounded by limits.go
}

// OutboxRecord is a sealed box that the peer has not acknowledged.
type OutboxRecord struct {
	Contact ContactID
	Seq     uint64
	Digest  Digest
	Box     []byte    // encHdr||body
	Message MessageID // 0 for content that is not a message (a grant)
	Saying  SayingID  // 0 for content that is no saying
	At      time.Time
	HeldAt  time.Time // when a node took it; zero: none did
}

// ChatHead is what a chat list row needs.
type ChatHead struct {
	Contact ContactID
	Last    *Message
	Unread  int
}

// CardRecord is an own card. What answers it is kept with its pairing only, and erased with that.
type CardRecord struct {
	InviteHash [32]byte // identity.Card.InviteHash
	Shown      bool
	ExpiresAt  time.Time
	Used       bool       // a pairing with it ended, well or not
	M1         [][32]byte // hashes of the distinct first messages seen, at most 3
	Forget     time.Time
}

// PairingRecord is a pairing that must survive a restart.
type PairingRecord struct {
	ID    PairingID
	State []byte // pairing.State and what the messenger keeps with it
}

// Clock tells the time. Protocol code never asks it: now is passed in.
type Clock interface {
	Now() time.Time
	// Elapsed is monotonic and goes on while the computer sleeps, where the
	// operating system can tell; its zero means nothing.
	Elapsed() time.Duration
	// Tick returns a channel that receives about every d, and a function to stop it.
	Tick(d time.Duration) (<-chan time.Time, func())
}

// Inbound is what a Transport calls. Calls for one handle do not overlap, but for FileCells;
// calls for different handles may. It is an alias so that a transport can declare the
// same methods without importing this package.
type Inbound = interface {
	// Reached is called when a link to the party is proven and none was before.
	Reached(identity.Handle)
	// Lost is called when the last link to the party has ended or went silent.
	Lost(identity.Handle)
	// Received hands over the cells that have arrived since the last call, oldest first.
	// It returns when what they said is durable, with the digests to acknowledge on the
	// same link (none for what is invalid, unknown or not a box).
	Received(h identity.Handle, cells [][]byte) (acks [][16]byte)
	// Acknowledged hands over the digests that the party acknowledged.
	Acknowledged(h identity.Handle, acks [][16]byte)
	FileInbound
}

// Transport meets parties and carries cells to them over proven links.
type Transport interface {
	FileTransport
	InternetTransport
	NearbyTransport

	// Run opens the hosts and serves until ctx ends; when it returns, everything it
	// started has ended and no further call is made to in.
	Run(ctx context.Context, in Inbound) error
	// SetParties replaces the set of parties, in order of latest use. A link to a party that is no
	// longer in it is closed. A party without a link that gets a new Dial key makes the
	// transport dial all again. Safe to call before and during Run.
	SetParties([]identity.Party)
	// Send writes cells to the proven link of a party, in order. It returns an error
	// when there is none or it broke; nil says nothing about arrival. It blocks while
	// the link is full, until ctx ends. The cells are not kept.
	Send(ctx context.Context, h identity.Handle, cells ...[]byte) error
	// SetOpen(false) closes everything: nothing is announced, listened for or dialled, and
	// every link is lost; true opens it again, as it is at first. It returns at once and may
	// be called by what Inbound calls. Safe before and during Run.
	SetOpen(open bool)
	// Connections returns what is open now. Safe at any time, and cheap.
	Connections() []Wire
}

// Wire is something that a transport has open. It is an alias so that a transport can
// declare the same type without importing this package.
type Wire = struct {
	Kind   string          // "beacon", "listen", "contact" (a link is proven on it) or "unproven"
	Remote string          // protocol and address of the far side; of a listener the own; of a beacon where it speaks to
	Handle identity.Handle // of "contact"; a connection has one entry for each party
	Since  time.Time
}
