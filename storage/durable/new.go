package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteNew makes a file at path, readable by its owner only, of what fill writes. It takes its
// name when it is whole and survives a power cut; before, or where it fails, nothing is there
// but for a crash, which leaves a hidden file beside it. fs.ErrExist where there is something
// at path already, unless replace is set: then it stays until the new file takes its place.
func WriteNew(path string, replace bool, fill func(io.Writer) error) error {
	if err := free(path, replace); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = free(path, replace) // somebody may have come first meanwhile
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return SyncDir(filepath.Dir(path))
}

// free reports whether a file may take path.
func free(path string, replace bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && (!replace || !info.Mode().IsRegular()):
		return fmt.Errorf("durable: %w", fs.ErrExist)
	}
	return err
}
