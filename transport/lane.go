package transport

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"tacit/identity"
)

// A lane is a stream of file cells beside a link, on its connection, so that messages never
// wait behind files. A link has at most one in each direction, opened by the side that
// sends when it first does; it lives as long as the link, and a lane that breaks takes
// the link with it: whoever waits for cells then learns so, and asks again.

// frameFile is the type of the only frame on a lane.
const frameFile = 5

const (
	fileCellSize  = 65536
	fileFrameSize = 1 + fileCellSize
)

var (
	errLaneRefused = errors.New("transport: no proof for a lane")
	errLaneTwice   = errors.New("transport: a link has one lane in each direction")
)

// laneKey is the key under which the two ends of a link prove a lane of it: one for each
// key that proved a link, so that no hello is taken for one of another purpose.
func laneKey(k identity.LinkKey) identity.LinkKey {
	return identity.LinkKey(identity.MAC(k[:], identity.Join([]byte("f"))))
}

// fileFrame is a frame on its way out.
type fileFrame [fileFrameSize]byte

// Frames and batches go back after use: a file makes no garbage.
var (
	frames  = sync.Pool{New: func() any { return new(fileFrame) }}
	batches = sync.Pool{New: func() any { return new([maxLaneBatch * fileFrameSize]byte) }}
)

// sendFile queues file cells, in order, and blocks while the queue is full.
func (l *link) sendFile(ctx context.Context, cells [][]byte) error {
	for _, c := range cells {
		if len(c) != fileCellSize {
			return ErrCellSize
		}
		f := frames.Get().(*fileFrame)
		f[0] = frameFile
		copy(f[1:], c)
		if err := l.queueFile(ctx, f); err != nil {
			frames.Put(f)
			return err
		}
	}
	return nil
}

func (l *link) queueFile(ctx context.Context, f *fileFrame) error {
	select {
	case <-l.ended:
		return ErrNoLink
	default:
	}
	select {
	case l.files <- f:
		return nil
	case <-l.ended:
		return ErrNoLink
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeFiles opens the lane when there is a first frame and puts frames on it until the
// link ends. A lane may wait for as long as the other side pleases: whether that one
// lives is for the link to find out.
func (l *link) writeFiles() {
	var f *fileFrame
	select {
	case f = <-l.files:
	case <-l.ended:
		return
	}
	defer l.end()
	lane, err := l.openLane()
	if err != nil {
		return
	}
	for {
		_, err := lane.Write(f[:])
		frames.Put(f)
		if err != nil {
			return
		}
		select {
		case f = <-l.files:
		case <-l.ended:
			return
		}
	}
}

// openLane proves a new lane. The other side may have proven the link a moment later than
// this one, so a refusal is not believed at once.
func (l *link) openLane() (wire, error) {
	for try := 1; ; try++ {
		lane, err := l.prove()
		if err == nil {
			return lane, l.attach(lane, &l.sending)
		}
		if try == laneTries || !errors.Is(err, errLaneRefused) {
			return nil, err
		}
		timer := time.NewTimer(laneRetry)
		select {
		case <-timer.C:
		case <-l.ended:
			timer.Stop()
			return nil, ErrNoLink
		}
	}
}

// attach makes a lane the link's only one of its direction, which falls with it.
func (l *link) attach(lane wire, as *wire) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.over:
		err = ErrNoLink
	case *as != nil:
		err = errLaneTwice
	default:
		*as = lane
		return nil
	}
	lane.Reset()
	return err
}

// receiveFiles hands over what the other side sends on its lane of a link until either ends.
func (p *parties) receiveFiles(in Inbound, l *link, lane wire) {
	defer l.end()
	if l.attach(lane, &l.receiving) != nil {
		return
	}
	s := p.enter(l.handle)
	defer p.exit(l.handle, s)
	r := laneReader{from: lane}
	defer r.rest()
	for {
		cells, err := r.next()
		if err != nil || !p.deliverFiles(in, s, l, cells) {
			return
		}
	}
}

// deliverFiles hands over file cells. It reports false when the link was replaced or the
// party removed. Messages do not wait: only calls with file cells exclude one another.
func (p *parties) deliverFiles(in Inbound, s *seat, l *link, cells [][]byte) bool {
	s.files.Lock()
	defer s.files.Unlock()
	if !p.current(s, l) {
		return false
	}
	in.FileCells(l.handle, cells)
	return true
}

// laneReader takes file cells off a lane, as many at once as have arrived.
type laneReader struct {
	from  io.Reader
	buf   *[maxLaneBatch * fileFrameSize]byte // nil while nothing arrives
	have  int                                 // bytes in buf
	taken int                                 // of them, those that next returned
	cells [][]byte
}

// next waits for cells, which are overwritten by the next call. It returns an error at the
// end of the lane and for another frame than a file cell.
func (r *laneReader) next() ([][]byte, error) {
	if r.buf != nil {
		r.have = copy(r.buf[:], r.buf[r.taken:r.have])
	}
	if r.have == 0 {
		r.rest()
	}
	r.taken, r.cells = 0, r.cells[:0]
	for {
		n, err := r.read()
		r.have += n
		for at := 0; at < r.have; at += fileFrameSize {
			if r.buf[at] != frameFile {
				return nil, errFrameType
			}
			if end := at + fileFrameSize; end <= r.have {
				r.cells, r.taken = append(r.cells, r.buf[at+1:end]), end
			}
		}
		if len(r.cells) > 0 {
			return r.cells, nil // an error comes again
		}
		if err != nil {
			return nil, err
		}
	}
}

// read fills the buffer up, which it takes only when there is a first byte to put in.
func (r *laneReader) read() (int, error) {
	if r.buf != nil {
		return r.from.Read(r.buf[r.have:])
	}
	var first [1]byte
	if _, err := io.ReadFull(r.from, first[:]); err != nil {
		return 0, err
	}
	r.buf = batches.Get().(*[maxLaneBatch * fileFrameSize]byte)
	r.buf[0] = first[0]
	return 1, nil
}

// rest gives the buffer back.
func (r *laneReader) rest() {
	if r.buf != nil {
		batches.Put(r.buf)
		r.buf = nil
	}
}
