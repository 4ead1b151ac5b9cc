package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"tacit/app"
)

// childDir names the profile that a second process of this test binary opens.
const childDir = "TACIT_TEST_PROFILE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// child adds messages for ever and says after each commit how many are durable.
func child(dir string) {
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		fmt.Println(app.Code(err))
		return
	}
	for n := 1; ; n++ {
		if err := say(s, 1, fmt.Sprint("message ", n)); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(n)
	}
}

func startChild(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestInUse: whoever comes second is refused, in this process and in another.
func TestInUse(t *testing.T) {
	dir, _ := profile(t)
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := cheap.Open(context.Background(), dir, "p"); !errors.Is(err, app.ErrInUse) {
		t.Fatalf("second open in this process: %v", err)
	}
	if err := cheap.ChangePassphrase(context.Background(), dir, "p", "q"); !errors.Is(err, app.ErrInUse) {
		t.Fatalf("change of the passphrase while open: %v", err)
	}
	cmd, lines := startChild(t, dir)
	if !lines.Scan() || lines.Text() != "profile_in_use" {
		t.Errorf("the other process says %q", lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := say(s, 1, "still here"); err != nil {
		t.Fatal(err)
	}
}

// TestKilled kills a process in the middle of its commits: what it acknowledged is there.
func TestKilled(t *testing.T) {
	dir, c := profile(t)
	const before = 30 // what profile stores
	cmd, lines := startChild(t, dir)
	acknowledged := 0
	for acknowledged < 200 && lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the other process says %q", lines.Text())
		}
		acknowledged = n
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if n, err := strconv.Atoi(lines.Text()); err == nil {
			acknowledged = n
		}
	}
	_ = cmd.Wait()
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := count(t, s, c) - before; n < acknowledged || n > acknowledged+1 {
		t.Fatalf("%d messages of %d acknowledged", n, acknowledged)
	}
	if s.RolledBack() {
		t.Fatal("a crash was taken for a rollback")
	}
}

func TestClose(t *testing.T) {
	dir, _ := profile(t)
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if err := say(s, 1, "too late"); !errors.Is(err, app.ErrClosed) {
		t.Fatalf("update: %v", err)
	}
	if err := s.View(context.Background(), func(app.ReadTx) error { return nil }); !errors.Is(err, app.ErrClosed) {
		t.Fatalf("view: %v", err)
	}
}

func TestChangePassphrase(t *testing.T) {
	dir, c := profile(t)
	ctx := context.Background()
	if err := cheap.ChangePassphrase(ctx, dir, "wrong", "new"); !errors.Is(err, app.ErrPassphrase) {
		t.Fatalf("with a wrong passphrase: %v", err)
	}
	if err := cheap.ChangePassphrase(ctx, dir, "p", "new"); err != nil {
		t.Fatal(err)
	}
	if _, err := cheap.Open(ctx, dir, "p"); !errors.Is(err, app.ErrPassphrase) {
		t.Fatalf("the old passphrase: %v", err)
	}
	s, err := cheap.Open(ctx, dir, "new")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := count(t, s, c); n != 30 {
		t.Fatalf("%d messages", n)
	}
}
