package sqlite

import "time"

const (
	// batchMost joined into one commit: at 64 KiB a cell it writes 32 MiB.
	batchMost = 512

	// readers is how many connections read beside the one that writes.
	readers = 3

	// writerCacheKiB holds the inner pages of all trees at 10,000,000 cells, some 70 MiB.
	writerCacheKiB = 96 << 10

	// readerCacheKiB: readers find what they look for in few steps, and the system has it cached.
	readerCacheKiB = 16 << 10

	// checkpointPages after which the log is copied into the database: 16 MiB. More makes
	// fewer copies of the same page, and longer pauses.
	checkpointPages = 4096

	// logLimit is what is left of the log on the disk when it starts over.
	logLimit = 64 << 20

	// busyTimeout is how long a second process on the same files, like a backup, is waited for.
	busyTimeout = 10 * time.Second

	// clearPatience with those who read while the log is to be cleared: deposits wait as long.
	clearPatience = 50 * time.Millisecond

	// checkPages up to which a database is read whole when it is opened: 4 MiB.
	checkPages = 1024

	// sweepRows is how many rows one commit deletes of what is over, so that deposits never
	// wait long: cells of 64 KiB are 16 MiB of log.
	sweepRows = 256

	// minFree bytes stay free on the disk: fetching needs room to delete, so deposits stop first.
	minFree = 128 << 20

	// freeEvery is how often the disk is asked: no more than some MB come in meanwhile.
	freeEvery = 100 * time.Millisecond
)
