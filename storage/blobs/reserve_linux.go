package blobs

import (
	"errors"
	"syscall"
)

// reserve asks the file system for room, where it can give it without writing.
func reserve(f File, off, length int64) error {
	d, ok := f.(interface{ Fd() uintptr })
	if !ok {
		return nil
	}
	for {
		err := syscall.Fallocate(int(d.Fd()), 0, off, length)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOSYS):
			return nil
		default:
			return err
		}
	}
}
