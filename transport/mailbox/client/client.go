// Package client speaks to mailbox nodes.
//
//	client.go    what may be opened, and what is open
//	host.go      one swarm, under a key of its own
//	talk.go      one talk on one stream
//	room.go      the conversation with an own node, which stays for the next fetch
//	visit.go     conversations without an account, through another own node where there is one
//	account.go, deposit.go   the requests
//
// Conversations without an account have a swarm and a peer key each, so that a node cannot
// tell which of them are of one person. Those of an account share one: the account says it anyway.
package client

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// WireNode is the kind of a connection to a mailbox node.
const WireNode = "node"

// Wire is one connection.
type Wire = struct {
	Kind   string // WireNode
	Remote string // protocol and address, "udp 192.0.2.1:4001": of the node, or of the proxy
	Handle identity.Handle
	Since  time.Time
}

// Client speaks to mailbox nodes. It begins closed: SetInternet opens it. It is safe for
// any number of goroutines.
type Client struct {
	protocol swarm.Protocol
	clock    func() time.Time
	times    times

	setting sync.Mutex // held by SetInternet: one at a time

	mu      sync.Mutex
	net     identity.Internet       // guarded by mu
	life    *life                   // nil: closed; guarded by mu
	records map[identity.Home]kept  // of own accounts; guarded by mu
	rooms   map[identity.Home]*room // guarded by mu
	shunned map[[32]byte]time.Time  // until when, of own nodes; guarded by mu
}

// life is the time in which what is opened may stay open.
type life struct {
	ctx   context.Context
	end   context.CancelFunc
	proxy string
	calls sync.WaitGroup // no Add once the life is not the client's any more
	hosts map[*host]bool // open now; guarded by Client.mu
}

// kept is a key record, and when it was asked for.
type kept struct {
	mailbox.KeyRecord
	at time.Time
}

// Options of a Client; the zero Options are good.
type Options struct {
	Protocol swarm.Protocol // to speak one only; by default both
}

// New returns a client that is closed.
func New(o Options) *Client {
	return &Client{protocol: o.Protocol, clock: time.Now, times: usual, records: map[identity.Home]kept{}, rooms: map[identity.Home]*room{},
		shunned: map[[32]byte]time.Time{},
	}
}

// SetInternet says what may be opened and how. What is open against it is closed before it
// returns; calls under way end with identity.ErrNodeUnreachable.
func (c *Client) SetInternet(n identity.Internet) {
	c.setting.Lock()
	defer c.setting.Unlock()
	c.mu.Lock()
	old := c.life
	n.Homes, n.HideFrom = slices.Clone(n.Homes), slices.Clone(n.HideFrom)
	stays := old != nil && n.Open && n.Proxy == c.net.Proxy && !hidesMore(c.net, n)
	c.net = n
	if stays {
		c.mu.Unlock()
		return
	}
	c.life = nil
	rooms := c.rooms
	c.rooms = map[identity.Home]*room{}
	clear(c.shunned)
	if n.Open {
		ctx, end := context.WithCancel(context.Background())
		c.life = &life{ctx: ctx, end: end, proxy: n.Proxy, hosts: map[*host]bool{}}
	}
	c.mu.Unlock()
	if old == nil {
		return
	}
	old.end()
	old.calls.Wait()
	for _, r := range rooms {
		r.close(c, old)
	}
}

// hidesMore reports whether somebody may know the address under old who may not under n.
func hidesMore(old, n identity.Internet) bool {
	return !old.Hide && (n.Hide || slices.ContainsFunc(n.HideFrom, func(node [32]byte) bool {
		return !slices.Contains(old.HideFrom, node)
	}))
}

// Close closes everything.
func (c *Client) Close() { c.SetInternet(identity.Internet{}) }

// Connections returns what is open now, oldest first.
func (c *Client) Connections() []Wire {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life == nil {
		return nil
	}
	var wires []Wire
	for h := range c.life.hosts {
		wires = append(wires, h.wires(c.life.proxy)...)
	}
	slices.SortFunc(wires, func(a, b Wire) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Remote, b.Remote)) })
	return wires
}

// call is one call of a method.
type call struct {
	*Client
	life *life
	net  identity.Internet // as it was when the call began
	ctx  context.Context   // ends with the caller's and with the life
	done func()
}

// begin begins a call; done must follow. identity.ErrNodeUnreachable where nothing may be opened.
func (c *Client) begin(ctx context.Context) (*call, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life == nil {
		return nil, identity.ErrNodeUnreachable
	}
	l := c.life
	l.calls.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(l.ctx, cancel)
	return &call{Client: c, life: l, net: c.net, ctx: ctx, done: func() {
		stop()
		cancel()
		l.calls.Done()
	}}, nil
}
