package app

import (
	"context"
	"time"

	"tacit/identity"
)

// Nodes speaks to mailbox nodes. Every call is a conversation of its own, under a key of
// its own, ended by ctx; calls may run at the same time. Errors wrap those of package
// identity (ErrNodeUnreachable, ErrNodeRefused, ErrNodeLater, ErrNodeFalse,
// ErrNoForwarder) or the context's.
//
// Put, Look, WriteSlot and ReadSlot name no account. They go through the forwarder of an
// own node other than the one spoken to, where there is one, and never straight while
// the address is to be hidden.
type Nodes interface {
	// SetInternet says what may be opened and how; safe at any time, and at once obeyed:
	// what is open against it is closed before it returns.
	SetInternet(identity.Internet)

	// Put leaves cells at a node and returns a verdict for each, in order. With an error
	// those that have a verdict come with it: the rest may or may not be kept.
	Put(ctx context.Context, at identity.Hint, ds []identity.Deposit) ([]identity.Verdict, error)
	// WriteSlot leaves the cell (4096 bytes) of a pairing. DepositKept also when the same
	// cell is there already, DepositRefused for another one or an unregistered slot.
	WriteSlot(ctx context.Context, at identity.Hint, slot [16]byte, cell []byte) (identity.Verdict, error)
	// ReadSlot returns the cell of a pairing, nil where there is none yet.
	ReadSlot(ctx context.Context, at identity.Hint, slot [16]byte) ([]byte, error)

	// Standing logs in, which makes the account where it is new.
	Standing(ctx context.Context, h identity.Home) (identity.Standing, error)
	// Fetch removes what done marks and returns the next page, waiting up to wait for
	// something to come.
	Fetch(ctx context.Context, h identity.Home, done [][16]byte, wait time.Duration) (identity.Fetched, error)
	// PutLot lets tokens be spent; the same lot again changes nothing.
	PutLot(ctx context.Context, h identity.Home, lot identity.Lot) error
	// DropLot ends a lot. No error where there is none.
	DropLot(ctx context.Context, h identity.Home, lot [16]byte) error
	// Register makes room for the cells of a pairing, until then.
	Register(ctx context.Context, h identity.Home, slots [][16]byte, until time.Time) error
	// Leave deletes the account with all that is kept for it.
	Leave(ctx context.Context, h identity.Home) error
	// Forward finds out whether h passes on to another node: ErrNoForwarder where it does not.
	Forward(ctx context.Context, h identity.Home, to identity.Hint) error
	// Observe returns "IP:port" of this computer, as the node sees it.
	Observe(ctx context.Context, h identity.Home) (string, error)
	// Connections returns what is open now.
	Connections() []Wire
}

// InternetTransport is what a Transport does beyond the local network.
type InternetTransport interface {
	// SetInternet says what may be opened and how, as for Nodes. While it is open, the
	// transport can be reached over relays of the own nodes, tells the parties where, and
	// looks for them at theirs. Whatever the transport opens follows it: while Proxy or
	// Hide is set, nothing is announced or met on the local network either.
	SetInternet(identity.Internet)
	// Seek looks for a party at once: something waits for it. It returns at once.
	Seek(identity.Handle)
	// Path returns how the link to a party goes: "lan", "direct" or "relay"; empty
	// where there is none. Safe from what Inbound calls, and cheap. When a link gives way to a
	// better one, Lost and Reached are called.
	Path(identity.Handle) string
}
