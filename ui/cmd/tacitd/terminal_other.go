//go:build !windows

package main

import "os"

// openTerminal opens the controlling terminal, to be written to and read from.
func openTerminal() (out, in *os.File, err error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	return tty, tty, err
}
