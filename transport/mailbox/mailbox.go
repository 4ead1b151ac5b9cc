// Package mailbox is the conversation with a mailbox node, for both of its ends: what is
// said, how it is sealed, and nothing of how it gets there.
//
//	opening      1 byte: key, talk or whence
//	key          the node answers its key record, 1297 bytes; another opening may follow
//	talk         key id 8 || ct 1120; the node answers 0, it has no such key, or 1. Then frames
//	whence       the node answers length 1 || the address of the dialler as it sees it
//	frame        class 1 || cAEAD(key of the direction, payload, Join(direction, number 8, class))
//	payload      of a request: kind 1 || body || zeros; of an answer: status 1 || body || zeros
//
// Requests and answers take turns. A payload has one of three sizes, and its kind fixes
// which: whoever carries frames sees neither what is asked nor for whom. All integers are
// big-endian. docs/protocol.md, section 23, has every byte.
package mailbox

import (
	"errors"

	"tacit/identity"
)

// ProtocolID is all that a node answers to, circuit relays apart.
const ProtocolID = "/tacit/node/1"

// The opening byte of a stream, and the answers of a node to OpenTalk.
const (
	OpenKey    = 1
	OpenTalk   = 2
	OpenWhence = 3

	TalkRefused  = 0 // no such key: ask for its record again
	TalkAccepted = 1
)

// Sizes in bytes.
const (
	KeyIDSize     = 8
	KeyRecordSize = 1 + identity.KEMPublicSize + 8 + 8 + 64 // 1297
	OpeningSize   = KeyIDSize + identity.KEMCiphertextSize  // behind the byte OpenTalk: 1128

	TokenSize   = 16
	SmallCell   = 4096
	LargeCell   = 4 * SmallCell
	FileCell    = 16 * SmallCell
	ContentSize = 512 // of a presence
)

// What is refused.
var (
	// ErrMalformed: bytes are not as the protocol has them.
	ErrMalformed = errors.New("mailbox: malformed")
	// ErrSealed: a frame is not what the other side of this talk sealed next.
	ErrSealed = errors.New("mailbox: frame does not open")
	// ErrTooLong: a request or an answer has more than fits.
	ErrTooLong = errors.New("mailbox: too much for one frame")
	// ErrTurn: a request is waited for, or its answer.
	ErrTurn = errors.New("mailbox: not this side's turn")
)

// Class is a size of payloads, and of cells.
type Class byte

// The classes.
const (
	Small Class = 1 // payload 4608, cell 4096
	Large Class = 2 // payload 16896, cell 16384
	Page  Class = 3 // payload 66048, cell 65536
)

// PayloadSize returns the size of a payload of the class; 0: there is no such class.
func (c Class) PayloadSize() int {
	if n := c.CellSize(); n > 0 {
		return n + 512
	}
	return 0
}

// CellSize returns the size of a cell of the class; 0: there is no such class.
func (c Class) CellSize() int {
	switch c {
	case Small:
		return SmallCell
	case Large:
		return LargeCell
	case Page:
		return FileCell
	}
	return 0
}

// FrameSize returns the size of a frame of the class, its first byte included.
func (c Class) FrameSize() int { return 1 + c.PayloadSize() + identity.Overhead }

// Cost returns how many tokens a cell of the class takes, and places on a page: 1, 4 or 16.
func (c Class) Cost() int { return c.CellSize() / SmallCell }

// ClassOf returns the class of a cell of n bytes; ok where there is one.
func ClassOf(n int) (c Class, ok bool) {
	switch n {
	case SmallCell:
		return Small, true
	case LargeCell:
		return Large, true
	case FileCell:
		return Page, true
	}
	return 0, false
}
