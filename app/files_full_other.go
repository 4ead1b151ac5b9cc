//go:build !windows

package app

import "syscall"

// isFull reports whether the system says that there is no room.
func isFull(e syscall.Errno) bool {
	return e == syscall.ENOSPC || e == syscall.EDQUOT || e == syscall.EFBIG
}
