//go:build unix

package sqlite

import "golang.org/x/sys/unix"

// freeBytes is how much this user may still write to the disk of dir.
func freeBytes(dir string) (uint64, error) {
	var s unix.Statfs_t
	err := unix.Statfs(dir, &s)
	return uint64(s.Bavail) * uint64(s.Bsize), err
}
