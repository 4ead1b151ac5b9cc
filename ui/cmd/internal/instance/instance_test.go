package instance

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain lets the test binary be a program that has the folder until it is killed.
func TestMain(m *testing.M) {
	if folder := os.Getenv("CLAIM"); folder != "" {
		if _, err := Claim(folder, false, func(context.Context) {}); err != nil {
			os.Exit(1)
		}
		_, _ = os.Stdout.WriteString("claimed\n")
		select {}
	}
	goleak.VerifyTestMain(m)
}

// place is a folder of profiles, with or without a directory of the session.
func place(t *testing.T, session bool) string {
	t.Helper()
	dir := ""
	if session {
		dir = t.TempDir()
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("XDG_RUNTIME_DIR", dir)
	return filepath.Join(t.TempDir(), "tacit")
}

// first claims a folder and counts how often its window is asked for.
func first(t *testing.T, folder string) (*Instance, *atomic.Int32) {
	t.Helper()
	var shown atomic.Int32
	i, err := Claim(folder, false, func(context.Context) { shown.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() })
	return i, &shown
}

func never(context.Context) { panic("there is no window to show") }

func TestSecondStart(t *testing.T) {
	for _, session := range []bool{true, false} {
		folder := place(t, session)
		i, shown := first(t, folder)
		if _, err := Claim(folder, false, never); !errors.Is(err, ErrServed) || shown.Load() != 1 {
			t.Errorf("%v, shown %d times", err, shown.Load())
		}
		link := folder + "-too"
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(folder, link); err != nil {
			t.Fatal(err)
		}
		if _, err := Claim(link, false, never); !errors.Is(err, ErrServed) {
			t.Errorf("the folder by another name: %v", err)
		}
		// One that the session starts, as this one, leaves the window alone.
		before := shown.Load()
		if _, err := Claim(folder, true, never); !errors.Is(err, ErrServed) || shown.Load() != before {
			t.Errorf("%v, shown %d times", err, shown.Load()-before)
		}
		other, _ := first(t, folder+"-other") // another folder is another matter
		if err := errors.Join(other.Close(), i.Close()); err != nil {
			t.Fatal(err)
		}
		if j, err := Claim(folder, false, never); err != nil { // after the first has ended
			t.Error(err)
		} else if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestAfterAKill: what a program that was killed left behind keeps nobody out.
func TestAfterAKill(t *testing.T) {
	folder := place(t, true)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CLAIM="+folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("claimed\n"))); err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(folder, false, never); !errors.Is(err, ErrServed) {
		t.Errorf("while it lives: %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	base, err := meetingPlace(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(base + ".sock"); err != nil {
		t.Fatalf("it left nothing behind: %v", err)
	}
	first(t, folder)
}

// TestFrozenProgram: one that does not answer is said to be so.
func TestFrozenProgram(t *testing.T) {
	folder := place(t, true)
	thaw := make(chan struct{})
	i, err := Claim(folder, false, func(context.Context) { <-thaw })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := claim(folder, false, 300*time.Millisecond, never); !errors.Is(err, ErrFrozen) {
		t.Error(err)
	}
	close(thaw)
	if err := i.Close(); err != nil {
		t.Error(err)
	}
}

// TestWindowThatComesTooLate: no word is given that it is there.
func TestWindowThatComesTooLate(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	go func() {
		defer b.Close()
		heed(b, func(ctx context.Context) { <-ctx.Done() })
	}()
	if _, err := io.WriteString(a, show); err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(a); len(got) > 0 {
		t.Errorf("answered %q", got)
	}
}

// TestStrangersAtTheSocket: what is no word of ours moves nothing, and holds nobody up.
func TestStrangersAtTheSocket(t *testing.T) {
	folder := place(t, true)
	_, shown := first(t, folder)
	base, err := meetingPlace(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"", "s", "SHOW\n", "quit\n", strings.Repeat("x", 1<<16), "\x00\x00\x00\x00\x00"} {
		conn, err := net.Dial("unix", base+".sock")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, word)
		_ = conn.(*net.UnixConn).CloseWrite()
		if got, _ := io.ReadAll(conn); len(got) > 0 {
			t.Errorf("%.10q is answered with %q", word, got)
		}
		_ = conn.Close()
	}
	silent, err := net.Dial("unix", base+".sock") // and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if _, err := Claim(folder, false, never); !errors.Is(err, ErrServed) || shown.Load() != 1 {
		t.Errorf("%v, shown %d times", err, shown.Load())
	}
}

// TestPlaceOfOthers: a directory that others may write to is no place to meet.
func TestPlaceOfOthers(t *testing.T) {
	folder := place(t, true)
	if err := os.Chmod(os.Getenv("XDG_RUNTIME_DIR"), 0o777); err != nil {
		t.Fatal(err)
	}
	base, err := meetingPlace(folder)
	if err != nil || filepath.Dir(base) != folder {
		t.Errorf("they meet at %s, %v", base, err)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := meetingPlace(folder); !errors.Is(err, errNotPrivate) {
		t.Errorf("they meet in a folder of everybody: %v", err)
	}
	t.Setenv("XDG_RUNTIME_DIR", "")
	if _, err := Claim(filepath.Join(t.TempDir(), strings.Repeat("x", 120)), false, never); err == nil {
		t.Error("a path that no socket has room for")
	}
	if base, _ := meetingPlace(t.TempDir()); strings.Contains(base, "tacit-") {
		t.Errorf("without a session they meet at %s", base)
	}
}
