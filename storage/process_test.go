package storage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"tacit/app"
)

// childDir names the profile that a second process of this test binary opens.
const childDir = "TACIT_TEST_PROFILE"

// childTask says what it does there.
const childTask = "TACIT_TEST_TASK"

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
	if os.Getenv(childTask) == "blobs" {
		fmt.Println(childBlobs(s))
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

const childBoxes = 5

func childBox(id app.BlobID, i uint32) []byte {
	return bytes.Repeat([]byte{byte(id), byte(id >> 8), byte(i), 0x5E}, app.BoxSize/4)
}

// childBlobs makes blobs for ever, removes every second one and says what is durable.
func childBlobs(s *Store) error {
	ctx := context.Background()
	for n := 1; ; n++ {
		id, err := s.CreateBlob(ctx, childBoxes)
		for i := uint32(0); i < childBoxes && err == nil; i++ {
			err = s.WriteBlob(id, i, childBox(id, i))
		}
		if err == nil {
			err = s.SyncBlob(ctx, id)
		}
		if err != nil {
			return err
		}
		fmt.Println("durable", id)
		if n%2 != 0 {
			continue
		}
		fmt.Println("removing", id)
		if err := s.RemoveBlob(ctx, id); err != nil {
			return err
		}
		fmt.Println("removed", id)
		if err := s.Sweep(); err != nil {
			return err
		}
	}
}

// cutID reads a line of childBlobs.
func cutID(line string) (what string, id app.BlobID, ok bool) {
	what, number, _ := strings.Cut(line, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	return what, app.BlobID(n), err == nil
}

func startChild(t *testing.T, dir, task string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childTask+"="+task)
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
	cmd, lines := startChild(t, dir, "")
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
	cmd, lines := startChild(t, dir, "")
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
