package cryptfs

const (
	// blockSize is what is enciphered together: a page of SQLite and of most disks.
	blockSize = 4096
	// leastSize is the length of the smallest file: it hides whether a profile has
	// no contact or fifty, and costs nothing on any disk.
	leastSize = 4 << 20
	// fillChunk is how much is written at once when a file grows.
	fillChunk = 64 * blockSize
	// ReservedBytes is the space at the end of each page that SQLite must leave
	// alone: 128 bits of zeros that noise does not have.
	ReservedBytes = 16
	// reservedAt is where the first page says how much each reserves (SQLite's file format).
	reservedAt = 20
	// PageSize is the page size that the database must use.
	PageSize = blockSize
)

// Layout of a header block; the rest of it is zero.
const (
	headerMagicAt    = 0  // 16 bytes, headerMagic
	headerTurnAt     = 16 // 8 bytes big-endian, greater in the later header
	headerLengthAt   = 24 // 8 bytes, bytes in use
	headerCapacityAt = 32 // 8 bytes, bytes of the whole file, headers included
	headerEnd        = 40

	headerCount = 2
	headerMagic = "tacit/1/blocks\x00\x00"
)
