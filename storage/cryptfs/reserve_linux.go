package cryptfs

import (
	"errors"
	"syscall"
)

// Reserve asks the file system for room, and says whether it gave it: what is written there
// later finds no full disk. Until then it reads as zeros, and the file is as long.
func (f osFile) Reserve(off, length int64) (bool, error) {
	for {
		err := syscall.Fallocate(int(f.Fd()), 0, off, length)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOSYS):
			return false, nil
		default:
			return err == nil, err
		}
	}
}
