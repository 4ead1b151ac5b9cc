package blobs

const (
	// BoxSize is the sealed part of a cell of a file.
	BoxSize = 65500
	// slotSize is a whole number of pages of every disk, and of a cell: the rest of a
	// slot is what goes in front of a box on its way.
	slotSize = 65536
	// leastSlots make 4 MiB, as the smallest file of the database: a profile without a
	// file looks like one with sixty small ones.
	leastSlots = 64
	// mostSlots make 4 TiB, more than a computer's files: numbers of slots and bytes
	// beyond it are mistakes.
	mostSlots = 1 << 26
	// batch is how many slots are read or written at once: 1 MiB, where disks are at full speed.
	batch = 16
	// fillAtOnce is by how many slots the container grows with random bytes at once: 64 MiB,
	// which nobody has to wait for long.
	fillAtOnce = 1024
	// piece is how many slots Wipe and Fill overwrite in one call: 16 MiB, a fraction of a second.
	piece = 256
	// syncEvery is how many slots are filled before they are made durable: 32 MiB, for
	// which somebody else's Sync may have to wait.
	syncEvery = 512
)
