package apptest

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"tacit/app"
	"tacit/identity"
)

// Nodes are mailbox nodes in memory, with the rules of real ones: lots, tokens that are
// spent once, pages, slots, forwarding. They note what they see, and can be made to fail
// and to lie. Their clock is time.Now.
type Nodes struct {
	mu    sync.Mutex
	nodes map[[32]byte]*mailNode // guarded by mu
	names map[string]*mailNode   // guarded by mu
	hosts map[string]netip.Addr  // of owners; guarded by mu
	log   []Sight                // guarded by mu
	tap   func(owner, node string, d identity.Deposit)
	bell  chan struct{} // closed and replaced when anything changes; guarded by mu
}

// NewNodes returns a world without nodes.
func NewNodes() *Nodes {
	return &Nodes{
		nodes: map[[32]byte]*mailNode{}, names: map[string]*mailNode{}, hosts: map[string]netip.Addr{},
		bell: make(chan struct{}),
	}
}

// Node returns the address of the node of that name, which is made when it is first asked for.
func (ns *Nodes) Node(name string) identity.NodeAddress {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if n := ns.names[name]; n != nil {
		return identity.NodeAddress{Hint: n.hint}
	}
	root := identity.New().Root()
	pub := ed25519.NewKeyFromSeed(root[:]).Public().(ed25519.PublicKey)
	n := newMailNode(name, identity.Hint{
		Node: [32]byte(pub), Port: 4001, Addr: netip.AddrFrom4([4]byte{192, 31, 196, byte(1 + len(ns.names))}),
	})
	ns.nodes[n.hint.Node], ns.names[name] = n, n
	return identity.NodeAddress{Hint: n.hint}
}

// For returns what a messenger of that owner speaks to nodes with.
func (ns *Nodes) For(owner string) *NodeClient {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if !ns.hosts[owner].IsValid() {
		n := len(ns.hosts)
		ns.hosts[owner] = netip.AddrFrom4([4]byte{192, 31, 197 + byte(n/250), byte(1 + n%250)})
	}
	return &NodeClient{ns: ns, owner: owner, host: ns.hosts[owner]}
}

// Tap has f called, with the world locked, with each deposit that reaches a node.
func (ns *Nodes) Tap(f func(owner, node string, d identity.Deposit)) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.tap = f
}

// Cells returns how many cells wait at a node, of all accounts.
func (ns *Nodes) Cells(name string) (cells int) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if n := ns.names[name]; n != nil {
		for _, a := range n.accounts {
			cells += len(a.cells)
		}
	}
	return cells
}

// Accounts returns how many accounts a node has.
func (ns *Nodes) Accounts(name string) int {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return len(ns.names[name].accounts)
}

// Admit closes a node: a new account needs one of these invitations.
func (ns *Nodes) Admit(name string, invites ...[16]byte) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.names[name].closed, ns.names[name].invites = true, invites
}

// Jump moves the clock of a node.
func (ns *Nodes) Jump(name string, d time.Duration) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.names[name].shift += d
}

// ring wakes who waits for something to change. The caller holds mu.
func (ns *Nodes) ring() {
	close(ns.bell)
	ns.bell = make(chan struct{})
}

// NodeClient implements app.Nodes for one messenger.
type NodeClient struct {
	ns       *Nodes
	owner    string
	host     netip.Addr
	internet identity.Internet // guarded by ns.mu
}

var _ app.Nodes = (*NodeClient)(nil)

// SetInternet implements app.Nodes.
func (c *NodeClient) SetInternet(i identity.Internet) {
	c.ns.mu.Lock()
	defer c.ns.mu.Unlock()
	i.Homes = slices.Clone(i.Homes)
	c.internet = i
	c.ns.ring()
}

// Internet returns what SetInternet said last.
func (c *NodeClient) Internet() identity.Internet {
	c.ns.mu.Lock()
	defer c.ns.mu.Unlock()
	return c.internet
}

// reach waits as long as the way to a node takes and returns the node, with mu held. An
// anonymous request goes through another own node where there is one.
func (c *NodeClient) reach(ctx context.Context, at identity.Hint, anonymous bool) (n *mailNode, peer string, err error) {
	c.ns.mu.Lock()
	n, peer, slow, err := c.way(at, anonymous)
	if err == nil && slow > 0 {
		c.ns.mu.Unlock()
		select {
		case <-time.After(slow):
		case <-ctx.Done():
		}
		c.ns.mu.Lock()
		n, peer, _, err = c.way(at, anonymous)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.ns.mu.Unlock()
		return nil, "", err
	}
	return n, peer, nil
}

// way finds how a request goes now, and how long it takes. The caller holds mu.
func (c *NodeClient) way(at identity.Hint, anonymous bool) (n *mailNode, peer string, slow time.Duration, err error) {
	if !c.internet.Open {
		return nil, "", 0, fmt.Errorf("closed: %w", identity.ErrNodeUnreachable)
	}
	n, peer = c.ns.nodes[at.Node], c.host.String()
	if anonymous {
		via, account := c.forwarder(at)
		switch {
		case via != nil:
			peer = via.hint.Addr.String()
			slow += via.faults.Slow
			c.ns.see(Sight{Node: via.name, Op: "forward", Account: account, Peer: c.host.String(), To: at.Node, Bytes: 4096, Owner: c.owner})
		case c.hides(at):
			return nil, "", 0, identity.ErrNoForwarder
		}
	}
	switch {
	case n == nil || n.faults.Down || n.hint != at:
		return nil, "", 0, identity.ErrNodeUnreachable
	case n.faults.False:
		return nil, "", 0, identity.ErrNodeFalse
	case n.faults.Later:
		return nil, "", 0, identity.ErrNodeLater
	}
	return n, peer, slow + n.faults.Slow, nil
}

// hides reports whether a node must not learn the address. An own one knows it.
func (c *NodeClient) hides(at identity.Hint) bool {
	own := slices.ContainsFunc(c.internet.Homes, func(h identity.Home) bool { return h.Node == at })
	return !own && c.internet.Proxy == "" && (c.internet.Hide || slices.Contains(c.internet.HideFrom, at.Node))
}

// forwarder returns an own node that passes on to another one, and the account there.
func (c *NodeClient) forwarder(at identity.Hint) (via *mailNode, account string) {
	for _, h := range c.internet.Homes {
		via := c.ns.nodes[h.Node.Node]
		if h.Node.Node == at.Node || via == nil || via.faults.Down || via.faults.False || via.faults.Refusing {
			continue
		}
		if _, known := via.accounts[accountOf(h)]; known {
			return via, shortAccount(h)
		}
	}
	return nil, ""
}

// login reaches a node as the owner of an account, which is made where it is new. It
// returns with mu held.
func (c *NodeClient) login(ctx context.Context, h identity.Home) (n *mailNode, a *account, peer string, err error) {
	n, peer, err = c.reach(ctx, h.Node, false)
	if err != nil {
		return nil, nil, "", err
	}
	if a, err = n.admit(h); err != nil {
		c.ns.mu.Unlock()
		return nil, nil, "", err
	}
	return n, a, peer, nil
}

// as does something as the owner of an account and notes it.
func (c *NodeClient) as(ctx context.Context, h identity.Home, op string, bytes int, f func(*mailNode, *account) error) error {
	n, a, peer, err := c.login(ctx, h)
	if err != nil {
		return err
	}
	defer c.ns.mu.Unlock()
	c.ns.see(Sight{Node: n.name, Op: op, Account: shortAccount(h), Peer: peer, Bytes: bytes, Owner: c.owner})
	defer c.ns.ring()
	return f(n, a)
}

// Put implements app.Nodes.
func (c *NodeClient) Put(ctx context.Context, at identity.Hint, ds []identity.Deposit) (out []identity.Verdict, err error) {
	for _, d := range ds {
		n, peer, err := c.reach(ctx, at, true)
		if err != nil {
			return out, err
		}
		if c.ns.tap != nil {
			c.ns.tap(c.owner, n.name, d)
		}
		v, account := n.put(d)
		c.ns.see(Sight{Node: n.name, Op: "put", Account: account, Peer: peer, Bytes: len(d.Cell), Lot: d.Lot, Verdict: v, Owner: c.owner})
		c.ns.ring()
		c.ns.mu.Unlock()
		out = append(out, v)
	}
	return out, nil
}

// WriteSlot implements app.Nodes.
func (c *NodeClient) WriteSlot(ctx context.Context, at identity.Hint, slot [16]byte, cell []byte) (identity.Verdict, error) {
	n, peer, err := c.reach(ctx, at, true)
	if err != nil {
		return identity.DepositLater, err
	}
	defer c.ns.mu.Unlock()
	v := n.writeSlot(slot, cell)
	c.ns.see(Sight{Node: n.name, Op: "slot write", Peer: peer, Bytes: len(cell), Verdict: v, Owner: c.owner})
	return v, nil
}

// ReadSlot implements app.Nodes.
func (c *NodeClient) ReadSlot(ctx context.Context, at identity.Hint, slot [16]byte) ([]byte, error) {
	n, peer, err := c.reach(ctx, at, true)
	if err != nil {
		return nil, err
	}
	defer c.ns.mu.Unlock()
	c.ns.see(Sight{Node: n.name, Op: "slot read", Peer: peer, Bytes: 4096, Owner: c.owner})
	return n.readSlot(slot), nil
}

// Standing implements app.Nodes.
func (c *NodeClient) Standing(ctx context.Context, h identity.Home) (s identity.Standing, err error) {
	err = c.as(ctx, h, "login", 4096, func(n *mailNode, a *account) error {
		s = identity.Standing{Used: a.used(), Quota: n.quota(), Cells: len(a.cells), Lots: len(a.lots)}
		return nil
	})
	return s, err
}

// Fetch implements app.Nodes.
func (c *NodeClient) Fetch(ctx context.Context, h identity.Home, done [][16]byte, wait time.Duration) (identity.Fetched, error) {
	until := time.Now().Add(wait)
	for first := true; ; first = false {
		n, a, peer, err := c.login(ctx, h)
		if err != nil {
			return identity.Fetched{}, err
		}
		if first {
			n.remove(a, done)
			c.ns.see(Sight{Node: n.name, Op: "fetch", Account: shortAccount(h), Peer: peer, Bytes: 66048, Owner: c.owner})
		}
		page := n.page(a)
		bell := c.ns.bell
		if len(page.Cells) > 0 || !time.Now().Before(until) {
			c.ns.see(Sight{Node: n.name, Op: "page", Account: shortAccount(h), Peer: peer, Bytes: 66048, Cells: len(page.Cells), Owner: c.owner})
			a.refused = 0
			c.ns.mu.Unlock()
			return page, nil
		}
		c.ns.mu.Unlock()
		timer := time.NewTimer(time.Until(until))
		select {
		case <-bell:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return identity.Fetched{}, ctx.Err()
		}
		timer.Stop()
	}
}

// PutLot implements app.Nodes.
func (c *NodeClient) PutLot(ctx context.Context, h identity.Home, lot identity.Lot) error {
	return c.as(ctx, h, "lot", 66048, func(n *mailNode, a *account) error { return n.putLot(a, lot) })
}

// DropLot implements app.Nodes.
func (c *NodeClient) DropLot(ctx context.Context, h identity.Home, lot [16]byte) error {
	return c.as(ctx, h, "drop lot", 4096, func(n *mailNode, a *account) error {
		delete(a.lots, lot)
		return nil
	})
}

// Register implements app.Nodes.
func (c *NodeClient) Register(ctx context.Context, h identity.Home, slots [][16]byte, until time.Time) error {
	return c.as(ctx, h, "register", 4096, func(n *mailNode, a *account) error { return n.register(h, slots, until) })
}

// Leave implements app.Nodes.
func (c *NodeClient) Leave(ctx context.Context, h identity.Home) error {
	return c.as(ctx, h, "leave", 4096, func(n *mailNode, _ *account) error {
		n.leave(h)
		return nil
	})
}

// Forward implements app.Nodes.
func (c *NodeClient) Forward(ctx context.Context, h identity.Home, to identity.Hint) error {
	return c.as(ctx, h, "forward", 4096, func(n *mailNode, _ *account) error {
		switch next := c.ns.nodes[to.Node]; {
		case next == nil || next == n || next.hint != to:
			return identity.ErrNoForwarder
		case next.faults.Down:
			return identity.ErrNodeLater
		}
		return nil
	})
}

// Observe implements app.Nodes.
func (c *NodeClient) Observe(ctx context.Context, h identity.Home) (string, error) {
	n, peer, err := c.reach(ctx, h.Node, false)
	if err != nil {
		return "", err
	}
	defer c.ns.mu.Unlock()
	c.ns.see(Sight{Node: n.name, Op: "whence", Peer: peer, Bytes: 64, Owner: c.owner})
	return net.JoinHostPort(peer, "40000"), nil
}

// Connections implements app.Nodes: nothing stays open.
func (c *NodeClient) Connections() []app.Wire { return nil }
