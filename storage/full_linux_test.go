package storage

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"

	"tacit/app"
)

// TestFullFileSystem fills a real file system of 14 MiB and then makes it larger.
func TestFullFileSystem(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=14m"); errors.Is(err, syscall.EPERM) {
		t.Skip("mounting a file system is not permitted here")
	} else if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	ctx, profile := context.Background(), dir+"/profile"
	s, err := cheap.Create(ctx, profile, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := addContact(t, s)
	said, long := 0, strings.Repeat("long ", 4000)
	for err = error(nil); err == nil && said < 2000; said++ {
		err = say(s, c, long)
	}
	said-- // the last one failed
	if !errors.Is(err, app.ErrDiskFull) {
		t.Fatalf("update: %v", err)
	}
	if n := count(t, s, c); n != said {
		t.Fatalf("%d messages, %d were acknowledged", n, said)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=128m"); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err := say(s, c, long); err != nil {
			t.Fatalf("with space again: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = cheap.Open(ctx, profile, "p"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, c); n != said+100 {
		t.Fatalf("%d messages after opening again, want %d", n, said+100)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
