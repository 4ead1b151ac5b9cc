package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"tacit/identity/envelope"
)

// FileReader reads the file of a message, from anywhere in it, deciphering as it goes. It
// holds one chunk of 64 KiB. Its methods are safe for concurrent use, each of which moves
// the one position that Read and Seek share; ReadAt has none.
//
// Reading a file that was deleted meanwhile is ErrFileNotHere, one that the disk altered ErrDamaged.
type FileReader struct {
	blobs Blobs
	rec   FileRecord

	mu     sync.Mutex
	at     int64  // guarded by mu; of Read
	number uint32 // guarded by mu; of chunk
	chunk  []byte // guarded by mu; in box; nil: none
	box    opener // guarded by mu
	closed bool   // guarded by mu
}

// OpenFile opens the file of a message that is all here: an own one, or one that came.
// Nothing of it is ever written anywhere in the clear but by ExportFile. ErrFileNotHere.
func (m *Messenger) OpenFile(ctx context.Context, id MessageID) (*FileReader, error) {
	var rec FileRecord
	err := m.view(ctx, func(tx ReadTx) (err error) {
		rec, err = tx.File(id)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, ErrFileNotHere
	case err != nil:
		return nil, fmt.Errorf("file: %w", err)
	case rec.Blob == 0 || !rec.Own && rec.State != FileDone:
		return nil, ErrFileNotHere
	}
	return &FileReader{blobs: m.store, rec: rec}, nil
}

// Size returns the length of the file in bytes.
func (r *FileReader) Size() int64 { return r.rec.File.Length }

// Name returns the name of the file, fit for any folder.
func (r *FileReader) Name() string { return r.rec.Name }

// ReadAt implements io.ReaderAt.
func (r *FileReader) ReadAt(p []byte, off int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.readAt(p, off)
}

// Read implements io.Reader.
func (r *FileReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, err := r.readAt(p, r.at)
	r.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Seek implements io.Seeker.
func (r *FileReader) Seek(offset int64, whence int) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.rec.File.Length
	default:
		return 0, errors.New("seek from nowhere")
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	r.at = offset
	return offset, nil
}

// Close erases what was deciphered. What is read afterwards is ErrClosed.
func (r *FileReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.box.chunk[:cap(r.box.chunk)]) // one before the last may have been longer
	r.chunk, r.box, r.closed = nil, opener{}, true
	return nil
}

// readAt is ReadAt for who holds mu.
func (r *FileReader) readAt(p []byte, off int64) (n int, err error) {
	switch {
	case r.closed:
		return 0, ErrClosed
	case off < 0:
		return 0, errors.New("read before the beginning")
	}
	for n < len(p) {
		if off >= r.rec.File.Length {
			return n, io.EOF
		}
		i := uint32(off / envelope.FileChunk)
		if err := r.load(i); err != nil {
			return n, err
		}
		k := copy(p[n:], r.chunk[off-int64(i)*envelope.FileChunk:])
		n, off = n+k, off+int64(k)
	}
	return n, nil
}

// load deciphers chunk i, unless it is at hand. The caller holds mu.
func (r *FileReader) load(i uint32) error {
	if r.chunk != nil && r.number == i {
		return nil
	}
	chunk, err := r.box.read(r.blobs, r.rec.Blob, r.rec.File, i)
	if err != nil {
		r.chunk = nil // its room was used
	}
	if errors.Is(err, ErrNotFound) {
		return ErrFileNotHere
	}
	if err != nil {
		return err
	}
	r.chunk, r.number = chunk, i
	return nil
}
