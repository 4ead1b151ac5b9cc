package blobs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
)

var errPowerOff = errors.New("the power is off")

// power fails at a chosen operation of a disk or a ledger, and stays away.
type power struct {
	mu          sync.Mutex
	ops, failAt int  // failAt < 0: never
	off         bool // it failed
}

func (p *power) op() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failAt >= 0 && p.ops >= p.failAt {
		p.off = true
		return errPowerOff
	}
	p.ops++
	return nil
}

// memFile is a file in memory that loses what was not synced when its power fails.
type memFile struct {
	power *power
	mu    sync.Mutex
	data  []byte // as the running program sees it
	kept  []byte // what was synced
	since []write
	room  int64 // bytes that the disk has for it; 0: any number
	stall error // what Sync says, once: it forgets what was written since
	// Called once: in the next write before and after it was done, in the next Sync before it is.
	before, after, during func()
}

type write struct {
	off  int64
	data []byte // nil: Truncate
}

func (w write) apply(b []byte, n int) []byte {
	if w.data == nil {
		return resize(b, int(w.off))
	}
	if end := int(w.off) + n; end > len(b) {
		b = resize(b, end)
	}
	copy(b[w.off:], w.data[:n])
	return b
}

func resize(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n]
	}
	return append(b, make([]byte, n-len(b))...)
}

func (f *memFile) ReadAt(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
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
	once(&f.before)
	defer once(&f.after)
	return f.writeAt(p, off)
}

// once calls *f, where there is one. The test sees to it that nobody else is there then.
func once(f *func()) {
	if call := *f; call != nil {
		*f = nil
		call()
	}
}

func (f *memFile) writeAt(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.power.op()
	if err == nil && f.room > 0 && off+int64(len(p)) > f.room {
		return 0, syscall.ENOSPC
	}
	f.since = append(f.since, write{off, bytes.Clone(p)}) // of one that failed, a part may arrive
	if err != nil {
		return 0, err
	}
	f.data = f.since[len(f.since)-1].apply(f.data, len(p))
	return len(p), nil
}

func (f *memFile) Truncate(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.power.op(); err != nil {
		return err
	}
	f.since = append(f.since, write{off: size})
	f.data = resize(f.data, int(size))
	return nil
}

func (f *memFile) Sync() error {
	once(&f.during)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.power.op(); err != nil {
		return err
	}
	if err := f.stall; err != nil {
		f.stall, f.data, f.since = nil, bytes.Clone(f.kept), nil
		return err
	}
	for _, w := range f.since {
		f.kept = w.apply(f.kept, len(w.data))
	}
	f.since = nil
	return nil
}

func (f *memFile) Size() (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.data)), nil
}

func (f *memFile) Close() error { return nil }

// reservingFile is one whose file system gives room before something is written.
type reservingFile struct{ *memFile }

func (f reservingFile) Reserve(off, length int64) (bool, error) {
	if size, _ := f.Size(); off != size {
		return false, errors.New("reserved elsewhere than at the end")
	}
	if f.room > 0 && off+length > f.room {
		return false, syscall.ENOSPC
	}
	return true, f.Truncate(off + length)
}

// afterPowerCut returns the file as the next start finds it: of what was not synced any
// writes in any order, each whole, in part (by sectors of 512 bytes) or not at all.
func (f *memFile) afterPowerCut(rnd *rand.Rand, p *power) *memFile {
	data := bytes.Clone(f.kept)
	for _, i := range rnd.Perm(len(f.since)) {
		w := f.since[i]
		switch n := len(w.data); rnd.IntN(3) {
		case 0:
			data = w.apply(data, n)
		case 1:
			data = w.apply(data, n/512*rnd.IntN(512)/512/512*512)
		}
	}
	return &memFile{power: p, data: data, kept: bytes.Clone(data)}
}

// memLedger keeps a State as a database does: a commit that fails may be there after a crash.
type memLedger struct {
	power *power
	state State
	maybe *State // what a commit that met the power cut would have made
	fail  error  // what the next commits say, having done nothing
}

func (l *memLedger) Commit(_ context.Context, c Change) error {
	if l.fail != nil {
		return l.fail
	}
	next := State{Slots: l.state.Slots, Last: l.state.Last, Extents: slices.Clone(l.state.Extents)}
	if c.Slots != 0 {
		next.Slots = c.Slots
	}
	if c.Condemn != 0 {
		for i, e := range next.Extents {
			if e.Blob == c.Condemn {
				next.Extents[i].Blob, next.Extents[i].Box = 0, 0
			}
		}
	}
	for _, f := range c.Free {
		next.Extents = slices.DeleteFunc(next.Extents, func(e Extent) bool { return e == f })
	}
	for _, e := range c.Add {
		next.Last = max(next.Last, e.Blob)
		next.Extents = append(next.Extents, e)
	}
	before := l.power.off
	if err := l.power.op(); err != nil {
		if !before {
			l.maybe = &next
		}
		return err
	}
	l.state = next
	return nil
}
