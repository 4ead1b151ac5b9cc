package apptest

import (
	"slices"
	"time"

	"tacit/identity"
)

// Sight is something that a node saw. Owner apart, all of it is there for the node to note.
type Sight struct {
	At      time.Time
	Node    string
	Op      string   // "put", "fetch" (asked), "page" (answered), "login", "lot", "forward", ...
	Account string   // who logged in; of "put", whose lot it is; "" where nobody is named
	Peer    string   // address from which it came: of another node, where that forwarded
	To      [32]byte // of "forward": the node
	Lot     [16]byte // of "put"
	Verdict identity.Verdict
	Bytes   int
	Cells   int // of "page"

	Owner string // who it was in truth
}

// see notes what a node saw. The caller holds mu.
func (ns *Nodes) see(s Sight) {
	s.At = time.Now()
	ns.log = append(ns.log, s)
}

// Log returns what the node of that name saw so far, oldest first.
func (ns *Nodes) Log(name string) []Sight {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(ns.log), func(s Sight) bool { return s.Node != name })
}
