//go:build unix

package pairing

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestPictureFileThatIsNone(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, pipe, filepath.Join(dir, "missing")} {
		done := make(chan error, 1)
		go func() {
			_, err := ReadPictureFile(t.Context(), path)
			done <- err
		}()
		select {
		case err := <-done:
			if !errors.Is(err, ErrNoCode) {
				t.Errorf("error %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("it waits for the other end of a pipe")
		}
	}
}
