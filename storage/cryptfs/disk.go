package cryptfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"tacit/storage/durable"
)

// Disk is a directory of plain files. Names have no separators.
type Disk interface {
	// Open opens a file for reading and writing. Without create, a missing one is fs.ErrNotExist.
	Open(name string, create bool) (DiskFile, error)
	// Remove deletes a file; when it returns nil, the deletion is durable. fs.ErrNotExist.
	Remove(name string) error
	Exists(name string) (bool, error)
}

// DiskFile is an open file. For SQLite's there are no concurrent calls; those of an osFile may be.
type DiskFile interface {
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	Truncate(size int64) error
	// Sync makes what was written durable, with the length.
	Sync() error
	Size() (int64, error)
	Close() error
}

// Dir is the Disk of a directory of the operating system. Files are readable by their owner only.
type Dir string

// Open implements Disk. A file that is created is durable as a name before its first Sync matters.
func (d Dir) Open(name string, create bool) (DiskFile, error) {
	flags := os.O_RDWR
	if create {
		flags |= os.O_CREATE
	}
	f, err := os.OpenFile(d.path(name), flags, 0o600)
	if err != nil {
		return nil, err
	}
	if create {
		if err := durable.SyncDir(string(d)); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return osFile{f}, nil
}

// Remove implements Disk.
func (d Dir) Remove(name string) error {
	if err := os.Remove(d.path(name)); err != nil {
		return err
	}
	return durable.SyncDir(string(d))
}

// Exists implements Disk.
func (d Dir) Exists(name string) (bool, error) {
	_, err := os.Stat(d.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d Dir) path(name string) string { return filepath.Join(string(d), name) }

type osFile struct{ *os.File }

func (f osFile) Sync() error { return syncData(f.File) }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// lazyFile is a new file that is created when something is written to it: SQLite opens
// a log for reading too, and looking at a profile leaves no file behind.
type lazyFile struct {
	disk Disk
	name string
	file DiskFile // nil: not created yet
}

func (f *lazyFile) ReadAt(p []byte, off int64) (int, error) {
	if f.file == nil {
		return 0, io.EOF
	}
	return f.file.ReadAt(p, off)
}

func (f *lazyFile) WriteAt(p []byte, off int64) (int, error) {
	if f.file == nil {
		created, err := f.disk.Open(f.name, true)
		if err != nil {
			return 0, err
		}
		f.file = created
	}
	return f.file.WriteAt(p, off)
}

func (f *lazyFile) Truncate(size int64) error {
	if f.file == nil {
		return nil
	}
	return f.file.Truncate(size)
}

func (f *lazyFile) Sync() error {
	if f.file == nil {
		return nil
	}
	return f.file.Sync()
}

func (f *lazyFile) Size() (int64, error) {
	if f.file == nil {
		return 0, nil
	}
	return f.file.Size()
}

func (f *lazyFile) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}
