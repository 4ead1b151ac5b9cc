package apptest

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"tacit/app"
	"tacit/identity"
	"tacit/identity/envelope"
)

// laneWindow is how many file cells wait before SendFile does: 1 MiB.
const laneWindow = 16

// lane carries file cells to one end of a link. Its goroutine calls FileCells.
type lane struct {
	room chan struct{} // one token for each cell in the queue
	wake chan struct{}

	mu    sync.Mutex
	cells [][]byte // guarded by mu
}

func newLane() *lane {
	return &lane{room: make(chan struct{}, laneWindow), wake: make(chan struct{}, 1)}
}

// FilterFiles has f decide which file cells arrive from now on; nil: what was sent.
func (n *Network) FilterFiles(f Filter) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fileFilter = f
}

// SendFile implements app.Transport.
func (t *Transport) SendFile(ctx context.Context, h identity.Handle, cells ...[]byte) error {
	t.net.mu.Lock()
	e, tap, doubled, filter := t.ends[h], t.net.tap, t.net.doubled, t.net.fileFilter
	t.net.mu.Unlock()
	if e == nil {
		return app.ErrUnreachable
	}
	for _, cell := range cells {
		if len(cell) != envelope.FileCell {
			return errors.New("a file cell of another size")
		}
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
			if err := ctx.Err(); err != nil {
				return err // also where there is room
			}
			if err := e.far.pushFile(ctx, cell); err != nil {
				return err
			}
		}
	}
	return nil
}

// InjectFile hands file cells to whoever runs t as if they had come over the link of h.
func (t *Transport) InjectFile(h identity.Handle, cells ...[]byte) {
	t.net.mu.Lock()
	in := t.in
	t.net.mu.Unlock()
	in.FileCells(h, cells)
}

func (e *end) pushFile(ctx context.Context, cell []byte) error {
	select {
	case e.files.room <- struct{}{}:
	case <-e.over:
		return app.ErrUnreachable
	case <-ctx.Done():
		return ctx.Err()
	}
	e.files.mu.Lock()
	e.files.cells = append(e.files.cells, bytes.Clone(cell))
	e.files.mu.Unlock()
	select {
	case e.files.wake <- struct{}{}:
	default:
	}
	return nil
}

// startLane serves the lane of e once that of the link before is left. The caller holds net.mu.
func (t *Transport) startLane(e *end) {
	before, gone, in := t.lanes[e.handle], make(chan struct{}), t.in
	t.lanes[e.handle] = gone
	t.calls.Go(func() {
		defer close(gone)
		if before != nil {
			<-before
		}
		e.serveFiles(in)
	})
}

// serveFiles hands over file cells until the link is hung up. They are overwritten then,
// as a transport that reads into one buffer does.
func (e *end) serveFiles(in app.Inbound) {
	for {
		select {
		case <-e.files.wake:
		case <-e.over:
			return
		}
		e.files.mu.Lock()
		cells := e.files.cells
		e.files.cells = nil
		e.files.mu.Unlock()
		if e.ends() {
			return
		}
		in.FileCells(e.handle, cells)
		for _, cell := range cells {
			clear(cell)
			<-e.files.room
		}
	}
}
