package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

var (
	// errForwardRefused: the hint leads to no other mailbox node.
	errForwardRefused = errors.New("forward refused")
	// errForwardLater: the account's allowance is spent, or nobody is there.
	errForwardLater = errors.New("forward later")
)

// stream is a conversation's bytes: a libp2p stream, or a pipe in tests.
type stream interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// forwarder opens tunnels to other nodes for the accounts of this one, so that their
// owners' addresses stay unknown there.
type forwarder struct {
	self         [32]byte // key of this node
	allowPrivate bool
	resolve      resolver
	// dial opens a conversation with the node of that key at one of the addresses. Its
	// Close ends all that it opened.
	dial func(ctx context.Context, h identity.Hint, at []netip.Addr) (stream, error)

	bytes *buckets[depot.Account]

	mu   sync.Mutex
	open map[depot.Account]int // tunnels; guarded by mu
	all  int                   // their sum; guarded by mu
}

func newForwarder(self [32]byte, allowPrivate bool) *forwarder {
	return &forwarder{
		self: self, allowPrivate: allowPrivate, resolve: lookUp, dial: dialNode,
		bytes: newBuckets[depot.Account](forwardRate, maxForwarding), open: make(map[depot.Account]int),
	}
}

// connect opens a tunnel for an account. errForwardRefused, errForwardLater. The caller
// ends it with carry or drop.
func (f *forwarder) connect(ctx context.Context, a depot.Account, h identity.Hint) (*tunnel, error) {
	if h.Node == f.self {
		return nil, fmt.Errorf("%w: own self", errForwardRefused)
	}
	if !f.bytes.allow(a, time.Now(), forwardOpening) || !f.begin(a) {
		return nil, fmt.Errorf("%w: allowance", errForwardLater)
	}
	far, err := f.reach(ctx, h)
	if err != nil {
		f.end(a)
		return nil, err
	}
	return &tunnel{forwarder: f, account: a, far: far}, nil
}

func (f *forwarder) reach(ctx context.Context, h identity.Hint) (stream, error) {
	at, err := addresses(ctx, f.resolve, h, f.allowPrivate)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, forwardDialTime)
	defer cancel()
	return f.dial(ctx, h, at)
}

func (f *forwarder) begin(a depot.Account) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all >= maxTunnels || f.open[a] >= maxTunnelsPerAccount {
		return false
	}
	f.open[a]++
	f.all++
	return true
}

func (f *forwarder) end(a depot.Account) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all--
	if f.open[a]--; f.open[a] == 0 {
		delete(f.open, a)
	}
}

// tunnels returns how many are open.
func (f *forwarder) tunnels() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all
}

// tunnel is an open way to another node.
type tunnel struct {
	forwarder *forwarder
	account   depot.Account
	far       stream
}

// drop ends a tunnel that is not used.
func (t *tunnel) drop() {
	t.far.Close()
	t.forwarder.end(t.account)
}

// carry copies both ways until both have ended, one is silent or slow for too long, or
// the tunnel has had its time, and ends the tunnel. It closes near.
func (t *tunnel) carry(ctx context.Context, near stream) {
	ctx, cancel := context.WithTimeout(ctx, tunnelTime)
	stop := context.AfterFunc(ctx, func() { near.Close(); t.far.Close() })
	var back sync.WaitGroup
	back.Go(func() {
		t.copy(ctx, near, t.far)
		cancel() // what the other node does not answer any more needs no asking
	})
	if t.copy(ctx, t.far, near) != io.EOF || !halfClose(t.far) {
		cancel() // else the last answer may be on its way
	}
	back.Wait()
	cancel()
	stop()
	near.Close()
	t.drop()
}

// halfClose says that nothing more comes, and reports whether the stream could.
func halfClose(s stream) bool {
	c, ok := s.(interface{ CloseWrite() error })
	return ok && c.CloseWrite() == nil
}

// copy moves bytes one way at the account's rate. It returns why it ended: io.EOF where
// there was no more.
func (t *tunnel) copy(ctx context.Context, to, from stream) error {
	buf := make([]byte, tunnelBuffer)
	for {
		from.SetReadDeadline(time.Now().Add(tunnelSilence))
		n, err := from.Read(buf)
		if n > 0 {
			if !pause(ctx, t.forwarder.bytes.charge(t.account, time.Now(), float64(n))) {
				return ctx.Err()
			}
			to.SetWriteDeadline(time.Now().Add(tunnelSilence))
			if _, err := to.Write(buf[:n]); err != nil {
				return fmt.Errorf("tunnel: %w", err)
			}
		}
		if err != nil {
			return err
		}
	}
}

// pause waits, and reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
