package cryptfs

import (
	"encoding/binary"
	"errors"
	"io"
)

// errNoHeader says that neither header of a file is whole: it is another program's,
// another profile's, or damaged at both places.
var errNoHeader = errors.New("no valid header")

// header is what a file knows about itself.
type header struct {
	turn     uint64
	length   int64
	capacity int64
}

func (h header) put(block *[blockSize]byte) {
	clear(block[:])
	copy(block[headerMagicAt:], headerMagic)
	binary.BigEndian.PutUint64(block[headerTurnAt:], h.turn)
	binary.BigEndian.PutUint64(block[headerLengthAt:], uint64(h.length))
	binary.BigEndian.PutUint64(block[headerCapacityAt:], uint64(h.capacity))
}

// parseHeader needs no checksum: a block that is not what was written decrypts to noise.
func parseHeader(block *[blockSize]byte) (h header, ok bool) {
	if string(block[headerMagicAt:headerTurnAt]) != headerMagic {
		return header{}, false
	}
	h.turn = binary.BigEndian.Uint64(block[headerTurnAt:])
	h.length = int64(binary.BigEndian.Uint64(block[headerLengthAt:]))
	h.capacity = int64(binary.BigEndian.Uint64(block[headerCapacityAt:]))
	return h, h.length >= 0
}

// readHeader returns the later of the valid headers of f.
func (f *file) readHeader() (latest header, err error) {
	found := false
	for i := range int64(headerCount) {
		switch _, err := f.disk.ReadAt(f.scratch[:], i*blockSize); {
		case errors.Is(err, io.EOF):
			continue
		case err != nil:
			return header{}, err
		}
		f.cipher.Decrypt(f.scratch[:], f.tweak(i))
		if h, ok := parseHeader(&f.scratch); ok && (!found || h.turn > latest.turn) {
			latest, found = h, true
		}
	}
	if !found {
		return header{}, errNoHeader
	}
	return latest, nil
}

// writeHeader replaces the older header.
func (f *file) writeHeader() error {
	h := header{turn: f.saved.turn + 1, length: f.length, capacity: f.size}
	i := int64(h.turn % headerCount)
	h.put(&f.scratch)
	f.cipher.Encrypt(f.scratch[:], f.tweak(i))
	if _, err := f.disk.WriteAt(f.scratch[:], i*blockSize); err != nil {
		return err
	}
	f.saved = h
	return nil
}
