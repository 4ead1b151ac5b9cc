// Package depot says what a mailbox node keeps for its accounts, and keeps it.
//
// A Depot is the port of the node: accounts, their lots of token hashes, the cells that
// were deposited for them, slots of pairing cells and pages of presence. It knows no
// request, no stream and no key but those of accounts, and learns nothing of who deposits.
//
// The adapters are depot/memory (the reference, and for tests), depot/sqlite (one
// computer) and depot/postgres (several front ends on one database). All pass the suite of
// depot/depottest, which proves the promises below one by one.
package depot

import (
	"context"
	"fmt"
	"time"

	"tacit/identity"
)

// Account is the Ed25519 public key by which a node knows an account.
type Account [32]byte

// Format prints identity.Redacted: no log tells which account did something.
func (Account) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Depot is what a node stores. All methods may be called at once by any number of
// goroutines. Instants come from the caller; a depot reads no clock.
//
// Durable means that it survives the death of the process and of the computer: it was
// synced before the method returned. Where a method returned an error, what it was to
// change may have been changed or not, never in part, and calling it again is harmless.
//
// Every method may return ErrAway, ErrFull and the context's error. Those that name an
// account return ErrStranger where it was not admitted, or has left.
type Depot interface {
	Senders
	Owners
	Operator

	// Close ends what the depot began. Calls under way end with an error; what was
	// answered before is durable. No method may be called after it.
	Close() error
}

// Senders is what everybody may do, without a name.
type Senders interface {
	// Deposit leaves cells, each for whoever the lot belongs to, and answers for each at
	// its place:
	//
	// DepositKept: cell and spent tokens are durable. So it is again for the same deposit
	// (lot, tokens in any order behind the first, cell), also when the cell was fetched
	// since; it is then not stored again. Once CellLife has passed since, the same deposit
	// is a new one, and is stored.
	//
	// DepositRefused: the deposit is not one of Check; or the lot is unknown, dropped or
	// over; or a token is none of the lot, or was spent on another cell, or together with others.
	// Nothing changed.
	//
	// DepositLater: the account has no room, or the disk has none. The tokens are not
	// spent; cells that were there stay. Where it was the account, its count of refused grows.
	//
	// The deposits of one call are independent of one another, as if each came alone, in
	// their order. Of two that spend the same token at the same moment, through whichever
	// front end, one is kept. Calls that come together are made durable together.
	Deposit(ctx context.Context, now time.Time, deposits []identity.Deposit) ([]identity.Verdict, error)

	// Look returns the 512 bytes that were put under id within PresenceLife, the latest of
	// them; nil: nothing there.
	Look(ctx context.Context, now time.Time, id [16]byte) ([]byte, error)

	// LeaveCell leaves a cell of 4096 bytes in a registered slot. DepositKept: it is durable,
	// now or since the same cell was left there. DepositRefused: the slot holds another
	// cell, is unknown or over. DepositLater: the disk is full.
	LeaveCell(ctx context.Context, now time.Time, slot [16]byte, cell []byte) (identity.Verdict, error)

	// ReadCell returns what was left in a slot; nil: nothing, or the slot is unknown or over.
	ReadCell(ctx context.Context, now time.Time, slot [16]byte) ([]byte, error)
}

// Owners is what an account may do once its key was proven.
type Owners interface {
	// Admit makes the account known, durably. One that is known stays so whatever the
	// ticket says. A new one needs a ticket that is Open, or whose Invite was added and
	// admitted nobody so far, which is then used up in the same step. Else ErrRefused, also
	// when the depot has all the accounts that its options allow.
	Admit(ctx context.Context, now time.Time, account Account, t Ticket) error

	// Standing says what the account has. Skew is left zero.
	Standing(ctx context.Context, now time.Time, account Account) (identity.Standing, error)

	// Fetch deletes the cells whose marks are handed back (at most MaxMarks; unknown ones are
	// passed over, and a mark never names another cell than the one it came with), and
	// returns the next page: of what then waits the oldest, in the order of their arrival as
	// long as the instants of their deposits never went back, as many as take at most
	// PagePlaces places (see Places). A cell comes again in every page until its mark was
	// handed back. Deletions are durable when the page returns.
	//
	// Refused counts the deposits that found no room. What a page told is forgotten when a
	// mark of a waiting cell is handed back, which proves that a page arrived.
	Fetch(ctx context.Context, now time.Time, account Account, done [][16]byte) (identity.Fetched, error)

	// Watch returns a channel that gets a value soon after a cell of the account became
	// durable, at whichever front end, from the moment Watch returned; several may make one
	// value, and one may come for nothing. When a front end dies, the others may never hear
	// of its last cells: ask again now and then. stop must be called, and ends it. The account
	// need not exist. Watch never waits for a disk or a database.
	Watch(account Account) (arrived <-chan struct{}, stop func())

	// PutLot makes the lot known, durably. The same lot again changes nothing.
	// ErrRefused: the account has MaxLots others, Until is past or more than MaxLotLife
	// ahead, two hashes are equal, or the ID is in use for another lot, of whomever.
	PutLot(ctx context.Context, now time.Time, account Account, lot *identity.Lot) error

	// DropLot forgets a lot of the account with its tokens, spent or not; cells stay. It
	// is durable. A lot that is not there is passed over.
	DropLot(ctx context.Context, now time.Time, account Account, lot [16]byte) error

	// PutPresence overwrites a whole page of the account, in one step. It survives the
	// death of the process. ErrRefused: the page is not 0 to PresencePages-1.
	PutPresence(ctx context.Context, now time.Time, account Account, page int, slots *PresencePage) error

	// Register lets anybody leave one cell in each of the slots until then, durably. An own
	// slot keeps its cell and gets the later end of the two. ErrRefused, and none is
	// registered: a slot is another account's, until is past or more than MaxSlotLife ahead, or the
	// account would have more than MaxSlots.
	Register(ctx context.Context, now time.Time, account Account, until time.Time, slots [][16]byte) error

	// Leave deletes the account and all that is stored for it, durably. The invite that
	// admitted it stays used.
	Leave(ctx context.Context, now time.Time, account Account) error
}

// Operator is what the node itself and whoever runs it may do.
type Operator interface {
	// AddInvite lets one new account in, durably. One that was added before stays as it is.
	// ErrRefused: it is zero.
	AddInvite(ctx context.Context, now time.Time, invite [16]byte) error

	// RevokeInvite takes an invite back, durably, and deletes the account that came by it
	// with all that is stored for it. One that is not there is passed over.
	RevokeInvite(ctx context.Context, invite [16]byte) error

	// Keys returns the one record of keys that all front ends of this depot share; nil: none yet.
	Keys(ctx context.Context) ([]byte, error)

	// SetKeys replaces the record, durably, where it still equals old (nil: where there is
	// none), and returns the record that then stands there: of front ends that replace it
	// at once, one wins and all learn the winner's. At most MaxKeys bytes, else ErrRefused.
	SetKeys(ctx context.Context, old, keys []byte) ([]byte, error)

	// Expire deletes for good what is over at now: cells after CellLife, lots and slots at their
	// end, presence after PresenceLife, accounts nobody admitted again for AccountLife. Until
	// then cells that are over are still given out; the rest counts as gone at its end. To
	// be called at least once an hour; deposits go on meanwhile.
	Expire(ctx context.Context, now time.Time) error

	// Stats counts what is stored, for the operator's metrics.
	Stats(ctx context.Context) (Stats, error)
}

// Ticket is what a new account may come in by.
type Ticket struct {
	Open   bool     // the node takes everybody
	Invite [16]byte // zero: none
}

// Format prints identity.Redacted: whoever has an invite can use it.
func (Ticket) Format(f fmt.State, _ rune) { identity.Redact(f) }

// Presence is one slot of presence: 512 sealed bytes under an id.
type Presence struct {
	ID      [16]byte
	Content [PresenceSize]byte
}

// Format prints identity.Redacted.
func (Presence) Format(f fmt.State, _ rune) { identity.Redact(f) }

// PresencePage is what an account overwrites at a time.
type PresencePage [PresenceSlots]Presence

// Options are the operator's.
type Options struct {
	Quota    int64 // bytes of cells that an account may have waiting; 0: DefaultQuota
	Accounts int   // how many there may be; 0: any number
}

// WithDefaults returns the options with what was left open filled in.
func (o Options) WithDefaults() Options {
	if o.Quota == 0 {
		o.Quota = DefaultQuota
	}
	return o
}

// Stats are numbers of the whole depot.
type Stats struct {
	Accounts, Lots, Cells int64
	Bytes                 int64 // of the cells that wait
}
