package app

import "syscall"

// isFull reports whether the system says that there is no room: ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL.
func isFull(e syscall.Errno) bool { return e == 39 || e == 112 }
