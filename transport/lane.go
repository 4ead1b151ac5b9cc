package transport

import (
	"context"
	"errors"
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

// frames go back after use: a file makes no garbage.
var frames = sync.Pool{New: func() any { return new(fileFrame) }}

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

// receiveFiles hands over what the other side sends on its lane of a link until either
// ends. What is handed over and what comes meanwhile do not wait for each other.
func (p *parties) receiveFiles(in Inbound, l *link, lane wire) {
	defer l.end()
	if l.attach(lane, &l.receiving) != nil {
		return
	}
	s := p.enter(l.handle)
	defer p.exit(l.handle, s)
	arrived := make(chan *laneBatch, 1)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(arrived)
		readLane(lane, arrived)
	})
	defer reading.Wait()
	for b := range arrived {
		ok := p.deliverFiles(in, s, l, b.cells)
		b.release()
		if !ok {
			l.end() // the reader ends with its lane
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
