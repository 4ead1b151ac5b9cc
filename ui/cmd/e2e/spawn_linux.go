package main

import (
	"os/exec"
	"syscall"
)

// tie makes a child end with this program, however it ends.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
