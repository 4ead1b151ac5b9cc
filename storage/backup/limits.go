package backup

import (
	"tacit/identity"
	"tacit/storage/vault"
)

const (
	// MaxRecord bounds a record in bytes: a setting of 64 KiB, the largest there is, with room to
	// spare. A longer one is not even looked for.
	MaxRecord = 128 << 10
	// leastChunks is the shortest body, 1 MiB: who has no more than some hundreds of contacts
	// and leaves the history out is not told from who has none.
	leastChunks = 16
)

// Layout of the file: the header, then chunks and nothing else.
const (
	magic      = "TACITB3\n" // family, the version as one digit, a line end
	family     = "TACITB"
	headerSize = vault.WrappedSize // 188, see vault

	sealedSize = chunkSize + identity.Overhead // identity.Seal of the chunk; number and last as associated data

	// Layout of a chunk before it is sealed: 64 KiB.
	usedAt    = 0 // 4 bytes big-endian, bytes in use
	dataAt    = 4 // the bytes in use, then zeros
	chunkSize = 64 << 10
	dataSize  = chunkSize - dataAt

	// Layout of the associated data: 9 bytes.
	numberAt       = 0 // 8 bytes big-endian, from 0
	lastAt         = 8 // 1 byte: 1 for the last chunk of the file, 0 for all before it
	associatedSize = lastAt + 1

	// Layout of a record within the data: length 4 bytes big-endian, 1 to MaxRecord || record.
	lengthSize = 4
)

// earlier are the magics of versions that differ by what their records are; they are read, too.
var earlier = []string{"TACITB1\n", "TACITB2\n"}

const chunkLabel = "tacit/1/backup/chunk"
