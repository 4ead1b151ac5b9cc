package cryptfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/psanford/sqlite3vfs"
	"lukechampine.com/adiantum"
)

// vfsName is the name under which SQLite knows this file system.
const vfsName = "tacit"

// errAltered says that a block of the database is not what was written there.
var errAltered = errors.New("a block was altered")

// mounts holds the mounted file systems by number. SQLite never forgets a
// registered file system, so there is one for all of them.
var mounts = struct {
	sync.Mutex
	register sync.Once
	err      error
	next     int
	open     map[string]*FS
}{open: map[string]*FS{}}

// FS holds the files of one database.
type FS struct {
	disk   Disk
	key    [32]byte
	number string

	mu     sync.Mutex
	frozen bool
	inUse  bool  // a connection has the database
	fault  error // first error of the disk since TakeFault
}

// Mount makes the files on disk known to SQLite, under a key of 32 random bytes.
func Mount(disk Disk, key [32]byte) (*FS, error) {
	mounts.register.Do(func() { mounts.err = sqlite3vfs.RegisterVFS(vfsName, vfs{}) })
	if mounts.err != nil {
		return nil, fmt.Errorf("register the file system: %w", mounts.err)
	}
	mounts.Lock()
	defer mounts.Unlock()
	mounts.next++
	f := &FS{disk: disk, key: key, number: strconv.Itoa(mounts.next)}
	mounts.open[f.number] = f
	return f, nil
}

// Unmount forgets the file system. Its database must be closed.
func (f *FS) Unmount() {
	mounts.Lock()
	defer mounts.Unlock()
	delete(mounts.open, f.number)
}

// DSN returns the data source name of a database on this file system, with the
// settings that it cannot do without and those in more ("_key=value").
func (f *FS) DSN(name string, more ...string) string {
	// Exclusive locking must hold before the first access, and journal_mode=WAL be a
	// statement after it: there is no shared memory for a log between connections, and
	// with both in this string SQLite would quietly stay with a rollback journal.
	params := append([]string{"vfs=" + vfsName, "_locking_mode=EXCLUSIVE"}, more...)
	return "file:" + f.number + "/" + name + "?" + strings.Join(params, "&")
}

// Freeze makes every later write fail, so that closing a damaged database leaves its files as they are.
func (f *FS) Freeze() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frozen = true
}

// TakeFault returns the first error of the disk since the last call: SQLite passes on only that there was one.
func (f *FS) TakeFault() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.fault
	f.fault = nil
	return err
}

// report keeps an error for TakeFault and returns what SQLite is to be told.
func (f *FS) report(err error, told error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errAltered) || errors.Is(err, errNoHeader) {
		return sqlite3vfs.CorruptError
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fault == nil {
		f.fault = err
	}
	return told
}

func (f *FS) writable() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.frozen {
		return sqlite3vfs.ReadOnlyError
	}
	return nil
}

// take claims the database for one connection.
func (f *FS) take() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.inUse {
		return false
	}
	f.inUse = true
	return true
}

func (f *FS) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inUse = false
}

func (f *FS) open(name string, flags sqlite3vfs.OpenFlag) (sqlite3vfs.File, error) {
	r := roleJournal
	switch {
	case flags&sqlite3vfs.OpenMainDB != 0:
		r = roleDatabase
		if !f.take() {
			return nil, sqlite3vfs.BusyError
		}
	case flags&sqlite3vfs.OpenWAL != 0:
		r = roleLog
	}
	opened, err := f.openRole(name, flags, r)
	if err != nil && r == roleDatabase {
		f.release()
	}
	return opened, err
}

func (f *FS) openRole(name string, flags sqlite3vfs.OpenFlag, r role) (sqlite3vfs.File, error) {
	create := flags&sqlite3vfs.OpenCreate != 0
	if create && f.writable() != nil {
		create = false
	}
	d, err := f.disk.Open(name, create && r == roleDatabase)
	if errors.Is(err, fs.ErrNotExist) && create {
		d, err = &lazyFile{disk: f.disk, name: name}, nil
	}
	if err != nil {
		return nil, f.report(err, sqlite3vfs.CantOpenError)
	}
	blocks, err := openFile(d, adiantum.New(f.key[:]), r, create)
	if err != nil {
		return nil, f.report(errors.Join(err, d.Close()), sqlite3vfs.CantOpenError)
	}
	return &handle{fs: f, file: blocks}, nil
}

// vfs directs SQLite's calls to the mounted file system that a name begins with.
type vfs struct{}

func find(path string) (f *FS, name string, err error) {
	number, name, _ := strings.Cut(path, "/")
	mounts.Lock()
	defer mounts.Unlock()
	f = mounts.open[number]
	if f == nil || name == "" || strings.Contains(name, "/") {
		return nil, "", sqlite3vfs.CantOpenError // a temporary file, which must stay in memory, has no name
	}
	return f, name, nil
}

// Open implements sqlite3vfs.VFS.
func (vfs) Open(path string, flags sqlite3vfs.OpenFlag) (sqlite3vfs.File, sqlite3vfs.OpenFlag, error) {
	f, name, err := find(path)
	if err != nil {
		return nil, 0, err
	}
	opened, err := f.open(name, flags)
	return opened, flags, err
}

// Delete implements sqlite3vfs.VFS.
func (vfs) Delete(path string, _ bool) error {
	f, name, err := find(path)
	if err != nil {
		return err
	}
	if err := f.writable(); err != nil {
		return err
	}
	err = f.disk.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return f.report(err, sqlite3vfs.IOError)
}

// Access implements sqlite3vfs.VFS.
func (vfs) Access(path string, _ sqlite3vfs.AccessFlag) (bool, error) {
	f, name, err := find(path)
	if err != nil {
		return false, err
	}
	ok, err := f.disk.Exists(name)
	return ok, f.report(err, sqlite3vfs.IOError)
}

// FullPathname implements sqlite3vfs.VFS.
func (vfs) FullPathname(path string) string { return path }

// handle is a file as SQLite holds it.
type handle struct {
	fs   *FS
	file *file
}

func (h *handle) ReadAt(p []byte, off int64) (int, error) {
	n, err := h.file.ReadAt(p, off)
	if err == nil || errors.Is(err, io.EOF) && off+int64(n) >= h.file.length {
		return n, err
	}
	return n, h.fs.report(err, sqlite3vfs.IOErrorRead)
}

func (h *handle) WriteAt(p []byte, off int64) (int, error) {
	if err := h.fs.writable(); err != nil {
		return 0, err
	}
	n, err := h.file.WriteAt(p, off)
	return n, h.fs.report(err, sqlite3vfs.IOErrorWrite)
}

func (h *handle) Truncate(size int64) error {
	if err := h.fs.writable(); err != nil {
		return err
	}
	return h.fs.report(h.file.Truncate(size), sqlite3vfs.IOError)
}

func (h *handle) Sync(sqlite3vfs.SyncType) error {
	if err := h.fs.writable(); err != nil {
		return err
	}
	return h.fs.report(h.file.Sync(), sqlite3vfs.IOError)
}

func (h *handle) FileSize() (int64, error) { return h.file.length, nil }

func (h *handle) Close() error {
	if h.file.role == roleDatabase {
		defer h.fs.release()
	}
	if h.fs.writable() != nil {
		h.file.head.dirty = false
	}
	return h.fs.report(h.file.Close(), sqlite3vfs.IOError)
}

// Lock and Unlock do nothing: see the package comment.
func (*handle) Lock(sqlite3vfs.LockType) error   { return nil }
func (*handle) Unlock(sqlite3vfs.LockType) error { return nil }

// CheckReservedLock says that nobody holds a reserved lock. The library inverts the
// answer on its way to SQLite; with the other one, a hot journal would be taken for
// that of a living writer and never be rolled back.
func (*handle) CheckReservedLock() (bool, error) { return true, nil }

// SectorSize is what a torn write can destroy.
func (*handle) SectorSize() int64 { return blockSize }

// DeviceCharacteristics claims nothing; above all not POWERSAFE_OVERWRITE, which a
// wide block breaks: writing one byte of it endangers all others.
func (*handle) DeviceCharacteristics() sqlite3vfs.DeviceCharacteristic { return 0 }
