package apptest

import (
	"slices"
	"sync"

	"tacit/app"
	"tacit/identity"
)

// Network is a LAN in memory. Two parties on it meet when a key under which one
// side dials is one that the other side accepts, as the real hello decides.
type Network struct {
	mu         sync.Mutex
	transports []*Transport           // guarded by mu; those that run
	cut        map[[2]*Transport]bool // guarded by mu
	tap        func(from *Transport, cell []byte)
	path       app.Path // of links; guarded by mu
	stays      []*stay  // guarded by mu; of those who pair nearby
	staysEver  int      // guarded by mu
	closed     bool     // guarded by mu; nobody meets
	doubled    bool     // guarded by mu
	filter     Filter   // guarded by mu
	fileFilter Filter   // guarded by mu
}

// Filter says what arrives in place of a cell that somebody sends to a party: the cell,
// others, several or none. It may be asked by several goroutines.
type Filter func(from *Transport, to identity.Handle, cell []byte) [][]byte

// NewNetwork returns a network on which nobody is.
func NewNetwork() *Network {
	return &Network{cut: map[[2]*Transport]bool{}, path: app.PathLAN}
}

// NewTransport returns a transport that is on the network while it runs.
func (n *Network) NewTransport() *Transport {
	return &Transport{net: n, ends: map[identity.Handle]*end{}, gone: map[identity.Handle]chan struct{}{}, lanes: map[identity.Handle]chan struct{}{}}
}

// Cut takes the ways between a and b away, or gives them back.
func (n *Network) Cut(a, b *Transport, cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[[2]*Transport{a, b}] = cut
	n.cut[[2]*Transport{b, a}] = cut
	n.match()
	n.nudgeStays()
}

// Close ends every link and lets nobody meet, or ends that.
func (n *Network) Close(closed bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = closed
	n.match()
}

// Break ends every link between a and b, with what was on its way; they meet again at once.
func (n *Network) Break(a, b *Transport) {
	n.Cut(a, b, true)
	n.Cut(a, b, false)
}

// Double delivers every cell twice from now on.
func (n *Network) Double(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.doubled = on
}

// Filter has f decide what arrives from now on; nil: what was sent.
func (n *Network) Filter(f Filter) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.filter = f
}

// Tap shows f every cell that is sent.
func (n *Network) Tap(f func(from *Transport, cell []byte)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tap = f
}

// match makes and ends links so that they fit the parties. The caller holds mu.
func (n *Network) match() {
	for _, t := range n.transports {
		for h, e := range t.ends {
			if !n.meet(t, h, e.far.t, e.far.handle) {
				e.hangUp()
			}
		}
	}
	for i, a := range n.transports {
		for _, b := range n.transports[i+1:] {
			for _, p := range a.parties {
				for _, q := range b.parties {
					if a.ends[p.Handle] == nil && b.ends[q.Handle] == nil && n.meet(a, p.Handle, b, q.Handle) {
						connect(a, p.Handle, b, q.Handle)
					}
				}
			}
		}
	}
}

// meet reports whether party h of a and party g of b can prove themselves to one another now.
func (n *Network) meet(a *Transport, h identity.Handle, b *Transport, g identity.Handle) bool {
	if n.closed || n.cut[[2]*Transport{a, b}] || a.shut || b.shut || !slices.Contains(n.transports, a) || !slices.Contains(n.transports, b) {
		return false
	}
	p, q := a.party(h), b.party(g)
	return p != nil && q != nil && (common(p.Dial, q.Accept) || common(q.Dial, p.Accept))
}

func common(dial, accept []identity.LinkKey) bool {
	return slices.ContainsFunc(dial, func(k identity.LinkKey) bool { return slices.Contains(accept, k) })
}

func (n *Network) join(t *Transport) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.transports = append(n.transports, t)
	n.match()
}

func (n *Network) leave(t *Transport) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.transports = slices.DeleteFunc(n.transports, func(o *Transport) bool { return o == t })
	n.match()
	for _, e := range t.ends {
		e.hangUp()
	}
}
