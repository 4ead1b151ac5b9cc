package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestExportWithoutLinks: a file system that knows no links keeps what is there, too.
func TestExportWithoutLinks(t *testing.T) {
	noLinks := func(from, to string) error {
		return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EPERM}
	}
	dir := t.TempDir()
	temp, path := filepath.Join(dir, "temp"), filepath.Join(dir, "out")
	for i, want := range []error{nil, fs.ErrExist} {
		if err := os.WriteFile(temp, []byte{'a' + byte(i)}, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := rename(noLinks, temp, path); !errors.Is(err, want) {
			t.Errorf("time %d: %v, want %v", i, err, want)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != "a" {
			t.Errorf("time %d: %q, %v", i, b, err)
		}
	}
	if err := rename(noLinks, filepath.Join(dir, "none"), filepath.Join(dir, "other")); err == nil {
		t.Error("nothing was renamed without an error")
	}
	if _, err := os.Lstat(filepath.Join(dir, "other")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the name is taken: %v", err)
	}
}

func TestExportErrors(t *testing.T) {
	for err, want := range map[error]error{
		&fs.PathError{Op: "write", Path: "/home/me", Err: syscall.ENOSPC}: ErrDiskFull,
		&fs.PathError{Op: "open", Path: "/home/me", Err: syscall.EACCES}:  ErrDiskReadOnly,
		&fs.PathError{Op: "open", Path: "/home/me", Err: syscall.EROFS}:   ErrDiskReadOnly,
		&fs.PathError{Op: "open", Path: "/home/me", Err: syscall.ENOENT}:  ErrNotFound,
		&fs.PathError{Op: "open", Path: "/home/me", Err: syscall.EEXIST}:  ErrFileExists,
		&fs.PathError{Op: "open", Path: "/home/me", Err: syscall.EIO}:     ErrDiskReadOnly,
	} {
		if got := exportError(err); !errors.Is(got, want) || strings.Contains(got.Error(), "/home") {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
}
