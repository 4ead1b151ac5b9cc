package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// parentProcess stands for the console of who started this program (ATTACH_PARENT_PROCESS).
const parentProcess = ^uintptr(0)

// A program with a window gets no console on Windows. Where it was started from one, what
// it says appears there; output that goes into a file or a pipe stays there.
func init() {
	out, err := windows.GetStdHandle(windows.STD_OUTPUT_HANDLE)
	if err == nil && out != 0 && out != windows.InvalidHandle {
		return
	}
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	if ok, _, _ := attach.Call(parentProcess); ok == 0 {
		return // started by a click
	}
	if console, err := os.OpenFile("CONOUT$", os.O_WRONLY, 0); err == nil {
		os.Stdout, os.Stderr = console, console
	}
}
