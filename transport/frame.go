package transport

import (
	"bufio"
	"errors"
	"io"
)

// A frame is a type byte and a body whose size the type fixes.
const (
	frameCell      = 1 // 4096 bytes
	frameLargeCell = 2 // 16384 bytes
	frameAck       = 3 // 16 bytes, a digest
	frameHeartbeat = 4 // nothing
	frameOffer     = 6 // step 1, length 2, addresses; 5 is a lane's

	cellSize      = 4096
	largeCellSize = 16384
	ackSize       = 16
)

// ErrCellSize is returned by Send for a cell of neither size, and by SendFile for one of
// another size than file cells have.
var ErrCellSize = errors.New("transport: no cell has this size")

var errFrameType = errors.New("transport: unknown frame type")

// frame is one frame taken off a stream; a heartbeat has nothing.
type frame struct {
	cell  []byte
	offer *offer
	ack   [ackSize]byte
	isAck bool
}

// appendCell appends a frame with a cell.
func appendCell(dst, cell []byte) ([]byte, error) {
	switch len(cell) {
	case cellSize:
		dst = append(dst, frameCell)
	case largeCellSize:
		dst = append(dst, frameLargeCell)
	default:
		return dst, ErrCellSize
	}
	return append(dst, cell...), nil
}

// appendAck appends a frame with an acknowledgement.
func appendAck(dst []byte, ack [ackSize]byte) []byte {
	return append(append(dst, frameAck), ack[:]...)
}

// readFrame reads one frame. Its cell belongs to the caller.
func readFrame(r *bufio.Reader) (frame, error) {
	t, err := r.ReadByte()
	if err != nil {
		return frame{}, err
	}
	var f frame
	var body []byte
	switch t {
	case frameCell:
		f.cell = make([]byte, cellSize)
		body = f.cell
	case frameLargeCell:
		f.cell = make([]byte, largeCellSize)
		body = f.cell
	case frameAck:
		f.isAck = true
		body = f.ack[:]
	case frameHeartbeat:
		return f, nil
	case frameOffer:
		f.offer, err = readOffer(r)
		return f, err
	default:
		return frame{}, errFrameType
	}
	if _, err := io.ReadFull(r, body); err != nil {
		return frame{}, err
	}
	return f, nil
}
