package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
)

// TestSweepMakesWay: while a file goes out or comes in what was removed is not overwritten, but only for
// some seconds; when none moves it is at once.
func TestSweepMakesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, dir := context.Background(), t.TempDir()
		s, err := cheap.Create(ctx, dir, "p")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		secret := bytes.Repeat([]byte("sealed, perhaps"), app.BoxSize/15+1)[:app.BoxSize]
		remove := func() {
			b, err := s.CreateBlob(ctx, 2)
			if err := errors.Join(err, s.WriteBlob(b, 0, secret, secret), s.SyncBlob(ctx, b), s.RemoveBlob(ctx, b)); err != nil {
				t.Fatal(err)
			}
		}
		gone := func() bool {
			content, err := os.ReadFile(filepath.Join(dir, filesFile))
			if err != nil {
				t.Fatal(err)
			}
			return !bytes.Contains(content, secret[:64])
		}
		coming, err := s.CreateBlob(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		remove()
		busyFor := func(d time.Duration) {
			for until := time.Now().Add(d); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
				move := s.ReadBlob
				if d > 2*time.Second {
					move = func(b app.BlobID, i uint32, box []byte) error { return s.WriteBlob(b, i, box) }
				}
				if err := move(coming, 0, make([]byte, app.BoxSize)); err != nil {
					t.Fatal(err)
				}
			}
			synctest.Wait()
		}
		if busyFor(2 * time.Second); gone() {
			t.Error("it was overwritten while a file went out")
		}
		if busyFor(3 * time.Second); !gone() {
			t.Error("it was not overwritten while a file came in for long")
		}
		remove()
		time.Sleep(time.Second)
		synctest.Wait()
		if !gone() {
			t.Error("it was not overwritten although nothing came in")
		}
	})
}
