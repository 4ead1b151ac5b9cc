package backup

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"

	"tacit/identity"
	"tacit/storage/vault"
)

// Writer writes a backup. It is used by one goroutine, and useless after an error.
type Writer struct {
	w      io.Writer
	key    []byte
	chunk  [chunkSize]byte
	used   int
	number uint64 // of the chunk being filled
}

// NewWriter derives the key of a passphrase, which takes most of a second at
// vault.DefaultCost, and writes the header to w. vault.ErrCost, or what w returned.
func NewWriter(w io.Writer, passphrase string, cost vault.Cost) (*Writer, error) {
	var key [32]byte
	rand.Read(key[:])
	defer clear(key[:])
	header, err := vault.Wrap(magic, key, passphrase, cost)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(header); err != nil {
		return nil, err
	}
	return newWriter(w, key), nil
}

func newWriter(w io.Writer, key [32]byte) *Writer { return &Writer{w: w, key: chunkKey(key)} }

// chunkKey is the key of the chunks. The data key belongs to one file alone, so no chunk
// of another backup fits.
func chunkKey(key [32]byte) []byte { return identity.Derive(key[:], nil, chunkLabel, 32) }

func associated(number uint64, last bool) []byte {
	ad := make([]byte, associatedSize)
	binary.BigEndian.PutUint64(ad[numberAt:], number)
	if last {
		ad[lastAt] = 1
	}
	return ad
}

var errRecord = errors.New("backup: a record is empty or too long")

// Add writes a record of 1 to MaxRecord bytes.
func (w *Writer) Add(record []byte) error {
	if len(record) == 0 || len(record) > MaxRecord {
		return errRecord
	}
	if err := w.write(binary.BigEndian.AppendUint32(nil, uint32(len(record)))); err != nil {
		return err
	}
	return w.write(record)
}

func (w *Writer) write(b []byte) error {
	for len(b) > 0 {
		if w.used == dataSize {
			if err := w.seal(false); err != nil {
				return err
			}
		}
		n := copy(w.chunk[dataAt+w.used:], b)
		w.used, b = w.used+n, b[n:]
	}
	return nil
}

// seal writes the chunk and begins the next.
func (w *Writer) seal(last bool) error {
	binary.BigEndian.PutUint32(w.chunk[usedAt:], uint32(w.used))
	box := identity.Seal(w.key, w.chunk[:], associated(w.number, last))
	clear(w.chunk[:])
	w.used = 0
	w.number++
	_, err := w.w.Write(box)
	return err
}

// Close fills the file up and ends it; without it, the file is damaged. It does not close w.
func (w *Writer) Close() error {
	defer clear(w.key)
	for total := chunksFor(w.number + 1); w.number < total; {
		if err := w.seal(w.number == total-1); err != nil {
			return err
		}
	}
	return nil
}

// chunksFor returns how many chunks a file has of which n hold its content.
func chunksFor(n uint64) uint64 {
	return max(leastChunks, uint64(1)<<bits.Len64(n-1))
}
