package app

import "time"

// NodeRecord is an own mailbox node as it is stored.
type NodeRecord struct {
	ID        NodeID
	Address   string   // as it was given: identity.NodeAddress, the invitation included
	Account   [32]byte // Ed25519 seed of the account there (identity.Home)
	Default   bool     // at most one node is
	State     NodeState
	AddedAt   time.Time
	SeenAt    time.Time // zero: it never answered
	LeavingAt time.Time // when it was removed; zero: it was not
	OfferedBy ContactID // whose computer it is; 0: of no contact, also of one that was removed
}

// LotRecord is a lot of grants at a node. What is left of it there is kept until Until.
type LotRecord struct {
	Node     NodeID
	ID       [16]byte
	Until    time.Time  // identity.Lot.Until
	Due      time.Time  // not handed over before then
	Uploaded bool       // the node has it
	Spares   [][32]byte // seeds of grants that nobody holds yet: all of them before Uploaded
	IssuedAt time.Time  // when the latest of the others was issued; zero: none
}

// OfferRecord is a contact's word that its computer holds messages for this profile.
type OfferRecord struct {
	Contact ContactID
	Address string // identity.NodeAddress, the invitation included
}

// HomeReadTx is what a ReadTx tells of own nodes.
type HomeReadTx interface {
	// Nodes returns all own nodes by ID.
	Nodes() ([]NodeRecord, error)
	// Lots returns the lots at a node, in the order in which they were made.
	Lots(NodeID) ([]LotRecord, error)
	// Offers returns the offers of all contacts, by Contact.
	Offers() ([]OfferRecord, error)
}

// HomeTx is what a Tx does with own nodes.
type HomeTx interface {
	HomeReadTx

	// AddNode stores a new node and returns its ID, which is never given twice; the ID field
	// is ignored. ErrNotFound for an unknown OfferedBy other than 0.
	AddNode(NodeRecord) (NodeID, error)
	// SetNode replaces a node. ErrNotFound.
	SetNode(NodeRecord) error
	// RemoveNode deletes a node with its lots. No error where there is none.
	RemoveNode(NodeID) error
	// SetLot stores or replaces a lot, by Node and ID. ErrNotFound for an unknown node.
	SetLot(LotRecord) error
	// RemoveLot deletes a lot. No error where there is none.
	RemoveLot(NodeID, [16]byte) error
	// SetOffer stores or replaces the offer of a contact, and takes it away where Address is
	// empty. RemoveContact does so, too.
	SetOffer(OfferRecord) error
}

// EarlyRecord is a box that came by mailbox before one that its sender numbered lower.
type EarlyRecord struct {
	Contact ContactID
	Digest  Digest
	Box     []byte // encHdr||body
	At      time.Time
}

// MailReadTx is what a ReadTx tells of what goes by mailbox.
//
// Outbox rows keep OutboxRecord.HeldAt.
type MailReadTx interface {
	// Early returns the early boxes of a contact in the order in which they came, at most limit.
	Early(c ContactID, limit int) ([]EarlyRecord, error)
	// EarlyCount returns how many there are of a contact.
	EarlyCount(ContactID) (int, error)
	// Owed returns the digests of a contact's boxes that came by mailbox and that the contact
	// was not told of yet, in the order in which they came, at most limit.
	Owed(c ContactID, limit int) ([]Digest, error)
	// ToDeposit returns a contact's outbox rows with HeldAt before t, zero included, in order
	// of Seq, at most limit, with Seq > after.
	ToDeposit(c ContactID, t time.Time, after uint64, limit int) ([]OutboxRecord, error)
}

// MailTx is what a Tx does with what goes by mailbox. RemoveContact takes all of it away.
type MailTx interface {
	MailReadTx

	// AddEarly keeps an early box; the same digest again changes nothing. ErrNotFound for an
	// unknown contact.
	AddEarly(EarlyRecord) error
	// RemoveEarly deletes one. No error where there is none.
	RemoveEarly(ContactID, Digest) error
	// AddOwed notes that a contact is to be told of a box; the same digest again changes
	// nothing. ErrNotFound for an unknown contact.
	AddOwed(ContactID, Digest) error
	// RemoveOwed forgets that. No error where it was not so.
	RemoveOwed(ContactID, ...Digest) error
	// SetOutboxHeld sets HeldAt of an outbox row; a zero time says that no node has it. No
	// error where there is no such row (any more).
	SetOutboxHeld(c ContactID, seq uint64, at time.Time) error
}
