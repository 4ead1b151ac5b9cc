package identity

import "errors"

// Home is an account of a profile at a mailbox node: who serves it, and the secret by
// which the node knows its owner. Each node is given another account.
type Home struct {
	Node    Hint
	Account [32]byte // Ed25519 seed (RFC 8032); derived from nothing
	Invite  [16]byte // lets a new account into a closed node; zero: none
}

// Internet says how parties are met and nodes are spoken to beyond the local network.
type Internet struct {
	Open  bool   // else nothing beyond the local network is opened
	Hide  bool   // no party learns an address of this computer: relays and forwarders only
	Proxy string // "host:port" of a SOCKS5 proxy (RFC 1928) that everything goes through; empty: none
	Homes []Home // the own nodes; the first is preferred

	// HideFrom are keys of nodes that learn no address of this computer whatever Hide says:
	// those of contacts with Party.Hide.
	HideFrom [][32]byte
}

// LotSpares is how many grants a lot pays for, and LotTokens how many tokens that is.
const (
	LotSpares = 16
	LotTokens = LotSpares * 256
)

// Lot is what a node gets to know of grants: hashes of the tokens of LotSpares of them,
// shuffled, before anybody holds one.
type Lot struct {
	ID     [16]byte // random
	Until  int64    // seconds since 1970; the node forgets it then
	Hashes [LotTokens][16]byte
}

// Deposit is a cell to be left at a node, with what pays for it: tokens of one lot, of
// which the first stands in the cell.
type Deposit struct {
	Lot    [16]byte
	Tokens [][16]byte
	Cell   []byte
}

// Verdict is what a node says of a deposit.
type Verdict uint8

const (
	// DepositKept: the cell is durable at the node, now or since the same deposit came before.
	DepositKept Verdict = iota
	// DepositRefused: a token is unknown there, expired, or was spent on another cell.
	DepositRefused
	// DepositLater: no room or no service now; the tokens are not spent.
	DepositLater
)

// Fetched is one page of what waits at a node.
type Fetched struct {
	Cells   [][]byte   // oldest first
	Marks   [][16]byte // of each cell: the node keeps it until its mark is handed back
	Left    int        // cells that wait beyond this page
	Refused int        // deposits that were turned away for want of room since the last page
	Used    int64      // bytes that wait, and how many may
	Quota   int64
}

// Standing is what a node says of an account.
type Standing struct {
	Used, Quota int64
	Cells, Lots int
	Skew        int64 // seconds by which the node's clock is ahead of the own
}

var (
	// ErrNodeUnreachable: nobody answered at the node's address, or the answer broke off.
	ErrNodeUnreachable = errors.New("node unreachable")
	// ErrNodeRefused: the node does not admit this account, or not this request.
	ErrNodeRefused = errors.New("refused by the node")
	// ErrNodeLater: the node cannot serve now.
	ErrNodeLater = errors.New("node cannot serve now")
	// ErrNodeFalse: what answered is not that node, or breaks the protocol.
	ErrNodeFalse = errors.New("node broke the protocol")
	// ErrNoForwarder: the address is to be hidden, and no own node can forward there.
	ErrNoForwarder = errors.New("no node to forward through")
)
