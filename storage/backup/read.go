package backup

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"tacit/identity"
	"tacit/storage/vault"
)

// Reader reads a backup. It is used by one goroutine. What it returns is authentic, but
// that the file is whole is known only at its end: until Next has returned io.EOF, what
// was read must not count.
type Reader struct {
	r      io.Reader
	key    []byte
	next   []byte // the sealed chunk after the one in data; empty behind the last
	number uint64 // of next
	data   []byte // of the chunk being read
	filled uint64 // chunks up to the last that holds anything
	full   bool   // so far
	err    error  // returned ever after
}

// NewReader reads the header from r and derives the key of the passphrase. ErrForeign, ErrNewer
// and ErrDamaged are found before that, ErrPassphrase takes most of a second; or what r returned.
func NewReader(r io.Reader, passphrase string) (*Reader, error) {
	header := make([]byte, headerSize)
	n, err := io.ReadFull(r, header)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("backup: %w", err)
	}
	known := magic
	for _, m := range earlier {
		if bytes.HasPrefix(header, []byte(m)) {
			known = m
		}
	}
	key, err := vault.Unwrap(known, header[:n], passphrase)
	if err != nil {
		return nil, convert(err, header[:n])
	}
	defer clear(key[:])
	return newReader(r, key)
}

func newReader(r io.Reader, key [32]byte) (*Reader, error) {
	b := &Reader{r: r, key: chunkKey(key), full: true, filled: 1}
	if err := b.fetch(); err != nil {
		return nil, err
	}
	return b, nil
}

// Next returns the next record, which belongs to the caller. io.EOF after the last one of a
// file that is whole; ErrDamaged, or what the file's reader returned.
func (b *Reader) Next() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	record, err := b.record()
	if err != nil {
		b.err = err
		clear(b.key)
		return nil, err
	}
	return record, nil
}

func (b *Reader) record() ([]byte, error) {
	var length [lengthSize]byte
	if err := b.read(length[:]); err != nil {
		return nil, err // io.EOF: between two records
	}
	n := binary.BigEndian.Uint32(length[:])
	if n == 0 || n > MaxRecord {
		return nil, ErrDamaged
	}
	record := make([]byte, n)
	if err := b.read(record); err != nil {
		if errors.Is(err, io.EOF) {
			err = ErrDamaged
		}
		return nil, err
	}
	return record, nil
}

// read fills p. io.EOF only where nothing of it is there.
func (b *Reader) read(p []byte) error {
	for got := 0; got < len(p); {
		if len(b.data) == 0 {
			err := b.open()
			if errors.Is(err, io.EOF) && got > 0 {
				err = ErrDamaged
			}
			if err != nil {
				return err
			}
		}
		n := copy(p[got:], b.data)
		got, b.data = got+n, b.data[n:]
	}
	return nil
}

// open opens the next chunk that holds anything. io.EOF behind the last one of the file,
// where as many are empty as belong there.
func (b *Reader) open() error {
	for len(b.data) == 0 {
		if len(b.next) == 0 {
			if b.number != chunksFor(b.filled) {
				return ErrDamaged
			}
			return io.EOF
		}
		sealed, number := b.next, b.number
		if err := b.fetch(); err != nil {
			return err
		}
		b.number++
		chunk, err := identity.Open(b.key, sealed, associated(number, len(b.next) == 0))
		if err != nil {
			return ErrDamaged
		}
		if err := b.unpad(chunk); err != nil {
			return err
		}
	}
	return nil
}

// unpad takes what a chunk holds. Content has one form: chunks are full up to the last
// that holds anything, and the rest is zeros.
func (b *Reader) unpad(chunk []byte) error {
	used := binary.BigEndian.Uint32(chunk[usedAt:])
	if used > dataSize || used > 0 && !b.full {
		return ErrDamaged
	}
	for _, zero := range chunk[dataAt+used:] {
		if zero != 0 {
			return ErrDamaged
		}
	}
	b.full = used == dataSize
	if used > 0 {
		b.filled = b.number
	}
	b.data = chunk[dataAt : dataAt+used]
	return nil
}

// fetch reads the next sealed chunk from the file: whether there is one says whether the
// one before it is the last.
func (b *Reader) fetch() error {
	sealed := make([]byte, sealedSize)
	switch n, err := io.ReadFull(b.r, sealed); {
	case n == 0 && errors.Is(err, io.EOF):
		b.next = nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrDamaged
	case err != nil:
		return fmt.Errorf("backup: %w", err)
	default:
		b.next = sealed
	}
	return nil
}
