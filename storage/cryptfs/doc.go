// Package cryptfs is an encrypting file system for one SQLite database.
//
// Every file is an array of 4 KiB blocks. Each block is enciphered on its own by
// Adiantum, a wide-block cipher: its tweak is the role of the file and the number
// of the block, so a block that is moved or altered by one bit decrypts to noise.
// Blocks of the database end in zero bytes that SQLite leaves alone (its "reserved
// space"); noise has none, so an altered page is refused when it is read. An older
// copy of the same block is not noticed here.
//
//	database, journal   header | header | block 0 | block 1 | ...
//	write-ahead log     block 0 | block 1 | ...
//
// A file is a power of two long, at least 4 MiB, and filled with the encryption of
// zeros; how much of it is in use stands in the headers. They are written in turn,
// so a torn one leaves the other. A write-ahead log needs none: SQLite finds its end
// by its checksums, and takes what was never written for the noise it is.
//
// What is deleted leaves the blocks: SQLite overwrites it where it stood (PRAGMA
// secure_delete), the cells that it moved are overwritten on their way to the disk, and the
// log when it is truncated (PRAGMA wal_checkpoint(TRUNCATE)).
//
// A crash may tear a block, and a torn block is lost whole. The database is
// therefore only safe while SQLite knows that writing one byte endangers 4 KiB:
// SectorSize says so, and DeviceCharacteristics claims nothing.
//
// There is no shared memory and there are no locks: one connection has the
// database, in exclusive locking mode, and whoever mounts it keeps other processes away.
package cryptfs
