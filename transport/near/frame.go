package near

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kinds of frames.
const (
	kindName = 1 // animal 1, number 1
	kindPick = 2 // 0 or 1
	kindCard = 3 // text of a card, 1 to MaxCard bytes
	kindBye  = 4 // nothing
)

// Sizes of frames.
const (
	lengthSize = 2 // of what follows it
	nameSize   = 2
	pickSize   = 1
)

// ErrFrame is returned for bytes that are no frame.
var ErrFrame = errors.New("near: malformed frame")

// Frame is one thing said. Its kind says which fields count.
type Frame struct {
	kind byte
	name Name
	pick bool
	card string
}

// append writes the frame: length 2 || type 1 || body.
func (f Frame) append(to []byte) []byte {
	var body []byte
	switch f.kind {
	case kindName:
		body = []byte{byte(f.name.Animal), byte(f.name.Number)}
	case kindPick:
		body = []byte{0}
		if f.pick {
			body[0] = 1
		}
	case kindCard:
		body = []byte(f.card)
	}
	to = binary.BigEndian.AppendUint16(to, uint16(1+len(body)))
	return append(append(to, f.kind), body...)
}

// Bytes returns the frame as it is sent.
func (f Frame) Bytes() []byte { return f.append(nil) }

// Read reads the next frame. ErrFrame, or an error of r: io.EOF where it ends between two frames.
func Read(r io.Reader) (Frame, error) {
	var head [lengthSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	n := binary.BigEndian.Uint16(head[:])
	if n == 0 || n > MaxFrame {
		return Frame{}, ErrFrame
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return Frame{}, fmt.Errorf("near: a frame that breaks off: %w", err)
	}
	return parse(b[0], b[1:])
}

// parse reads the body of a frame.
func parse(kind byte, body []byte) (Frame, error) {
	f := Frame{kind: kind}
	switch {
	case kind == kindName && len(body) == nameSize:
		f.name = Name{Animal: int(body[0]), Number: int(body[1])}
		if f.name.Valid() {
			return f, nil
		}
	case kind == kindPick && len(body) == pickSize && body[0] <= 1:
		f.pick = body[0] == 1
		return f, nil
	case kind == kindCard && validCard(string(body)):
		f.card = string(body)
		return f, nil
	case kind == kindBye && len(body) == 0:
		return f, nil
	}
	return Frame{}, ErrFrame
}

// validCard reports whether a text may be said: printable ASCII, as cards are. Whether it
// is a card is for whoever takes it to say.
func validCard(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= MaxCard
}
