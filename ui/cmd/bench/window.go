package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const windowStarts = 9

// window measures the desktop program.
func window(ctx context.Context, b *bench) error {
	display, stop, err := display(ctx)
	if err != nil {
		return err
	}
	defer stop()
	for _, contacts := range []int{1, 200} {
		name := fmt.Sprintf("window%d", contacts)
		if err := b.populate(ctx, name, contacts); err != nil {
			return err
		}
	}
	if err := b.firstWindow(ctx, display); err != nil {
		return err
	}
	if err := b.scrolling(ctx, display); err != nil {
		return err
	}
	if err := b.idleWindow(ctx, display, "toolkit_hello", "hello"); err != nil {
		return err
	}
	for _, contacts := range []int{1, 200} {
		err := b.idleWindow(ctx, display, fmt.Sprintf("desktop_%d_contacts", contacts), "tacit", "--trace-start",
			"--profile", b.path(fmt.Sprintf("window%d", contacts)), "--passphrase-file", b.pass(), "--listen", "loopback")
		if err != nil {
			return err
		}
	}
	return nil
}

// display returns a display to open windows on: a virtual one, so that figures compare.
func display(ctx context.Context) (env []string, stop func(), err error) {
	name := fmt.Sprintf(":%d", 500+os.Getpid()%400)
	cmd := exec.CommandContext(ctx, "Xvfb", name, "-screen", "0", "1280x900x24", "-nolisten", "tcp")
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("the window is measured under Xvfb, which could not be started (make setup-e2e installs it): %w", err)
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	if err := pause(ctx, time.Second); err != nil {
		stop()
		return nil, nil, err
	}
	return append(os.Environ(), "DISPLAY="+name, "LIBGL_ALWAYS_SOFTWARE=1", "LANG=en_GB.UTF-8"), stop, nil
}

// firstWindow measures from the start of the process until its window is on the screen.
func (b *bench) firstWindow(ctx context.Context, env []string) error {
	for _, program := range []struct {
		name string
		args []string
	}{
		{"toolkit_hello_first_window", []string{"hello"}},
		{"first_window", []string{"tacit", "--trace-start", "--profile", b.path("window1")}},
	} {
		var took []time.Duration
		for range windowStarts {
			w, err := b.openWindow(ctx, env, program.args[0], program.args[1:]...)
			if err != nil {
				return err
			}
			took = append(took, w.first)
			w.close()
		}
		quantiles(program.name, took, 50, 95)
	}
	return nil
}

// scrolling has a window of its own scroll and type, and prints what it found.
func (b *bench) scrolling(ctx context.Context, env []string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.program("scroll"))
	cmd.Env = env
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("scroll: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		var name, unit string
		var value float64
		if _, err := fmt.Sscan(line, &name, &value, &unit); err != nil {
			return fmt.Errorf("scroll: %w", err)
		}
		print(name, value, unit)
	}
	return nil
}

// idleWindow measures a window with nothing to do.
func (b *bench) idleWindow(ctx context.Context, env []string, name, program string, args ...string) error {
	w, err := b.openWindow(ctx, env, program, args...)
	if err != nil {
		return err
	}
	defer w.close()
	resident, cpu, err := watch(ctx, w.cmd.Process.Pid)
	if err != nil {
		return err
	}
	print(name+"_resident_idle", resident, "MiB")
	print(name+"_cpu_idle", cpu, "% of a core")
	return nil
}

// openedWindow is a running desktop program.
type openedWindow struct {
	cmd   *exec.Cmd
	first time.Duration
}

func (w *openedWindow) close() {
	_ = w.cmd.Process.Kill()
	_ = w.cmd.Wait()
}

func (b *bench) openWindow(ctx context.Context, env []string, program string, args ...string) (*openedWindow, error) {
	cmd := exec.CommandContext(ctx, b.program(program), args...)
	cmd.Env = env
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w := &openedWindow{cmd: cmd}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "first window") {
			w.first = time.Since(began)
			return w, nil
		}
	}
	w.close()
	return nil, errors.New("the program ended before its first window")
}
