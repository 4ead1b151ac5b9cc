package apptest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// Limits of these nodes: those of real ones.
const (
	nodeQuota  = 64 << 20
	nodeCells  = 30 * 24 * time.Hour
	nodeLots   = 16
	nodeSlots  = 256
	nodeSlot   = 8 * 24 * time.Hour
	nodeLot    = 400 * 24 * time.Hour
	nodePlaces = 16
)

type accountKey [32]byte

// mailNode is a node. Nodes.mu guards it.
type mailNode struct {
	name     string
	hint     identity.Hint
	closed   bool
	invites  [][16]byte
	accounts map[accountKey]*account
	slots    map[[16]byte]*pairingSlot
	faults   NodeFaults
	shift    time.Duration // of its clock
}

type account struct {
	cells   []heldCell
	lots    map[[16]byte]*heldLot
	refused int
}

type heldCell struct {
	mark [16]byte
	cell []byte
	at   time.Time
}

type heldLot struct {
	until  time.Time
	hashes map[[16]byte]bool     // not spent
	spent  map[[16]byte][32]byte // by what
}

type pairingSlot struct {
	account accountKey
	until   time.Time
	cell    []byte
}

func newMailNode(name string, hint identity.Hint) *mailNode {
	return &mailNode{name: name, hint: hint, accounts: map[accountKey]*account{}, slots: map[[16]byte]*pairingSlot{}}
}

func accountOf(h identity.Home) accountKey {
	return accountKey(ed25519.NewKeyFromSeed(h.Account[:]).Public().(ed25519.PublicKey))
}

// shortAccount is how an account stands in the log.
func shortAccount(h identity.Home) string { return accountOf(h).String() }

func (k accountKey) String() string { return hex.EncodeToString(k[:4]) }

// admit returns the account of a home, and makes it.
func (n *mailNode) admit(h identity.Home) (*account, error) {
	if n.faults.Refusing {
		return nil, identity.ErrNodeRefused
	}
	k := accountOf(h)
	if a := n.accounts[k]; a != nil {
		n.expire(a)
		return a, nil
	}
	if n.closed && !slices.Contains(n.invites, h.Invite) {
		return nil, identity.ErrNodeRefused
	}
	n.accounts[k] = &account{lots: map[[16]byte]*heldLot{}}
	return n.accounts[k], nil
}

func (n *mailNode) quota() int64 {
	if n.faults.Quota > 0 {
		return n.faults.Quota
	}
	return nodeQuota
}

func (a *account) used() (bytes int64) {
	for _, c := range a.cells {
		bytes += int64(len(c.cell))
	}
	return bytes
}

// expire drops what was kept long enough.
func (n *mailNode) expire(a *account) {
	now := n.now()
	a.cells = slices.DeleteFunc(a.cells, func(c heldCell) bool { return now.Sub(c.at) > nodeCells })
	for id, l := range a.lots {
		if now.After(l.until) {
			delete(a.lots, id)
		}
	}
}

func hashOf(token [16]byte) [16]byte {
	sum := sha256.Sum256(token[:])
	return [16]byte(sum[:])
}

// put takes a deposit, and returns whose lot paid for it.
func (n *mailNode) put(d identity.Deposit) (identity.Verdict, string) {
	var to *account
	var lot *heldLot
	var owner string
	for k, a := range n.accounts {
		n.expire(a)
		if l := a.lots[d.Lot]; l != nil {
			to, lot, owner = a, l, k.String()
		}
	}
	cost := len(d.Cell) / 4096
	if lot == nil || n.faults.NoFiles && len(d.Cell) == envelope.FileCell || len(d.Cell)%4096 != 0 || len(d.Tokens) != cost || !bytes.Equal(d.Cell[:16], d.Tokens[0][:]) {
		return identity.DepositRefused, owner
	}
	sum := sha256.Sum256(d.Cell)
	if was, spent := lot.spent[hashOf(d.Tokens[0])]; spent {
		if was == sum {
			return identity.DepositKept, owner
		}
		return identity.DepositRefused, owner
	}
	for i, t := range d.Tokens {
		if !lot.hashes[hashOf(t)] || slices.Contains(d.Tokens[:i], t) {
			return identity.DepositRefused, owner
		}
	}
	if n.faults.Full || to.used()+int64(len(d.Cell)) > n.quota() {
		to.refused++
		return identity.DepositLater, owner
	}
	for _, t := range d.Tokens {
		delete(lot.hashes, hashOf(t))
		lot.spent[hashOf(t)] = sum
	}
	c := heldCell{cell: bytes.Clone(d.Cell), at: n.now()}
	rand.Read(c.mark[:])
	to.cells = append(to.cells, c)
	return identity.DepositKept, owner
}

func (n *mailNode) putLot(a *account, lot identity.Lot) error {
	if a.lots[lot.ID] != nil {
		return nil
	}
	until := time.Unix(lot.Until, 0)
	if n.faults.NoLots || len(a.lots) >= nodeLots || until.Sub(n.now()) > nodeLot {
		return identity.ErrNodeRefused
	}
	l := &heldLot{until: until, hashes: map[[16]byte]bool{}, spent: map[[16]byte][32]byte{}}
	for _, h := range lot.Hashes {
		l.hashes[h] = true
	}
	a.lots[lot.ID] = l
	return nil
}

// remove deletes what was fetched.
func (n *mailNode) remove(a *account, done [][16]byte) {
	if n.faults.Replay {
		for i := range a.cells { // under another mark, so that it comes again
			rand.Read(a.cells[i].mark[:])
		}
		return
	}
	a.cells = slices.DeleteFunc(a.cells, func(c heldCell) bool { return slices.Contains(done, c.mark) })
}

// page returns what a fetch returns now.
func (n *mailNode) page(a *account) identity.Fetched {
	f := identity.Fetched{Used: a.used(), Quota: n.quota(), Refused: a.refused}
	if n.faults.Withhold {
		return f
	}
	places := nodePlaces
	for i, c := range a.cells {
		if places -= len(c.cell) / 4096; places < 0 {
			f.Left = len(a.cells) - i
			break
		}
		f.Cells, f.Marks = append(f.Cells, bytes.Clone(c.cell)), append(f.Marks, c.mark)
	}
	n.faults.lie(&f)
	return f
}

func (n *mailNode) register(h identity.Home, slots [][16]byte, until time.Time) error {
	now, k := n.now(), accountOf(h)
	own := 0
	for id, s := range n.slots {
		if now.After(s.until) {
			delete(n.slots, id)
		} else if s.account == k && !slices.Contains(slots, id) {
			own++
		}
	}
	if own+len(slots) > nodeSlots || until.Sub(now) > nodeSlot {
		return identity.ErrNodeRefused
	}
	for _, id := range slots {
		s := n.slots[id]
		if s != nil && s.account != k {
			return identity.ErrNodeRefused
		}
		if s == nil {
			s = &pairingSlot{account: k}
			n.slots[id] = s
		}
		s.until = until
	}
	return nil
}

func (n *mailNode) writeSlot(slot [16]byte, cell []byte) identity.Verdict {
	s := n.slots[slot]
	switch {
	case s == nil || n.now().After(s.until):
		return identity.DepositRefused
	case s.cell == nil:
		s.cell = bytes.Clone(cell)
	case !bytes.Equal(s.cell, cell):
		return identity.DepositRefused
	}
	return identity.DepositKept
}

func (n *mailNode) readSlot(slot [16]byte) []byte {
	s := n.slots[slot]
	if s == nil || n.now().After(s.until) {
		return nil
	}
	return bytes.Clone(s.cell)
}

func (n *mailNode) leave(h identity.Home) {
	k := accountOf(h)
	delete(n.accounts, k)
	for id, s := range n.slots {
		if s.account == k {
			delete(n.slots, id)
		}
	}
}

func (n *mailNode) now() time.Time { return time.Now().Add(n.shift) }
