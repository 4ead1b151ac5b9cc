package depot

import (
	"encoding/binary"
	"fmt"

	"tacit/identity"
)

// Layout of a mark: which cell of an account, and enough of its hash that after a
// restored backup no old mark names a new cell.
const (
	markDay  = 0 // 3 bytes
	markSeq  = 3 // 5 bytes
	markHash = 8
)

// Mark is what an adapter may hand out as the mark of a cell.
type Mark struct {
	Day  int64   // of its deposit, 0 to 2^24-1
	Seq  int64   // counts the cells of an account, 0 to 2^40-1
	Hash [8]byte // the first half of its CellHash
}

// Bytes returns the mark as it travels.
func (m Mark) Bytes() (b [16]byte) {
	binary.BigEndian.PutUint64(b[:], uint64(m.Day)<<(8*(markHash-markSeq))|uint64(m.Seq))
	copy(b[markHash:], m.Hash[:])
	return b
}

// ParseMark reads what Bytes returned; any bytes are some mark.
func ParseMark(b [16]byte) Mark {
	v, seqBits := binary.BigEndian.Uint64(b[markDay:]), 8*(markHash-markSeq)
	return Mark{Day: int64(v >> seqBits), Seq: int64(v & (1<<seqBits - 1)), Hash: [8]byte(b[markHash:])}
}

// Format prints identity.Redacted.
func (Mark) Format(f fmt.State, _ rune) { identity.Redact(f) }
