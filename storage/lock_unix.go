//go:build unix

package storage

import (
	"errors"
	"os"
	"syscall"
)

// errLocked says that another process, or this one, has the profile open.
var errLocked = errors.New("the lock is held")

// acquire takes the lock at path, which ends when the file is closed or the process dies.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
