package cryptfs

import (
	"crypto/rand"
	"encoding/binary"
)

// SQLite overwrites what is deleted (PRAGMA secure_delete), but not everywhere: a log keeps
// the pages of earlier commits, and a page the cells that moved to another one. Both are
// overwritten here.

// erase overwrites what a write-ahead log ever held with random bytes. SQLite has copied
// it to the database, durably, and asked for an empty file. The block with the log's
// header goes first and durably: without it nothing of the log is valid, while a log of
// which only the end is gone would bring an older database back after a crash.
func (f *file) erase() error {
	f.head.index, f.head.dirty, f.recent.index, f.logEnd = -1, false, -1, 0
	clear(f.head.data[:])
	clear(f.recent.data[:])
	if f.used == 0 {
		return nil
	}
	if err := f.scramble(0, blockSize); err != nil {
		return err
	}
	if err := f.disk.Sync(); err != nil {
		return err
	}
	if err := f.scramble(blockSize, f.used); err != nil {
		return err
	}
	if err := f.disk.Sync(); err != nil {
		return err
	}
	f.used = 0
	return nil
}

// scramble writes random bytes from off to end, both whole blocks.
func (f *file) scramble(off, end int64) error {
	chunk := make([]byte, min(fillChunk, max(0, end-off)))
	for off < end {
		n := min(int64(len(chunk)), end-off)
		_, _ = rand.Read(chunk[:n]) // never fails
		if _, err := f.disk.WriteAt(chunk[:n], off); err != nil {
			return err
		}
		off += n
	}
	return nil
}

// Types of b-tree pages and where their headers have what, in SQLite's file format.
const (
	interiorIndex, interiorTable = 2, 5
	leafIndex, leafTable         = 10, 13
	pageCellsAt                  = 3 // 2 bytes big-endian
	pageContentAt                = 5
	leafHeader, interiorHeader   = 8, 12
	firstPageAt                  = 100 // behind the header of the database

	// A page that is none of these begins with the number of another page, 4 bytes. Up to
	// this length of the database no such number begins like a b-tree page: 128 GiB.
	scrubbedLength = interiorIndex << 24 * PageSize
)

// scrub clears the gap between the cell pointers of a b-tree page and its cells: when
// SQLite distributes cells anew it leaves old copies there, which nothing overwrites when
// the cells are deleted later. SQLite takes no byte of it for anything.
func scrub(page []byte, first bool) {
	at := 0
	if first {
		at = firstPageAt
	}
	from := at + leafHeader
	switch page[at] {
	case leafIndex, leafTable:
	case interiorIndex, interiorTable:
		from = at + interiorHeader
	default:
		return
	}
	from += 2 * int(binary.BigEndian.Uint16(page[at+pageCellsAt:]))
	to := int(binary.BigEndian.Uint16(page[at+pageContentAt:]))
	if from < to && to <= len(page)-ReservedBytes {
		clear(page[from:to])
	}
}
