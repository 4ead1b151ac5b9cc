package apptest

import (
	"crypto/rand"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// NodeFaults are how a node fails, and how it lies. The zero value is an honest node.
type NodeFaults struct {
	Down     bool          // nobody answers
	Slow     time.Duration // each answer takes so long
	Later    bool          // it cannot serve
	Refusing bool          // it admits nobody, also whom it knows
	False    bool          // something without the node's key answers
	Full     bool          // no deposit is kept
	NoLots   bool          // it takes no lots
	NoFiles  bool          // it refuses cells of files
	Quota    int64         // bytes an account may have; 0: as real ones

	Withhold bool // it keeps what it has to itself
	Replay   bool // it hands out what was taken already
	Reorder  bool // newest first
	Swap     bool // bodies of cells change places
	Truncate bool // half of each cell
	Junk     bool // other bodies behind the same tokens each time
	Alter    bool // the last byte of each file cell is another one
}

// Fail sets how the node of that name fails from now on.
func (ns *Nodes) Fail(name string, f NodeFaults) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.names[name].faults = f
	ns.ring()
}

// Erase has the node of that name forget everything, as one whose disk was lost.
func (ns *Nodes) Erase(name string) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	n := ns.names[name]
	n.accounts, n.slots = map[accountKey]*account{}, map[[16]byte]*pairingSlot{}
	ns.ring()
}

// lie changes an honest page.
func (nf NodeFaults) lie(f *identity.Fetched) {
	if nf.Reorder {
		slices.Reverse(f.Cells)
		slices.Reverse(f.Marks)
	}
	if n := len(f.Cells); nf.Swap && n > 1 && len(f.Cells[0]) == len(f.Cells[n-1]) {
		first, last := f.Cells[0][16:], f.Cells[n-1][16:]
		for i := range first {
			first[i], last[i] = last[i], first[i]
		}
	}
	if nf.Junk {
		for _, c := range f.Cells {
			rand.Read(c[16:])
		}
	}
	if nf.Alter {
		for _, c := range f.Cells {
			if len(c) == envelope.FileCell {
				c[len(c)-1] ^= 1
			}
		}
	}
	if nf.Truncate {
		for i, c := range f.Cells {
			f.Cells[i] = c[:len(c)/2]
		}
	}
}
