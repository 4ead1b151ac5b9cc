package transport

import (
	"io"
	"sync"
)

// laneBatch is room for file cells that arrive, and those that have.
type laneBatch struct {
	room  [maxLaneBatch * fileFrameSize]byte
	cells [][]byte // in room
}

// batches go back after use: a file makes no garbage.
var batches = sync.Pool{New: func() any { return new(laneBatch) }}

func (b *laneBatch) release() {
	b.cells = b.cells[:0]
	batches.Put(b)
}

// readLane passes on what arrives on a lane until that fails.
func readLane(lane io.Reader, arrived chan<- *laneBatch) {
	r := laneReader{from: lane}
	defer r.rest()
	for {
		b, err := r.next()
		if err != nil {
			return
		}
		arrived <- b
	}
}

// laneReader takes file cells off a lane, as many at once as have arrived.
type laneReader struct {
	from    io.Reader
	filling *laneBatch // nil while nothing arrives
	have    int        // bytes in filling
}

// next waits for cells, at least one, which belong to the caller. It returns an error at
// the end of the lane and for another frame than a file cell.
func (r *laneReader) next() (*laneBatch, error) {
	for {
		n, err := r.read()
		r.have += n
		taken := 0
		for at := 0; at < r.have; at += fileFrameSize {
			if r.filling.room[at] != frameFile {
				return nil, errFrameType
			}
			if end := at + fileFrameSize; end <= r.have {
				r.filling.cells, taken = append(r.filling.cells, r.filling.room[at+1:end]), end
			}
		}
		if taken > 0 {
			return r.detach(taken), nil // an error comes again
		}
		if err != nil {
			return nil, err
		}
	}
}

// detach gives away the room being filled and keeps what is not a whole cell of it.
func (r *laneReader) detach(taken int) *laneBatch {
	b, rest := r.filling, 0
	r.filling = nil
	if taken < r.have {
		r.filling = batches.Get().(*laneBatch)
		rest = copy(r.filling.room[:], b.room[taken:r.have])
	}
	r.have = rest
	return b
}

// read fills the room up, which it takes only when there is a first byte to put in.
func (r *laneReader) read() (int, error) {
	if r.filling != nil {
		return r.from.Read(r.filling.room[r.have:])
	}
	var first [1]byte
	if _, err := io.ReadFull(r.from, first[:]); err != nil {
		return 0, err
	}
	r.filling = batches.Get().(*laneBatch)
	r.filling.room[0] = first[0]
	return 1, nil
}

// rest gives the room back.
func (r *laneReader) rest() {
	if r.filling != nil {
		r.filling.release()
		r.filling = nil
	}
}
