package cryptfs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"lukechampine.com/adiantum/hbsh"
)

// errNotReserved says that SQLite was not told to leave ReservedBytes alone.
var errNotReserved = errors.New("the pages reserve no space")

// role is what a file is to SQLite. It is part of the tweak and must not change.
type role uint64

const (
	roleDatabase role = 0
	roleLog      role = 1
	roleJournal  role = 2
)

// headers is how many blocks stand before block 0.
func (r role) headers() int64 {
	if r == roleLog {
		return 0
	}
	return headerCount
}

// file is an open file of encrypted blocks. SQLite's connection is its only user,
// and calls one method at a time.
type file struct {
	role   role
	disk   DiskFile
	cipher *hbsh.HBSH

	size   int64  // bytes of the file on disk, whole blocks, headers included
	length int64  // bytes in use
	saved  header // the latest header on disk
	// logEnd is where the content of a write-ahead log ends; what follows is of an
	// earlier lap, which SQLite tells by its salt. A new lap begins at offset 0.
	logEnd int64
	used   int64 // bytes of a write-ahead log that may hold something, whole blocks

	// head is the block that was last written in part. It is enciphered once, when
	// the next block is begun or at Sync, and not for each part.
	head struct {
		index int64 // -1: none
		dirty bool
		data  [blockSize]byte
	}
	// recent is the block that was last read in part.
	recent struct {
		index int64 // -1: none
		data  [blockSize]byte
	}
	scratch  [blockSize]byte
	tweakBuf [16]byte
}

// openFile opens or, where the disk's file is empty, begins a file. An empty database
// is begun only where it may be created.
func openFile(d DiskFile, c *hbsh.HBSH, r role, create bool) (*file, error) {
	f := &file{role: r, disk: d, cipher: c}
	f.head.index, f.recent.index = -1, -1
	onDisk, err := d.Size()
	if err != nil {
		return nil, err
	}
	f.size = onDisk / blockSize * blockSize
	if r == roleLog {
		f.length, f.logEnd, f.used = f.size, f.size, f.size
		return f, nil
	}
	f.saved, err = f.readHeader()
	switch {
	case err == nil:
		if f.size < f.saved.capacity || f.saved.length > f.size-headerCount*blockSize {
			return nil, fmt.Errorf("%w: the file is cut off", errNoHeader)
		}
	case err == errNoHeader && (onDisk == 0 && create || r == roleJournal):
		f.saved = header{} // a journal whose headers never became durable was never needed
	default:
		return nil, err
	}
	f.length = f.saved.length
	return f, nil
}

// tweak names physical block i.
func (f *file) tweak(i int64) []byte {
	binary.BigEndian.PutUint64(f.tweakBuf[:8], uint64(f.role))
	binary.BigEndian.PutUint64(f.tweakBuf[8:], uint64(i))
	return f.tweakBuf[:]
}

// load deciphers block i into dst.
func (f *file) load(i int64, dst []byte) error {
	i += f.role.headers()
	if _, err := f.disk.ReadAt(dst, i*blockSize); err != nil {
		return err
	}
	f.cipher.Decrypt(dst, f.tweak(i))
	return nil
}

// store enciphers block i; src keeps its content.
func (f *file) store(i int64, src []byte) error {
	copy(f.scratch[:], src)
	if f.role == roleDatabase {
		if i == 0 && src[reservedAt] != ReservedBytes {
			return errNotReserved
		}
		clear(f.scratch[blockSize-ReservedBytes:])
		if f.length <= scrubbedLength {
			scrub(f.scratch[:], i == 0)
		}
	}
	i += f.role.headers()
	if f.role == roleLog {
		f.used = max(f.used, (i+1)*blockSize)
	}
	f.cipher.Encrypt(f.scratch[:], f.tweak(i))
	_, err := f.disk.WriteAt(f.scratch[:], i*blockSize)
	return err
}

// ReadAt reads like io.ReaderAt. A block of the database that is not what was
// written is errAltered.
func (f *file) ReadAt(p []byte, off int64) (n int, err error) {
	var end error
	if rest := max(0, f.length-off); rest < int64(len(p)) {
		p, end = p[:rest], io.EOF // a block may hold what was there before Truncate
	}
	for n < len(p) {
		at := off + int64(n)
		i, from := at/blockSize, int(at%blockSize)
		if from == 0 && len(p)-n >= blockSize && i != f.head.index {
			whole := p[n : n+blockSize]
			if err := f.load(i, whole); err != nil {
				return n, err
			}
			if f.altered(whole) {
				return n, errAltered
			}
			n += blockSize
			continue
		}
		block, err := f.part(i)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], block[from:])
	}
	return n, end
}

// part returns block i for reading a part of it. SQLite reads pages whole, except that
// it looks at the beginning of the database before it looks at the log. A crash may have
// torn that page while the log holds another copy of it, so here an altered block reads
// as zeros; SQLite then takes the settings from the page it reads later, whole.
func (f *file) part(i int64) (*[blockSize]byte, error) {
	if i == f.head.index {
		return &f.head.data, nil
	}
	if i != f.recent.index {
		f.recent.index = -1
		if err := f.load(i, f.recent.data[:]); err != nil {
			return nil, err
		}
		if f.altered(f.recent.data[:]) {
			clear(f.recent.data[:])
		}
		f.recent.index = i
	}
	return &f.recent.data, nil
}

func (f *file) altered(block []byte) bool {
	return f.role == roleDatabase && [ReservedBytes]byte(block[blockSize-ReservedBytes:]) != [ReservedBytes]byte{}
}

// WriteAt writes like io.WriterAt. What it wrote in part of a block may stay in
// memory until Sync.
func (f *file) WriteAt(p []byte, off int64) (n int, err error) {
	if err := f.reserve(off + int64(len(p))); err != nil {
		return 0, err
	}
	if off == 0 {
		f.logEnd = 0
	}
	for n < len(p) {
		i, from := (off+int64(n))/blockSize, int((off+int64(n))%blockSize)
		if i == f.recent.index {
			f.recent.index = -1
		}
		if from == 0 && len(p)-n >= blockSize {
			if err := f.store(i, p[n:n+blockSize]); err != nil {
				return n, err
			}
			if i == f.head.index {
				f.head.index, f.head.dirty = -1, false
			}
			n += blockSize
			continue
		}
		if err := f.begin(i); err != nil {
			return n, err
		}
		n += copy(f.head.data[from:], p[n:])
		f.head.dirty = true
	}
	f.length = max(f.length, off+int64(len(p)))
	f.logEnd = max(f.logEnd, off+int64(len(p)))
	return n, nil
}

// begin makes block i the head.
func (f *file) begin(i int64) error {
	if i == f.head.index {
		return nil
	}
	if err := f.flush(); err != nil {
		return err
	}
	f.head.index = -1
	if f.role == roleLog && i*blockSize >= f.logEnd {
		clear(f.head.data[:]) // nothing in it is worth deciphering
	} else if err := f.load(i, f.head.data[:]); err != nil {
		return err
	}
	f.head.index = i
	return nil
}

func (f *file) flush() error {
	if !f.head.dirty {
		return nil
	}
	if err := f.store(f.head.index, f.head.data[:]); err != nil {
		return err
	}
	f.head.dirty = false
	return nil
}

// reserve makes the file long enough for length bytes of content.
func (f *file) reserve(length int64) error {
	need := max((length+blockSize-1)/blockSize*blockSize+f.role.headers()*blockSize, f.size, leastSize)
	target := int64(1) << bits.Len64(uint64(need-1))
	if target == f.size {
		return nil
	}
	if err := f.fill(target); err != nil {
		_ = f.disk.Truncate(f.size) // what could not be filled is not worth keeping
		return err
	}
	f.size = target
	if f.role == roleLog {
		f.length = target
	}
	return nil
}

// fill appends the encryption of zeros up to target.
func (f *file) fill(target int64) error {
	chunk := make([]byte, fillChunk)
	for at := f.size; at < target; {
		n := min(int64(len(chunk)), target-at)
		clear(chunk)
		for o := int64(0); o < n; o += blockSize {
			f.cipher.Encrypt(chunk[o:o+blockSize], f.tweak((at+o)/blockSize))
		}
		if _, err := f.disk.WriteAt(chunk[:n], at); err != nil {
			return err
		}
		at += n
	}
	return nil
}

// Truncate forgets what lies beyond length. The file on disk keeps its size. A write-ahead
// log that is to be empty is overwritten.
func (f *file) Truncate(length int64) error {
	switch {
	case f.role != roleLog:
		f.length = min(f.length, length)
	case length == 0:
		return f.erase()
	}
	return nil
}

// Sync makes everything written durable.
func (f *file) Sync() error {
	if err := f.flush(); err != nil {
		return err
	}
	if f.role != roleLog && (f.length != f.saved.length || f.size != f.saved.capacity) {
		if err := f.writeHeader(); err != nil {
			return err
		}
	}
	return f.disk.Sync()
}

func (f *file) Close() error {
	err := f.flush()
	if err2 := f.disk.Close(); err == nil {
		err = err2
	}
	return err
}
