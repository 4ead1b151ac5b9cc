package mailbox

import (
	"time"

	"tacit/identity"
)

// Request is what a client asks: one of the pointers to the types below.
type Request interface {
	kind() byte
	class() Class
	// body appends what stands behind the kind.
	body(b []byte) ([]byte, error)
}

// The kinds of requests, the first byte of a payload.
const (
	kindPut       = 1
	kindLook      = 2
	kindLeaveCell = 3
	kindReadCell  = 4
	kindForward   = 5
	kindLogin     = 16
	kindFetch     = 17
	kindPutLot    = 18
	kindDropLot   = 19
	kindPresences = 20
	kindRegister  = 21
	kindLeave     = 22
)

// The requests that need no login. Nobody should log in for them.
type (
	// Put leaves a cell, which goes out in a frame of its own class. The answer is Done.
	Put identity.Deposit
	// Look reads a presence. The answer is Looked, whether there is one or not.
	Look struct{ ID [16]byte }
	// LeaveCell leaves the cell of a pairing. The answer is Done.
	LeaveCell struct {
		Slot [16]byte
		Cell [SmallCell]byte
	}
	// ReadCell reads the cell of a pairing. The answer is Cell.
	ReadCell struct{ Slot [16]byte }
)

// Login proves an account, for the requests below. The answer is Standing.
type Login struct {
	Account   [32]byte // Ed25519 public key
	Invite    [16]byte
	Signature [64]byte
}

// The requests that need a login before them in the same talk.
type (
	// Forward makes the stream a tunnel to another node once the answer is Done with StatusOK.
	Forward struct{ To identity.Hint }
	// Fetch settles cells by their marks and reads a page. The answer is Fetched.
	Fetch struct {
		Wait  time.Duration // for something to come; whole seconds, at most MaxWait
		Marks [][16]byte    // at most MaxMarks
	}
	// PutLot lets tokens be spent. The answer is Done.
	PutLot identity.Lot
	// DropLot ends a lot. The answer is Done.
	DropLot struct{ Lot [16]byte }
	// Presences overwrites a page of presences. The answer is Done.
	Presences struct {
		Page  byte // below MaxPages
		Slots [PageSlots]Slot
	}
	// Register makes room for cells of pairings. The answer is Done.
	Register struct {
		Until int64      // seconds since 1970
		Slots [][16]byte // 1 to MaxSlotsAtOnce
	}
	// Leave deletes the account. The answer is Done.
	Leave struct{}
)

// Slot is one presence: Content is random where nobody is.
type Slot struct {
	ID      [16]byte
	Content [ContentSize]byte
}

func (*Put) kind() byte       { return kindPut }
func (*Look) kind() byte      { return kindLook }
func (*LeaveCell) kind() byte { return kindLeaveCell }
func (*ReadCell) kind() byte  { return kindReadCell }
func (*Forward) kind() byte   { return kindForward }
func (*Login) kind() byte     { return kindLogin }
func (*Fetch) kind() byte     { return kindFetch }
func (*PutLot) kind() byte    { return kindPutLot }
func (*DropLot) kind() byte   { return kindDropLot }
func (*Presences) kind() byte { return kindPresences }
func (*Register) kind() byte  { return kindRegister }
func (*Leave) kind() byte     { return kindLeave }

func (q *Put) class() Class {
	c, _ := ClassOf(len(q.Cell)) // body refuses what has none
	return c
}
func (*Look) class() Class      { return Small }
func (*LeaveCell) class() Class { return Small }
func (*ReadCell) class() Class  { return Small }
func (*Forward) class() Class   { return Small }
func (*Login) class() Class     { return Small }
func (*Fetch) class() Class     { return Small }
func (*PutLot) class() Class    { return Page }
func (*DropLot) class() Class   { return Small }
func (*Presences) class() Class { return Page }
func (*Register) class() Class  { return Small }
func (*Leave) class() Class     { return Small }

// NeedsLogin reports whether a request is taken only behind a login.
func NeedsLogin(q Request) bool {
	k := q.kind()
	return k == kindForward || k > kindLogin
}
