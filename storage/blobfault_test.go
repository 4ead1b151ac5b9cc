package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tacit/app"
	"tacit/storage/cryptfs"
	"tacit/storage/vault"
)

// TestBlobFaults: a disk that is full or cannot be written is told by its name, nothing is
// there of a blob that found no room, and the store goes on when the disk recovers.
func TestBlobFaults(t *testing.T) {
	for _, tt := range []struct {
		name     string
		errno    syscall.Errno
		growOnly bool
		want     error
	}{
		{"Full", syscall.ENOSPC, true, app.ErrDiskFull},
		{"FullAtOnce", syscall.ENOSPC, false, app.ErrDiskFull},
		{"Quota", syscall.EDQUOT, true, app.ErrDiskFull},
		{"ReadOnly", syscall.EROFS, false, app.ErrDiskReadOnly},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, dir := context.Background(), t.TempDir()
			disk := &faultyDisk{Disk: cryptfs.Dir(dir), growOnly: tt.growOnly}
			o := Options{Cost: vault.LeastCost, disk: disk}
			s, err := o.Create(ctx, dir, "p")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { s.Close() }()
			c := addContact(t, s)
			box := bytes.Repeat([]byte{7}, app.BoxSize)
			old, err := s.CreateBlob(ctx, 40)
			if err == nil {
				err = errors.Join(s.WriteBlob(old, 39, box), s.SyncBlob(ctx, old))
			}
			if err != nil {
				t.Fatal(err)
			}

			disk.errno.Store(uintptr(tt.errno))
			if _, err := s.CreateBlob(ctx, 100); !errors.Is(err, tt.want) {
				t.Fatalf("create: %v, want %v", err, tt.want)
			}
			if !tt.growOnly {
				if err := s.WriteBlob(old, 0, box); !errors.Is(err, tt.want) {
					t.Fatalf("write: %v, want %v", err, tt.want)
				}
				if err := s.RemoveBlob(ctx, old); !errors.Is(err, tt.want) {
					t.Fatalf("remove: %v, want %v", err, tt.want)
				}
			}
			if ids, err := s.BlobIDs(ctx); err != nil || len(ids) != 1 {
				t.Fatalf("blobs %v, %v", ids, err)
			}
			if info, err := os.Stat(filepath.Join(dir, filesFile)); err != nil || info.Size() != 4<<20 {
				t.Fatalf("the container has %d bytes, %v", info.Size(), err)
			}

			disk.errno.Store(0)
			if err := say(s, c, "still here"); err != nil {
				t.Fatal(err)
			}
			id, err := s.CreateBlob(ctx, 100)
			if err == nil {
				err = errors.Join(s.WriteBlob(id, 99, box), s.SyncBlob(ctx, id), s.Close())
			}
			if err != nil {
				t.Fatalf("after the disk recovered: %v", err)
			}
			if s, err = o.Open(ctx, dir, "p"); err != nil {
				t.Fatal(err)
			}
			for _, at := range []struct {
				b app.BlobID
				i uint32
			}{{old, 39}, {id, 99}} {
				got := make([]byte, app.BoxSize)
				if err := s.ReadBlob(at.b, at.i, got); err != nil || !bytes.Equal(got, box) {
					t.Fatalf("box %d of blob %d: %v", at.i, at.b, err)
				}
			}
		})
	}
}

// TestCreateWithoutRoomForFiles: a profile whose container finds no room is not created.
func TestCreateWithoutRoomForFiles(t *testing.T) {
	dir := t.TempDir()
	disk := &fullFiles{Disk: cryptfs.Dir(dir)}
	if _, err := (Options{Cost: vault.LeastCost, disk: disk}).Create(context.Background(), dir, "p"); !errors.Is(err, app.ErrDiskFull) {
		t.Fatalf("create: %v", err)
	}
	if Exists(dir) {
		t.Fatal("there is a profile")
	}
	s, err := cheap.Create(context.Background(), dir, "p")
	if err != nil {
		t.Fatalf("with room: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// fullFiles has no room for the container.
type fullFiles struct{ cryptfs.Disk }

func (d *fullFiles) Open(name string, create bool) (cryptfs.DiskFile, error) {
	f, err := d.Disk.Open(name, create)
	if name != filesFile || err != nil {
		return f, err
	}
	full := &faultyDisk{}
	full.errno.Store(uintptr(syscall.ENOSPC))
	return faultyFile{f, full}, nil
}

// TestKilledWithBlobs kills a process that makes, writes and removes blobs and says what is
// durable: that is there afterwards, and no slot is two blobs'.
func TestKilledWithBlobs(t *testing.T) {
	dir, _ := profile(t)
	cmd, lines := startChild(t, dir, "blobs")
	there := map[app.BlobID]bool{}
	var removing app.BlobID
	read := func() bool {
		if !lines.Scan() {
			return false
		}
		what, id, ok := cutID(lines.Text())
		switch {
		case !ok:
			t.Fatalf("the other process says %q", lines.Text())
		case what == "durable":
			there[id] = true
		case what == "removing":
			removing = id
		case what == "removed":
			delete(there, id)
		}
		return true
	}
	for n := 0; n < 120 && read(); n++ {
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for read() {
	}
	_ = cmd.Wait()
	s, err := cheap.Open(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	delete(there, removing) // perhaps
	if len(there) < 3 {
		t.Fatalf("only %d blobs", len(there))
	}
	got := make([]byte, app.BoxSize)
	for id := range there {
		for i := range uint32(childBoxes) {
			if err := s.ReadBlob(id, i, got); err != nil || !bytes.Equal(got, childBox(id, i)) {
				t.Fatalf("box %d of blob %d: %v", i, id, err)
			}
		}
	}
}
