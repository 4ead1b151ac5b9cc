package storage

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tacit/app"
	"tacit/storage/cryptfs"
	"tacit/storage/vault"
)

// faultyDisk fails writes with an error of the system while one is set.
type faultyDisk struct {
	cryptfs.Disk
	errno atomic.Uintptr
	// growOnly lets writes into the length a file has already go on, as a full disk does.
	growOnly bool
}

type faultyFile struct {
	cryptfs.DiskFile
	disk *faultyDisk
}

func (d *faultyDisk) err() error {
	if e := d.errno.Load(); e != 0 {
		return &fs.PathError{Op: "write", Path: "store", Err: syscall.Errno(e)}
	}
	return nil
}

func (d *faultyDisk) Open(name string, create bool) (cryptfs.DiskFile, error) {
	f, err := d.Disk.Open(name, create)
	return faultyFile{f, d}, err
}

func (f faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.disk.err(); err != nil {
		size, err2 := f.Size()
		if err2 != nil || !f.disk.growOnly || off+int64(len(p)) > size {
			return 0, errors.Join(err, err2)
		}
	}
	return f.DiskFile.WriteAt(p, off)
}

func (f faultyFile) Sync() error {
	if err := f.disk.err(); err != nil && !f.disk.growOnly {
		return err
	}
	return f.DiskFile.Sync()
}

func addContact(t testing.TB, s *Store) app.ContactID {
	t.Helper()
	var id app.ContactID
	err := s.Update(context.Background(), func(tx app.Tx) (err error) {
		id, err = tx.AddContact(app.ContactRecord{Bundle: make([]byte, 1249), TheirName: "Ann", MetAt: time.Now()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func say(s *Store, c app.ContactID, text string) error {
	return s.Update(context.Background(), func(tx app.Tx) error {
		now := time.Now()
		_, err := tx.AddMessage(app.Message{Contact: c, Text: text, At: now, SentAt: now, State: app.StateReceived, StateAt: now})
		return err
	})
}

func count(t testing.TB, s *Store, c app.ContactID) (n int) {
	t.Helper()
	err := s.View(context.Background(), func(tx app.ReadTx) error {
		ms, err := tx.Messages(c, 0, 1<<20)
		n = len(ms)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDiskFaults: a disk that is full or cannot be written is told by its name, what
// was committed can still be read, and once the disk recovers the store goes on.
func TestDiskFaults(t *testing.T) {
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
		{"Forbidden", syscall.EACCES, false, app.ErrDiskReadOnly},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			disk := &faultyDisk{Disk: cryptfs.Dir(dir), growOnly: tt.growOnly}
			o := Options{Cost: vault.LeastCost, disk: disk}
			s, err := o.Create(context.Background(), dir, "p")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			c := addContact(t, s)

			said, failed := 0, error(nil)
			long := strings.Repeat("long ", 4000)
			for i := 0; failed == nil; i++ {
				if i == 10 {
					disk.errno.Store(uintptr(tt.errno))
				}
				if i == 2000 {
					t.Fatal("40 MB fit on a full disk")
				}
				if failed = say(s, c, long); failed == nil {
					said++
				}
			}
			if !errors.Is(failed, tt.want) {
				t.Fatalf("update: %v, want %v", failed, tt.want)
			}
			if n := count(t, s, c); n != said {
				t.Fatalf("%d messages after the failure, %d were acknowledged", n, said)
			}
			if err := say(s, c, long); !errors.Is(err, tt.want) {
				t.Fatalf("second update: %v", err)
			}

			disk.errno.Store(0)
			for range 5 {
				if err := say(s, c, "again"); err != nil {
					t.Fatalf("after the disk recovered: %v", err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s, err = o.Open(context.Background(), dir, "p"); err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if n := count(t, s, c); n != said+5 {
				t.Fatalf("%d messages after opening again, want %d", n, said+5)
			}
		})
	}
}
