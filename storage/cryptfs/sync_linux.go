package cryptfs

import (
	"errors"
	"os"
	"syscall"
)

// syncData makes the content of f durable, and of its metadata only what is needed to
// read it back: a commit into a file that has its length already then costs no journal
// write of the file system.
func syncData(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
