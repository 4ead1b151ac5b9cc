package storage_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/storage"
)

func TestBlobSuite(t *testing.T) {
	apptest.BlobSuite(t, func(t *testing.T) (app.Blobs, func() app.Blobs) {
		dir := t.TempDir()
		s, err := cheap.Create(context.Background(), dir, "passphrase")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s, func() app.Blobs {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s, err = cheap.Open(context.Background(), dir, "passphrase"); err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

// blobProfile makes a profile with a blob of ten boxes and closes it.
func blobProfile(t *testing.T) (dir string, b app.BlobID, boxes [][]byte) {
	t.Helper()
	dir = t.TempDir()
	s, err := cheap.Create(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		box := make([]byte, app.BoxSize)
		rand.Read(box)
		boxes = append(boxes, box)
	}
	b, err = s.CreateBlob(context.Background(), 10)
	if err == nil {
		err = s.WriteBlob(b, 0, boxes...)
	}
	err = errors.Join(err, s.SyncBlob(context.Background(), b), s.Close())
	if err != nil {
		t.Fatal(err)
	}
	return dir, b, boxes
}

// TestDamagedContainer: a container that is cut off, gone or cannot be opened costs the
// files in it; the profile opens, and what has its slots is read.
func TestDamagedContainer(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(path string) error
		whole  int  // boxes that can still be read
		serves bool // new blobs
	}{
		"Cut":     {func(path string) error { return os.Truncate(path, 4*65536+1000) }, 4, true},
		"Empty":   {func(path string) error { return os.Truncate(path, 0) }, 0, true},
		"Missing": {os.Remove, 0, true},
		"Folder":  {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			dir, b, boxes := blobProfile(t)
			if err := tt.damage(filepath.Join(dir, "files")); err != nil {
				t.Fatal(err)
			}
			s, err := cheap.Open(ctx, dir, "p")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.View(ctx, func(tx app.ReadTx) error { _, err := tx.Contacts(); return err }); err != nil {
				t.Fatalf("the rest of the profile: %v", err)
			}
			got := make([]byte, app.BoxSize)
			for i := range boxes {
				err := s.ReadBlob(b, uint32(i), got)
				switch {
				case i < tt.whole && (err != nil || !bytes.Equal(got, boxes[i])):
					t.Fatalf("box %d: %v", i, err)
				case i >= tt.whole && tt.serves && !errors.Is(err, app.ErrDamaged):
					t.Fatalf("box %d, which is not there: %v", i, err)
				case err == nil && i >= tt.whole:
					t.Fatalf("box %d was read", i)
				}
			}
			id, err := s.CreateBlob(ctx, 3)
			if (err == nil) != tt.serves {
				t.Fatalf("a new blob: %v", err)
			}
			if !tt.serves {
				return
			}
			if err := errors.Join(s.WriteBlob(id, 0, boxes[:3]...), s.SyncBlob(ctx, id), s.ReadBlob(id, 2, got)); err != nil || !bytes.Equal(got, boxes[2]) {
				t.Fatalf("the new blob: %v", err)
			}
			if err := s.RemoveBlob(ctx, b); err != nil {
				t.Fatalf("removing what is damaged: %v", err)
			}
		})
	}
}

// TestContainerOfAnOlderProfile: one that was made before there were files gets its container.
func TestContainerOfAnOlderProfile(t *testing.T) {
	ctx := context.Background()
	dir, b, _ := blobProfile(t)
	s, err := cheap.Open(ctx, dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.RemoveBlob(ctx, b), s.ForgetContainer(), s.Close(), os.Remove(filepath.Join(dir, "files"))); err != nil {
		t.Fatal(err)
	}
	if s, err = cheap.Open(ctx, dir, "p"); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if info, err := os.Stat(filepath.Join(dir, "files")); err != nil || info.Size() != 4<<20 {
		t.Fatalf("the container: %v, %v", info, err)
	}
	if _, err := s.CreateBlob(ctx, 1); err != nil {
		t.Fatal(err)
	}
}

// TestBlobsOfAClosedStore are refused, and Close waits for nobody who comes later.
func TestBlobsOfAClosedStore(t *testing.T) {
	ctx := context.Background()
	dir, b, boxes := blobProfile(t)
	s, err := storage.Options(cheap).Open(ctx, dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, created := s.CreateBlob(ctx, 1)
	_, listed := s.BlobIDs(ctx)
	for what, err := range map[string]error{
		"create": created, "write": s.WriteBlob(b, 0, boxes[0]), "read": s.ReadBlob(b, 0, boxes[0]),
		"sync": s.SyncBlob(ctx, b), "remove": s.RemoveBlob(ctx, b), "list": listed,
	} {
		if !errors.Is(err, app.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
