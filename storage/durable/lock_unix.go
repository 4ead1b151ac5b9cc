//go:build unix

package durable

import (
	"errors"
	"os"
	"syscall"
)

// ErrLocked says that another process, or this one, has the lock.
var ErrLocked = errors.New("the lock is held")

// Lock takes the lock at path, which ends when the file is closed or the process dies.
func Lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
