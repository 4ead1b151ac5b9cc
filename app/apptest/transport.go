package apptest

import (
	"bytes"
	"context"
	"sync"
	"time"

	"tacit/app"
	"tacit/identity"
)

// linkWindow is how many cells a link holds before Send waits.
const linkWindow = 256

// Transport is an app.Transport on a Network.
type Transport struct {
	Owner string // the name of the person; set before it runs

	net      *Network
	parties  []identity.Party                  // guarded by net.mu
	ends     map[identity.Handle]*end          // guarded by net.mu
	shut     bool                              // guarded by net.mu
	internet identity.Internet                 // guarded by net.mu
	sought   int                               // guarded by net.mu
	in       app.Inbound                       // guarded by net.mu; nil while it does not run
	gone     map[identity.Handle]chan struct{} // guarded by net.mu; closed when the latest link of a handle was left
	lanes    map[identity.Handle]chan struct{} // guarded by net.mu; closed when the latest lane of a handle was left
	nearby   *stay                             // guarded by net.mu; nil while it is not shown nearby
	calls    sync.WaitGroup                    // of the goroutines of links
}

// Run implements app.Transport.
func (t *Transport) Run(ctx context.Context, in app.Inbound) error {
	t.net.mu.Lock()
	t.in = in
	t.net.mu.Unlock()
	t.net.join(t)
	<-ctx.Done()
	t.net.leave(t)
	t.calls.Wait()
	return nil
}

// SetParties implements app.Transport.
func (t *Transport) SetParties(ps []identity.Party) {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	t.parties = ps
	t.net.match()
}

// Send implements app.Transport.
func (t *Transport) Send(ctx context.Context, h identity.Handle, cells ...[]byte) error {
	t.net.mu.Lock()
	e, tap, doubled, filter := t.ends[h], t.net.tap, t.net.doubled, t.net.filter
	t.net.mu.Unlock()
	if e == nil {
		return app.ErrUnreachable
	}
	for _, cell := range cells {
		if tap != nil {
			tap(t, bytes.Clone(cell))
		}
		arriving := [][]byte{cell}
		if filter != nil {
			arriving = filter(t, h, bytes.Clone(cell))
		}
		if doubled {
			arriving = append(arriving, arriving...)
		}
		for _, cell := range arriving {
			if err := e.far.push(ctx, cell); err != nil {
				return err
			}
		}
	}
	return nil
}

// Handles returns the parties to whom there is a link.
func (t *Transport) Handles() []identity.Handle {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	var hs []identity.Handle
	for h := range t.ends {
		hs = append(hs, h)
	}
	return hs
}

// Inject hands cells to whoever runs t as if they had come over the link of h,
// and returns what was acknowledged.
func (t *Transport) Inject(h identity.Handle, cells ...[]byte) [][16]byte {
	t.net.mu.Lock()
	in := t.in
	t.net.mu.Unlock()
	return in.Received(h, cells)
}

// Acknowledge has whoever runs t told that the party of h stored something.
func (t *Transport) Acknowledge(h identity.Handle, digests ...[16]byte) {
	t.net.mu.Lock()
	in := t.in
	t.net.mu.Unlock()
	in.Acknowledged(h, digests)
}

// party returns the party of a handle, or nil. The caller holds net.mu.
func (t *Transport) party(h identity.Handle) *identity.Party {
	for i := range t.parties {
		if t.parties[i].Handle == h {
			return &t.parties[i]
		}
	}
	return nil
}

// end is one side of a link. Its goroutine makes all calls for its handle.
type end struct {
	t      *Transport
	handle identity.Handle
	far    *end
	since  time.Time
	over   chan struct{} // closed by hangUp
	room   chan struct{} // one token for each cell in the queue
	wake   chan struct{}
	files  *lane

	mu    sync.Mutex
	cells [][]byte   // guarded by mu
	acks  [][16]byte // guarded by mu
}

// connect links two parties. The caller holds net.mu.
func connect(a *Transport, h identity.Handle, b *Transport, g identity.Handle) {
	near, far := newEnd(a, h), newEnd(b, g)
	near.far, far.far = far, near
	far.over = near.over
	for _, e := range []*end{near, far} {
		before, gone := e.t.gone[e.handle], make(chan struct{})
		e.t.ends[e.handle], e.t.gone[e.handle] = e, gone
		e.t.calls.Go(func() {
			defer close(gone)
			if before != nil {
				<-before
			}
			e.serve(e.t.in)
		})
		e.t.startLane(e)
	}
}

func newEnd(t *Transport, h identity.Handle) *end {
	return &end{
		t: t, handle: h, over: make(chan struct{}),
		room: make(chan struct{}, linkWindow), wake: make(chan struct{}, 1),
		files: newLane(), since: time.Now(),
	}
}

// hangUp ends the link on both sides. The caller holds net.mu.
func (e *end) hangUp() {
	if e.ends() {
		return
	}
	close(e.over)
	for _, side := range []*end{e, e.far} {
		if side.t.ends[side.handle] == side {
			delete(side.t.ends, side.handle)
		}
	}
}

// ends reports whether the link was hung up.
func (e *end) ends() bool {
	select {
	case <-e.over:
		return true
	default:
		return false
	}
}

func (e *end) push(ctx context.Context, cell []byte) error {
	select {
	case e.room <- struct{}{}:
	case <-e.over:
		return app.ErrUnreachable
	case <-ctx.Done():
		return ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ends() {
		return app.ErrUnreachable
	}
	e.cells = append(e.cells, bytes.Clone(cell))
	e.nudge()
	return nil
}

func (e *end) acknowledge(acks [][16]byte) {
	e.mu.Lock()
	e.acks = append(e.acks, acks...)
	e.mu.Unlock()
	e.nudge()
}

func (e *end) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *end) serve(in app.Inbound) {
	in.Reached(e.handle)
	defer in.Lost(e.handle)
	for {
		if e.ends() {
			return
		}
		e.mu.Lock()
		cells, acks := e.cells, e.acks
		e.cells, e.acks = nil, nil
		e.mu.Unlock()
		for range cells {
			<-e.room
		}
		if len(acks) > 0 {
			in.Acknowledged(e.handle, acks)
		}
		if len(cells) > 0 {
			if acks := in.Received(e.handle, cells); len(acks) > 0 {
				e.far.acknowledge(acks)
			}
		}
		if len(cells)+len(acks) > 0 {
			continue
		}
		select {
		case <-e.wake:
		case <-e.over:
			return
		}
	}
}
