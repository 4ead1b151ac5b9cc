package vault

import "tacit/identity"

// What deriving a key may cost. The parameters of a file are checked before they are
// used: nobody can make a program run out of memory, or derive a key for nothing, by
// leaving a file behind.
const (
	minMemory = 64 << 10 // KiB; below it a graphics card guesses too fast
	maxMemory = 1 << 20  // KiB; what the smallest computer that runs the program can spare
	maxTime   = 10       // passes
	maxLanes  = 16
)

// Layout of the file: 188 bytes.
const (
	magicAt    = 0  // 8 bytes, magic
	timeAt     = 8  // 4 bytes big-endian, passes of Argon2id
	memoryAt   = 12 // 4 bytes, KiB
	lanesAt    = 16 // 4 bytes
	saltAt     = 20 // 32 bytes, new with each passphrase
	boxAt      = 52 // identity.Seal of the data key, everything before it as associated data
	checksumAt = boxAt + keySize + identity.Overhead
	fileSize   = checksumAt + checksumSize // checksum: SHA-256 of everything before it

	magic        = "TACITV1\n"
	saltSize     = boxAt - saltAt
	keySize      = 32
	checksumSize = 32
)
