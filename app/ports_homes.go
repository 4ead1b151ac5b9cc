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
