package xvfb

import (
	"os/exec"
	"syscall"
)

// Tie makes a child end with this program, however it ends.
func Tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
