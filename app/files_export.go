package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ExportFile writes the file of a message to path: whole and durable under this name when it
// returns nil, else nothing is there. Nothing that is there is overwritten. Nobody but the
// person may read it.
//
// ErrFileNotHere, ErrFileExists, ErrDiskFull, ErrDiskReadOnly, ErrDamaged; ErrNotFound for
// a folder that is not there.
func (m *Messenger) ExportFile(ctx context.Context, id MessageID, path string) error {
	src, err := m.OpenFile(ctx, id)
	if err != nil {
		return err
	}
	defer src.Close()
	if _, err := os.Lstat(path); err == nil {
		return ErrFileExists
	}
	temp := filepath.Join(filepath.Dir(path), ".tacit-"+rand.Text()+".part")
	if err := writeNew(ctx, temp, src); err != nil {
		return exportError(err)
	}
	defer os.Remove(temp)
	if err := rename(os.Link, temp, path); err != nil {
		return exportError(err)
	}
	return nil
}

// writeNew writes a file that is not there yet, or leaves none.
func writeNew(ctx context.Context, path string, src io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, readerWhile{ctx, src})
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(path)
	}
	return err
}

// readerWhile reads until its context ends.
type readerWhile struct {
	ctx context.Context
	src io.Reader
}

func (r readerWhile) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.src.Read(p)
}

// rename gives a file its name unless that is taken, durably. A second name does that in
// one step; where the file system knows none, a file of no bytes keeps the name free meanwhile.
func rename(link func(from, to string) error, temp, path string) error {
	err := link(temp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		var place *os.File
		if place, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
			return err
		}
		place.Close()
		if err = os.Rename(temp, path); err != nil {
			os.Remove(path)
		}
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name durable, where folders can be synced.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer d.Close()
	if err := d.Sync(); errors.Is(err, syscall.EIO) {
		return err
	}
	return nil
}

// exportError is what a person is told of an error of writing; what the system says names folders.
func exportError(err error) error {
	for _, known := range []error{ErrFileNotHere, ErrDamaged, ErrClosed, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	var errno syscall.Errno
	switch {
	case errors.Is(err, fs.ErrExist):
		return ErrFileExists
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return ErrDiskReadOnly
	case errors.As(err, &errno) && isFull(errno):
		return ErrDiskFull
	}
	return fmt.Errorf("export: %w", ErrDiskReadOnly)
}
