package cryptfs

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
)

var errPowerOff = errors.New("the power is off")

// memDisk is a disk in memory that loses what was not synced when its power fails,
// and can be full or read-only.
type memDisk struct {
	mu    sync.Mutex
	files map[string]*memFile
	// ops counts what changes the disk; the one after failAt fails, and all after it.
	ops, failAt int
	full, fixed bool // fixed: read-only
}

type memFile struct {
	disk    *memDisk
	data    []byte // as the running program sees it
	durable []byte
	pending []write // since the last Sync
}

type write struct {
	off  int64
	data []byte // nil: a Truncate to off
}

func newMemDisk() *memDisk { return &memDisk{files: map[string]*memFile{}, failAt: -1} }

// op counts one change; the caller holds the mutex.
func (d *memDisk) op() error {
	if d.failAt >= 0 && d.ops >= d.failAt {
		return errPowerOff
	}
	if d.fixed {
		return syscall.EROFS
	}
	d.ops++
	return nil
}

func (d *memDisk) Open(name string, create bool) (DiskFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files[name] == nil {
		if !create {
			return nil, fs.ErrNotExist
		}
		if err := d.op(); err != nil {
			return nil, err
		}
		d.files[name] = &memFile{disk: d}
	}
	return d.files[name], nil
}

func (d *memDisk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files[name] == nil {
		return fs.ErrNotExist
	}
	if err := d.op(); err != nil {
		return err
	}
	delete(d.files, name)
	return nil
}

func (d *memDisk) Exists(name string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[name] != nil, nil
}

func (f *memFile) ReadAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if off >= int64(len(f.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memFile) WriteAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.full && off+int64(len(p)) > int64(len(f.data)) {
		return 0, syscall.ENOSPC
	}
	w := write{off, slices.Clone(p)}
	err := f.disk.op()
	if err == nil || f.disk.ops == f.disk.failAt {
		f.pending = append(f.pending, w) // of the write that failed, a part may arrive
	}
	if err != nil {
		return 0, err
	}
	f.data = w.apply(f.data, len(p))
	return len(p), nil
}

func (w write) apply(data []byte, n int) []byte {
	if w.data == nil {
		return resize(data, int(w.off))
	}
	if end := int(w.off) + n; end > len(data) {
		data = resize(data, end)
	}
	copy(data[w.off:], w.data[:n])
	return data
}

// resize cuts data, or adds zeros. Files grow in steps to leastSize and beyond: there is
// room for that at once, because the race detector pays for every byte allocated.
func resize(data []byte, size int) []byte {
	if size > cap(data) {
		data = slices.Grow(data, max(size, leastSize+headerCount*blockSize)-len(data))
	}
	if size > len(data) {
		clear(data[len(data):size])
	}
	return data[:size]
}

func (f *memFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.op(); err != nil {
		return err
	}
	w := write{off: size}
	f.pending = append(f.pending, w)
	f.data = w.apply(f.data, 0)
	return nil
}

func (f *memFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.op(); err != nil {
		return err
	}
	for _, w := range f.pending {
		f.durable = w.apply(f.durable, len(w.data))
	}
	f.pending = nil
	return nil
}

func (f *memFile) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.data)), nil
}

func (f *memFile) Close() error { return nil }

// afterPowerCut returns the disk as the next start finds it: what was synced, and of
// what was not, any writes in any order, each whole, in part (by sectors of 512 bytes) or not at all.
func (d *memDisk) afterPowerCut(rnd *rand.Rand) *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := newMemDisk()
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		f := d.files[name]
		data := slices.Clone(f.durable)
		for _, i := range rnd.Perm(len(f.pending)) {
			w := f.pending[i]
			switch n := len(w.data); rnd.IntN(3) {
			case 0:
				data = w.apply(data, n)
			case 1:
				data = w.apply(data, n/512*rnd.IntN(512)/512)
			}
		}
		next.files[name] = &memFile{disk: next, data: data, durable: slices.Clone(data)}
	}
	return next
}

// clone returns a copy of a disk at rest.
func (d *memDisk) clone() *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := newMemDisk()
	for name, f := range d.files {
		next.files[name] = &memFile{disk: next, data: slices.Clone(f.data), durable: slices.Clone(f.data)}
	}
	return next
}
