package envelope

import (
	"crypto/rand"
	"encoding/binary"
	"math/bits"

	"tacit/identity"
)

// Layout of a file cell: token 16 || id 16 || index 4 || box 65500.
const (
	fileID    = TokenSize
	fileIndex = fileID + 16
	fileBox   = fileIndex + 4

	// FileCell is the size of a file cell.
	FileCell = 65536
	// FileChunk is how much of a file one cell carries.
	FileChunk = FileCell - fileBox - identity.Overhead // 65428
)

// File describes a file to who may read it; it goes to them inside the ratchet.
// Its cells may be sealed, carried and opened in any order, and again, each by
// itself: nothing here holds more than one.
//
//	cell   token 16 || id 16 || index 4 || cAEAD(ck, chunk || zeros to 65428, id || index)
//	ck     HKDF(key, "", "tacit/1/file" || index, 32)
//	tree   the tree hash of RFC 6962, section 2.1, over the chunks
//
// Every 65428 bytes are a chunk, an empty file is one chunk of nothing. The number
// of cells is that of the chunks rounded up by Padme; the rest are padding, all zeros.
type File struct {
	Key    [32]byte // of this file only
	ID     FileID   // of this file only
	Length int64    // bytes, 0 to MaxFile
	Tree   [32]byte // Tree.Sum over its chunks
}

// FileID tells which file a cell is of.
type FileID [16]byte

// NewFile describes a file with a fresh key and name. ErrTooLong for more than
// MaxFile bytes.
func NewFile(length int64, tree [32]byte) (File, error) {
	f := File{Length: length, Tree: tree}
	if !f.valid() {
		return File{}, ErrTooLong
	}
	rand.Read(f.Key[:])
	rand.Read(f.ID[:])
	return f, nil
}

func (f File) valid() bool { return 0 <= f.Length && f.Length <= MaxFile }

// Chunks returns how many chunks the file has, at least 1.
func (f File) Chunks() uint32 { return uint32(max(1, (f.Length+FileChunk-1)/FileChunk)) }

// Cells returns how many cells the file has: the chunks, and padding.
func (f File) Cells() uint32 { return padme(f.Chunks()) }

// ChunkSize returns how many bytes of the file are in cell i, from offset
// i * FileChunk on; 0 for padding.
func (f File) ChunkSize(i uint32) int {
	return int(min(max(0, f.Length-int64(i)*FileChunk), FileChunk))
}

// SealCell returns cell i, of FileCell bytes, which carries the chunk. ErrMalformed
// where chunk is not of ChunkSize, or there is no such cell.
func (f File) SealCell(t Token, i uint32, chunk []byte) ([]byte, error) {
	return f.AppendCell(make([]byte, 0, FileCell), t, i, chunk)
}

// AppendCell is SealCell that appends the cell to dst.
func (f File) AppendCell(dst []byte, t Token, i uint32, chunk []byte) ([]byte, error) {
	if !f.valid() || i >= f.Cells() || len(chunk) != f.ChunkSize(i) {
		return nil, ErrMalformed
	}
	if len(chunk) < FileChunk {
		chunk = append(make([]byte, 0, FileChunk), chunk...)[:FileChunk]
	}
	head := len(dst)
	dst = binary.BigEndian.AppendUint32(append(append(dst, t[:]...), f.ID[:]...), i)
	cell := dst[head:]
	return identity.AppendSeal(dst, f.cellKey(cell), chunk, cell[fileID:fileBox]), nil
}

// OpenCell returns which cell of the file this is and its chunk, of ChunkSize
// bytes. ErrMalformed, also for a cell of another file.
func (f File) OpenCell(cell []byte) (i uint32, chunk []byte, err error) {
	return f.AppendChunk(nil, cell)
}

// AppendChunk is OpenCell that appends the chunk to dst. The room of a whole chunk
// behind it is used, or made.
func (f File) AppendChunk(dst, cell []byte) (i uint32, grown []byte, err error) {
	_, id, i, err := SplitFile(cell)
	if err != nil || id != f.ID || !f.valid() || i >= f.Cells() {
		return 0, nil, ErrMalformed
	}
	end := len(dst) + f.ChunkSize(i)
	padded, err := identity.AppendOpen(dst, f.cellKey(cell), cell[fileBox:], cell[fileID:fileBox])
	if err != nil {
		return 0, nil, ErrMalformed
	}
	for _, c := range padded[end:] {
		if c != 0 {
			return 0, nil, ErrMalformed
		}
	}
	return i, padded[:end], nil
}

// cellKey derives the key of a cell from its index.
func (f File) cellKey(cell []byte) []byte {
	return identity.Derive(f.Key[:], nil, "tacit/1/file"+string(cell[fileIndex:fileBox]), 32)
}

// SplitFile says of what file a cell claims to be, and which cell of it. Only
// OpenCell finds out whether that is true. ErrMalformed.
func SplitFile(cell []byte) (t Token, id FileID, i uint32, err error) {
	if len(cell) != FileCell {
		return Token{}, FileID{}, 0, ErrMalformed
	}
	return Token(cell), FileID(cell[fileID:]), binary.BigEndian.Uint32(cell[fileIndex:]), nil
}

// padme rounds n up so that it has at most as many significant bits as its
// logarithm needs: 12 % more at most, and log log n bits given away (Nikitin et
// al., "Reducing Metadata Leakage from Encrypted Files", 2019).
func padme(n uint32) uint32 {
	e := bits.Len32(n) - 1
	mask := uint32(1)<<max(0, e-bits.Len(uint(e))) - 1
	return (n + mask) &^ mask
}

// fileCBOR is how a File is written: a map with small integer keys in RFC 8949
// core deterministic encoding, as a grant is.
type fileCBOR struct {
	Key    []byte `cbor:"1,keyasint"`
	ID     []byte `cbor:"2,keyasint"`
	Length uint64 `cbor:"3,keyasint"`
	Tree   []byte `cbor:"4,keyasint"`
}

// Marshal returns the file in deterministic CBOR, its key included.
func (f File) Marshal() []byte {
	return must(grantEncoding.Marshal(fileCBOR{f.Key[:], f.ID[:], uint64(f.Length), f.Tree[:]}))
}

// UnmarshalFile reads what Marshal returned, and nothing else. ErrMalformed.
func UnmarshalFile(b []byte) (File, error) {
	var c fileCBOR
	if grantDecoding.Unmarshal(b, &c) != nil {
		return File{}, ErrMalformed
	}
	if len(c.Key) != 32 || len(c.ID) != len(FileID{}) || c.Length > MaxFile || len(c.Tree) != 32 {
		return File{}, ErrMalformed
	}
	f := File{Key: [32]byte(c.Key), ID: FileID(c.ID), Length: int64(c.Length), Tree: [32]byte(c.Tree)}
	if string(f.Marshal()) != string(b) {
		return File{}, ErrMalformed // another spelling of the same file
	}
	return f, nil
}
