package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"tacit/app/picture"
	"tacit/identity/envelope"
)

// imported is a file that was sealed into a blob and is of no message yet.
type imported struct {
	files *files
	rec   FileRecord
	named bool // a message has it
}

// release gives up an import, unless a message has it by now. Nil has nothing.
func (i *imported) release() {
	if i != nil {
		i.files.release(i.rec.Blob, i.named)
	}
}

// importFile seals a file into a blob, reading it once (of unknown length: twice) and
// holding some cells of it. ErrFileTooLarge, ErrFileUnreadable, ErrFileChanged, ErrDiskFull.
func (m *Messenger) importFile(ctx context.Context, a Attachment) (*imported, error) {
	if a.Size > MaxFileSize {
		return nil, ErrFileTooLarge
	}
	length := a.Size
	if length < 0 {
		var err error
		if length, err = countFile(ctx, a); err != nil {
			return nil, err
		}
	}
	src, err := openSource(ctx, a)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	imp, err := m.files.seal(ctx, src, length+picture.MaxGrowth)
	if err != nil {
		return nil, err
	}
	if err := src.unchanged(); err != nil {
		imp.release()
		return nil, err
	}
	info := src.pic.Info()
	imp.rec.Name, imp.rec.Type = CleanFileName(a.Name), info.Type
	if info.Decodable() {
		imp.rec.Width, imp.rec.Height = info.Shown()
	}
	return imp, nil
}

// importCopy seals the file of a message anew, under a key and a name of its own: whoever
// gets both cannot tell that they are one. ErrFileNotHere.
func (m *Messenger) importCopy(ctx context.Context, id MessageID) (*imported, error) {
	src, err := m.OpenFile(ctx, id)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	imp, err := m.files.seal(ctx, src, src.Size())
	if err != nil {
		return nil, err
	}
	imp.rec.Name, imp.rec.Type = src.rec.Name, src.rec.Type
	imp.rec.Width, imp.rec.Height = src.rec.Width, src.rec.Height
	return imp, nil
}

// seal seals what src gives, at most that many bytes, into a new blob.
func (f *files) seal(ctx context.Context, src io.Reader, atMost int64) (*imported, error) {
	file, err := envelope.NewFile(0, [32]byte{})
	if err != nil {
		return nil, fmt.Errorf("new file: %w", err)
	}
	boxes := envelope.File{Length: min(atMost, MaxFileSize)}.Chunks()
	blob, err := f.create(ctx, boxes)
	if err != nil {
		return nil, err
	}
	imp := &imported{files: f, rec: FileRecord{File: file, Blob: blob}}
	if err := imp.sealAll(ctx, src, boxes); err != nil {
		imp.release()
		return nil, err
	}
	return imp, nil
}

func (i *imported) sealAll(ctx context.Context, src io.Reader, boxes uint32) error {
	s := sealer{
		blobs: i.files.m.store, blob: i.rec.Blob, file: i.rec.File,
		cells: make([]byte, 0, min(boxes, fileBatch)*envelope.FileCell),
	}
	chunk := make([]byte, envelope.FileChunk)
	for ended := false; !ended; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(src, chunk)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			ended = true
		case err != nil:
			return err
		}
		if n == 0 && s.number > 0 {
			break
		}
		if s.number == boxes {
			return ErrFileChanged // it grew
		}
		if err := s.add(chunk[:n]); err != nil {
			return err
		}
	}
	if err := s.flush(); err != nil {
		return err
	}
	i.rec.File = s.file
	i.rec.File.Tree = s.tree.Sum()
	if err := i.files.m.store.SyncBlob(ctx, i.rec.Blob); err != nil {
		return fmt.Errorf("sync blob: %w", err)
	}
	return nil
}

// sealer seals chunks into a blob. What a cell is sealed with does not depend on the
// length of the file, which is known at its end only.
type sealer struct {
	blobs  Blobs
	blob   BlobID
	file   envelope.File // as long as what was added
	tree   envelope.Tree
	number uint32   // of the next chunk
	boxes  [][]byte // not written yet, before number
	cells  []byte   // what they lie in
}

func (s *sealer) add(chunk []byte) (err error) {
	s.file.Length += int64(len(chunk))
	from := len(s.cells)
	if s.cells, err = s.file.AppendCell(s.cells, envelope.Token{}, s.number, chunk); err != nil {
		return fmt.Errorf("seal cell: %w", err)
	}
	if s.tree, err = s.tree.Add(chunk); err != nil {
		return fmt.Errorf("tree: %w", err)
	}
	s.number++
	s.boxes = append(s.boxes, s.cells[from+envelope.FileCell-BoxSize:])
	if len(s.boxes) == fileBatch {
		return s.flush()
	}
	return nil
}

func (s *sealer) flush() error {
	if err := s.blobs.WriteBlob(s.blob, s.number-uint32(len(s.boxes)), s.boxes...); err != nil {
		return fmt.Errorf("write blob: %w", err)
	}
	s.boxes, s.cells = s.boxes[:0], s.cells[:0]
	return nil
}

// countFile returns how long a file is of which nobody knows.
func countFile(ctx context.Context, a Attachment) (int64, error) {
	a.Progress = nil
	src, err := openSource(ctx, a)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(src, MaxFileSize+1))
	if err == nil && n > MaxFileSize {
		err = ErrFileTooLarge
	}
	return n, err
}

// source is an Attachment as it is read. Its errors are those of importFile, without what
// the system says: that names folders.
type source struct {
	pic *picture.Reader
	raw *rawFile
}

func openSource(ctx context.Context, a Attachment) (*source, error) {
	s := &source{}
	pic, err := picture.Open(func() (io.ReadCloser, error) {
		f, err := a.Open()
		if err != nil {
			return nil, err
		}
		raw := &rawFile{ReadCloser: f, ctx: ctx, want: a.Size}
		raw.before, raw.hasBefore = statOf(f)
		if s.raw == nil { // the first is the one that is read to its end
			s.raw, raw.progress = raw, a.Progress
		}
		return raw, nil
	}, a.KeepMetadata)
	if err != nil {
		return nil, sourceError(err)
	}
	s.pic = pic
	return s, nil
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.pic.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = sourceError(err)
	}
	return n, err
}

// Close closes the file.
func (s *source) Close() error { return s.pic.Close() }

// sourceError is what a person is told of an error of reading.
func sourceError(err error) error {
	for _, known := range []error{ErrFileChanged, ErrFileTooLarge, ErrDiskFull, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	return ErrFileUnreadable
}

// unchanged reports whether the file is the one that was opened.
func (s *source) unchanged() error {
	if after, ok := statOf(s.raw.ReadCloser); ok && s.raw.hasBefore && after != s.raw.before {
		return ErrFileChanged
	}
	return nil
}

// rawFile reads a file that must be as long as was said.
type rawFile struct {
	io.ReadCloser
	ctx       context.Context
	want, n   int64 // want < 0: not known
	progress  func(done, total int64)
	before    fileState
	hasBefore bool
}

type fileState struct {
	size    int64
	changed time.Time
}

// statOf asks an opened file how it is, where it can tell.
func statOf(f any) (fileState, bool) {
	s, ok := f.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return fileState{}, false
	}
	info, err := s.Stat()
	if err != nil {
		return fileState{}, false
	}
	return fileState{info.Size(), info.ModTime()}, true
}

func (r *rawFile) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.ReadCloser.Read(p)
	r.n += int64(n)
	if r.want >= 0 && (r.n > r.want || errors.Is(err, io.EOF) && r.n < r.want) {
		return 0, ErrFileChanged
	}
	if r.progress != nil && n > 0 {
		r.progress(r.n, max(r.want, r.n))
	}
	return n, err
}
