package transport

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/identity"
)

// ErrNoLink is returned by Send when no link to the party is proven, or it broke.
var ErrNoLink = errors.New("transport: no link to the party")

// wire is the stream of a link.
type wire interface {
	io.ReadWriter
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
	Reset() error
}

// path is the way that a link goes, the greater the better.
type path int

const (
	pathRelay  path = iota + 1 // over a relay
	pathDirect                 // over the internet, straight
	pathLAN                    // on the local network
)

// String returns the word of the messenger's transport port.
func (p path) String() string {
	switch p {
	case pathRelay:
		return "relay"
	case pathDirect:
		return "direct"
	case pathLAN:
		return "lan"
	}
	return ""
}

// link is one proven stream, with its lanes. Its queues are bounded, so a reader that is not emptied
// stops reading, and the other side's writes stop with it.
type link struct {
	handle  identity.Handle
	stream  wire
	far     peer.ID          // the other side
	dialled bool             // by this side
	path    path             // set before it is served
	conn    any              // what it runs on; links on one connection fall together
	key     identity.LinkKey // that proved it
	arrived chan frame
	cells   chan []byte // encoded frames
	acks    chan [ackSize]byte
	files   chan *fileFrame
	offers  chan *offer          // that arrived, of a relayed link
	prove   func() (wire, error) // opens a lane
	ended   chan struct{}        // closed by end

	mu                 sync.Mutex
	over               bool // guarded by mu
	sending, receiving wire // the lanes, nil without; guarded by mu
}

func newLink(h identity.Handle, key identity.LinkKey, stream wire, far peer.ID, dialled bool, conn any) *link {
	return &link{
		handle:  h,
		key:     key,
		stream:  stream,
		far:     far,
		dialled: dialled,
		conn:    conn,
		arrived: make(chan frame, maxBatch),
		cells:   make(chan []byte, maxQueued),
		acks:    make(chan [ackSize]byte, maxAcksQueued),
		files:   make(chan *fileFrame, maxFilesQueued),
		offers:  make(chan *offer, 1),
		ended:   make(chan struct{}),
	}
}

// end breaks the link and its lanes. Readers, writers and senders return.
func (l *link) end() {
	l.mu.Lock()
	if l.over {
		l.mu.Unlock()
		return
	}
	l.over = true
	close(l.ended)
	lanes := [...]wire{l.sending, l.receiving}
	l.mu.Unlock()
	l.stream.Reset()
	for _, lane := range lanes {
		if lane != nil {
			lane.Reset()
		}
	}
}

// send queues cells, in order, and blocks while the queue is full.
func (l *link) send(ctx context.Context, cells [][]byte) error {
	for _, c := range cells {
		f, err := appendCell(make([]byte, 0, 1+len(c)), c)
		if err != nil {
			return err
		}
		select {
		case <-l.ended:
			return ErrNoLink
		default:
		}
		select {
		case l.cells <- f:
		case <-l.ended:
			return ErrNoLink
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// acknowledge queues acknowledgements. It blocks while the other side takes none, which
// the writer bounds in time.
func (l *link) acknowledge(acks [][ackSize]byte) {
	for _, a := range acks {
		select {
		case l.acks <- a:
		case <-l.ended:
			return
		}
	}
}

// read takes frames off the stream until it fails or is silent for too long. Silence
// counts only while reading: whoever makes the other side wait must not blame it.
func (l *link) read() {
	defer l.end()
	r := bufio.NewReaderSize(l.stream, maxWrite)
	for {
		l.stream.SetReadDeadline(time.Now().Add(silenceTime)) // a stream that has ended says so when read
		f, err := readFrame(r)
		if err != nil {
			return
		}
		if f.offer != nil && !l.hear(f.offer) {
			return
		}
		if f.cell == nil && !f.isAck {
			continue
		}
		select {
		case l.arrived <- f:
			continue
		default:
		}
		select {
		case l.arrived <- f:
		case <-l.ended:
			return
		}
	}
}

// hear keeps an offer for whoever punches, unless one is kept. Links that are straight
// have none: it reports false.
func (l *link) hear(o *offer) bool {
	select {
	case l.offers <- o:
	default: // more than anybody answers
	}
	return l.path == pathRelay
}

// offer queues an offer. It waits no longer than the link lives.
func (l *link) offer(o offer) {
	select {
	case l.cells <- o.append(nil):
	case <-l.ended:
	}
}

// write puts frames on the stream as soon as there are any, as many as are there.
func (l *link) write() {
	defer l.end()
	beat := time.NewTicker(heartbeatTime)
	defer beat.Stop()
	buf := make([]byte, 0, maxWrite+1+largeCellSize)
	for {
		buf = buf[:0]
		select {
		case f := <-l.cells:
			buf = append(buf, f...)
		case a := <-l.acks:
			buf = appendAck(buf, a)
		case <-beat.C:
			buf = append(buf, frameHeartbeat)
		case <-l.ended:
			return
		}
		buf = l.gather(buf)
		if err := l.stream.SetWriteDeadline(time.Now().Add(silenceTime)); err != nil {
			return
		}
		if _, err := l.stream.Write(buf); err != nil {
			return
		}
	}
}

// gather appends what else is waiting, acknowledgements first, up to maxWrite.
func (l *link) gather(buf []byte) []byte {
	for len(buf) < maxWrite {
		select {
		case a := <-l.acks:
			buf = appendAck(buf, a)
			continue
		default:
		}
		select {
		case f := <-l.cells:
			buf = append(buf, f...)
		default:
			return buf
		}
	}
	return buf
}

// next waits for frames and returns all that have arrived, at most maxBatch. It reports
// false when the link has ended and nothing is left.
func (l *link) next() (cells [][]byte, acks [][ackSize]byte, ok bool) {
	take := func(f frame) {
		if f.isAck {
			acks = append(acks, f.ack)
		} else {
			cells = append(cells, f.cell)
		}
	}
	select {
	case f := <-l.arrived:
		take(f)
	case <-l.ended:
	}
	for len(cells)+len(acks) < maxBatch {
		select {
		case f := <-l.arrived:
			take(f)
		default:
			return cells, acks, len(cells)+len(acks) > 0
		}
	}
	return cells, acks, true
}
