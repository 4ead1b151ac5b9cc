//go:build !darwin && !windows

package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestWithoutDisplay(t *testing.T) {
	for _, env := range [][]string{nil, {"DISPLAY=:65432"}} {
		out, code := runMain(t, env)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		last := lines[len(lines)-1]
		if code != 1 || !strings.HasPrefix(last, "tacit: ") || !strings.Contains(last, "tacitd") || strings.Contains(out, "goroutine") {
			t.Errorf("%v: exit %d, %q", env, code, out)
		}
	}
}

// TestWithoutOpenGL: a display that cannot draw is told in words, and the program ends.
func TestWithoutOpenGL(t *testing.T) {
	display := bareDisplay(t)
	out, code := runMain(t, []string{"DISPLAY=" + display, "PATH=" + os.Getenv("PATH")})
	lines := strings.Split(strings.TrimSpace(out), "\n")
	last := lines[len(lines)-1]
	if code != 1 || !strings.HasPrefix(last, "tacit: ") || !strings.Contains(last, "OpenGL") || !strings.Contains(last, "tacitd") || strings.Contains(out, "goroutine") {
		t.Errorf("exit %d, %q", code, out)
	}
}

// bareDisplay starts a display without OpenGL and returns its name.
func bareDisplay(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-extension", "GLX", "-screen", "0", "640x480x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	err = cmd.Start()
	_ = write.Close()
	if err != nil {
		t.Fatalf("Xvfb (Debian: xvfb): %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return ":" + strings.TrimSpace(number)
}
