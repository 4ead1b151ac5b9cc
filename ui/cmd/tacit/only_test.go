//go:build !darwin && !windows

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"tacit/ui/cmd/internal/instance"
)

// startAgain runs the program for a folder that a window has already.
func startAgain(t *testing.T, folder string, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"--profile", folder}, args...)...)
	// No display of that number answers: who opens it before asking fails.
	cmd.Env = []string{"RUN_MAIN=1", "HOME=" + t.TempDir(), "LANG=C", "DISPLAY=:65432", "XDG_RUNTIME_DIR=" + os.Getenv("XDG_RUNTIME_DIR")}
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// TestStartedAgain: the window that is there comes forward, and the second start ends well.
func TestStartedAgain(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	folder := filepath.Join(t.TempDir(), "tacit")
	var shown atomic.Int32
	first, err := instance.Claim(folder, false, func(context.Context) { shown.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if out, code := startAgain(t, folder); code != 0 || out != "" || shown.Load() != 1 {
		t.Errorf("exit %d, %q, shown %d times", code, out, shown.Load())
	}
	if out, code := startAgain(t, folder, "--minimised"); code != 0 || out != "" || shown.Load() != 1 {
		t.Errorf("by the session: exit %d, %q, shown %d times", code, out, shown.Load())
	}
	if _, code := startAgain(t, folder+"-other"); code != 1 {
		t.Errorf("another folder: exit %d", code)
	}
}

// TestStartedAgainWhileFrozen: the person is told after three seconds.
func TestStartedAgainWhileFrozen(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	folder := filepath.Join(t.TempDir(), "tacit")
	thaw := make(chan struct{})
	first, err := instance.Claim(folder, false, func(context.Context) { <-thaw })
	if err != nil {
		t.Fatal(err)
	}
	out, code := startAgain(t, folder)
	close(thaw)
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if code != 1 || !strings.HasPrefix(out, "tacit: another window has this folder and does not answer") || strings.Contains(out, folder) {
		t.Errorf("exit %d, %q", code, out)
	}
}

// TestWhatTheSessionStarts: this program, out of sight, with what makes it this one.
func TestWhatTheSessionStarts(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	folder := t.TempDir()
	o, err := parse([]string{"--profile", folder, "--title", "Amina", "--passphrase-file", "/secret", "--minimised"})
	if err != nil {
		t.Fatal(err)
	}
	if !o.window.Minimised {
		t.Error("--minimised is not heard")
	}
	if err := autostart(o).Set(true); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "autostart", "tacit.desktop"))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); !strings.Contains(s, `"--minimised" "--profile" "`+folder+`"`) || strings.Contains(s, "Amina") || strings.Contains(s, "secret") {
		t.Errorf("the entry reads\n%s", s)
	}
}
