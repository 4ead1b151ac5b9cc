package app

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"tacit/identity"
)

// node is an own mailbox node in the loop's memory. It is copied before it is changed.
type node struct {
	rec  NodeRecord
	home identity.Home
	hint []byte      // home.Node, as grants carry it
	lots []LotRecord // replaced and never written to

	// Of this run:
	used, quota int64
	refused     int
	samePlace   bool
	storedAt    time.Time // rec.SeenAt as it was last written
	dirty       bool      // rec is to be written
}

func newNode(rec NodeRecord) (*node, error) {
	addr, err := identity.ParseNodeAddress(rec.Address)
	if err != nil {
		return nil, fmt.Errorf("%w: node: %w", ErrDamaged, err)
	}
	hint, err := addr.Hint.Marshal()
	if err != nil {
		return nil, fmt.Errorf("%w: node: %w", ErrDamaged, err)
	}
	return &node{
		rec:  rec,
		home: identity.Home{Node: addr.Hint, Account: rec.Account, Invite: addr.Invite},
		hint: hint,
	}, nil
}

func (n *node) leaving() bool { return !n.rec.LeavingAt.IsZero() }

// view returns the node as a window shows it.
func (n *node) view() Node {
	return Node{
		ID: n.rec.ID, Address: n.rec.Address, Host: hostOf(n.home.Node), Default: n.rec.Default,
		State: n.rec.State, SeenAt: n.rec.SeenAt, Used: n.used, Quota: n.quota, Refused: n.refused,
		OfferedBy: n.rec.OfferedBy, Friend: n.rec.OfferedBy != 0, SamePlace: n.samePlace,
	}
}

// hostOf returns name or IP address and port, to be shown.
func hostOf(h identity.Hint) string {
	host := h.Name
	if h.Addr.IsValid() {
		host = h.Addr.String()
	}
	return net.JoinHostPort(host, strconv.Itoa(int(h.Port)))
}

// loadNodes reads the own nodes and their lots.
func (m *Messenger) loadNodes(tx ReadTx) error {
	records, err := tx.Nodes()
	if err != nil {
		return fmt.Errorf("nodes: %w", err)
	}
	for _, r := range records {
		n, err := newNode(r)
		if err != nil {
			return err
		}
		if n.lots, err = tx.Lots(r.ID); err != nil {
			return fmt.Errorf("lots: %w", err)
		}
		m.state.nodes[r.ID] = n
	}
	return nil
}

// node returns an own node to read, or nil.
func (w *work) node(id NodeID) *node {
	for _, l := range []*layer{&w.op, &w.batch} {
		if n, ok := l.nodes[id]; ok {
			return n
		}
	}
	return w.m.state.nodes[id]
}

// editNode returns an own node to change, or nil. What is changed of its record is
// written where dirty says so.
func (w *work) editNode(id NodeID) *node {
	if n, ok := w.op.nodes[id]; ok {
		return n
	}
	n := w.node(id)
	if n == nil {
		return nil
	}
	next := *n
	w.op.nodes[id] = &next
	return &next
}

// nodes returns the own nodes in the order in which they were added.
func (w *work) nodes() []*node {
	all := merged(w.m.state.nodes, w.batch.nodes, w.op.nodes)
	return inOrder(all)
}

func inOrder(nodes map[NodeID]*node) []*node {
	return slices.SortedFunc(maps.Values(nodes), func(a, b *node) int { return cmp.Compare(a.rec.ID, b.rec.ID) })
}

// defaultNode returns the node that cards and new grants name, or nil.
func (w *work) defaultNode() *node {
	for _, n := range w.nodes() {
		if n.rec.Default && !n.leaving() {
			return n
		}
	}
	return nil
}

// nodeByKey returns the own node of this key, or nil.
func (w *work) nodeByKey(key [32]byte) *node {
	for _, n := range w.nodes() {
		if bytes.Equal(n.home.Node.Node[:], key[:]) {
			return n
		}
	}
	return nil
}

// nodeChanged has n written, and told of.
func (w *work) nodeChanged(n *node) {
	n.dirty = true
	w.emit(NodeChanged{n.view()})
}

// saveNodes writes the changed nodes of a batch that writes.
func (w *work) saveNodes() error {
	for _, n := range w.batch.nodes {
		if n == nil || !n.dirty || w.tx == nil {
			continue
		}
		if err := w.tx.SetNode(n.rec); err != nil {
			return fmt.Errorf("set node: %w", err)
		}
		n.dirty = false
	}
	return nil
}

// commitNodes takes over changed nodes. Those that a batch without a store changed are
// written by the next one.
func (m *Messenger) commitNodes(w *work) {
	for id, n := range w.batch.nodes {
		if n == nil {
			delete(m.state.nodes, id)
			continue
		}
		m.state.nodes[id] = n
		if n.dirty {
			m.todo = append(m.todo, func(w *work) error { w.editNode(id); return nil })
		}
	}
}

// nodeNews is what a node said of an account.
type nodeNews struct {
	used, quota int64
	refused     int // since it last said so
}

// nodeAnswered notes that an own node serves this profile, and what it said.
func (w *work) nodeAnswered(id NodeID, news nodeNews) {
	n := w.editNode(id)
	if n == nil {
		return
	}
	before := w.told(n)
	n.used, n.quota = news.used, news.quota
	n.refused += news.refused
	w.nodeStands(n, NodeGood)
	n.rec.SeenAt = w.now
	if before.State != n.rec.State || w.now.Sub(n.storedAt) >= seenEvery {
		n.storedAt, n.dirty = w.now, true
	}
	now := n.view()
	if w.now.Sub(before.SeenAt) < tellSeenEvery {
		before.SeenAt = now.SeenAt
	}
	if now != before {
		w.emit(NodeChanged{now})
	}
}

// told returns what was last told of a node that is being changed.
func (w *work) told(n *node) Node {
	if b, ok := w.batch.nodes[n.rec.ID]; ok && b != nil {
		return b.view()
	}
	if s := w.m.state.nodes[n.rec.ID]; s != nil {
		return s.view()
	}
	return Node{}
}

// nodeFailed notes that an own node did not serve, and why.
func (w *work) nodeFailed(id NodeID, err error) {
	n := w.editNode(id)
	if n == nil || !w.preferences().Internet {
		return
	}
	before, state := n.rec.State, NodeAway
	switch {
	case errors.Is(err, identity.ErrNodeFalse):
		state = NodeFalse
	case errors.Is(err, identity.ErrNodeRefused):
		state = NodeShut
	case errors.Is(err, identity.ErrNodeUnreachable), errors.Is(err, identity.ErrNodeLater):
	default:
		return // ended by this side
	}
	w.nodeStands(n, state)
	if before != n.rec.State {
		w.nodeChanged(n)
	}
}

// nodeStands gives a node its state. One that was removed keeps that, and one that never
// answered stays new while it is only away.
func (w *work) nodeStands(n *node, s NodeState) {
	switch {
	case n.leaving():
		s = NodeLeaving
	case s == NodeAway && n.rec.State == NodeNew:
		return
	}
	if n.rec.State == s {
		return
	}
	n.rec.State, n.dirty = s, true
	id := n.rec.ID
	if s == NodeGood {
		w.later(func() { w.m.nodeBecameGood(id) })
	}
}

// sameHost reports whether a node that sees this computer at "IP:port" stands where it
// does: at one public address, or together behind it.
func sameHost(at identity.Hint, observed string) bool {
	seen, err := netip.ParseAddrPort(observed)
	if err != nil {
		return false
	}
	addr := seen.Addr().Unmap()
	return addr == at.Addr || addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast()
}

// internet says what may be opened beyond the local network. Without a node, of this
// profile or of a contact, nothing is.
func (m *Messenger) internet() identity.Internet {
	p := m.state.preferences
	i := identity.Internet{Open: p.Internet, Hide: p.HideAddress, Proxy: p.Proxy}
	for _, n := range inOrder(m.state.nodes) {
		switch {
		case n.leaving():
		case n.rec.Default:
			i.Homes = slices.Insert(i.Homes, 0, n.home)
		default:
			i.Homes = append(i.Homes, n.home)
		}
	}
	for _, c := range m.state.peers {
		if at := c.mailbox(); c.rec.Hide && !at.IsZero() {
			i.HideFrom = append(i.HideFrom, at.Node)
		}
	}
	return i
}

// ownHome is an own node to those who fetch there.
type ownHome struct {
	id      NodeID
	home    identity.Home
	leaving bool
}

// polled returns the homes where something may wait, those that are being left, too; none
// while nothing may be opened.
func (m *Messenger) polled() (homes []ownHome) {
	if m.nodes == nil || !m.state.preferences.Internet {
		return nil
	}
	for _, n := range inOrder(m.state.nodes) {
		homes = append(homes, ownHome{id: n.rec.ID, home: n.home, leaving: n.leaving()})
	}
	return homes
}

// homesMoved has everybody follow what may be opened now, and where.
func (m *Messenger) homesMoved() {
	i := m.internet()
	if m.nodes != nil {
		m.nodes.SetInternet(i)
	}
	m.transport.SetInternet(i)
	m.homesChanged(m.polled())
}
