package blobs

import (
	"errors"
	"maps"
	"runtime"
	"syscall"
	"testing"
)

// TestDiskFull: a disk that is full says so at any write of a growth, and nothing is there
// of the blob that had no room.
func TestDiskFull(t *testing.T) {
	for room := int64(leastSlots); room < 512; room += 90 {
		w := newWorld(t, &power{failAt: -1})
		a := w.create(t, 20)
		w.disk.room = room * slotSize
		before := maps.Clone(w.blobs)
		if _, err := w.Create(ctx, 300); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("with room for %d slots: %v", room, err)
		}
		if !maps.Equal(before, w.blobs) || w.slotsOnDisk(t) != leastSlots || len(w.ledger.state.Extents) != 1 {
			t.Fatalf("with room for %d slots, something was left", room)
		}
		b := w.create(t, 44) // what is there can be used
		w.disk.room = 0
		c := w.create(t, 300)
		w.open(t)
		w.holds(t, a, 20)
		w.holds(t, b, 44)
		w.holds(t, c, 300)
	}
}

// TestLedgerFails: a commit that is refused changes nothing, and can be tried again.
func TestLedgerFails(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	refused := errors.New("refused")
	w.ledger.fail = refused
	if err := w.Prepare(ctx); !errors.Is(err, refused) || w.slotsOnDisk(t) != 0 {
		t.Fatalf("first: %v, %d slots", err, w.slotsOnDisk(t))
	}
	w.ledger.fail = nil
	a := w.create(t, 60)
	w.ledger.fail = refused
	for range 3 {
		if _, err := w.Create(ctx, 4); !errors.Is(err, refused) { // fits
			t.Fatalf("create: %v", err)
		}
		if _, err := w.Create(ctx, 40); !errors.Is(err, refused) { // grows
			t.Fatalf("create: %v", err)
		}
		if err := w.Remove(ctx, a); !errors.Is(err, refused) {
			t.Fatalf("remove: %v", err)
		}
	}
	if n := w.slotsOnDisk(t); n != leastSlots {
		t.Fatalf("%d slots", n)
	}
	w.holds(t, a, 60)
	w.ledger.fail = nil
	b := w.create(t, 4)
	if n := w.slotsOnDisk(t); n != leastSlots {
		t.Fatalf("%d slots: what was refused is not free", n)
	}
	w.holds(t, a, 60)
	if err := w.Remove(ctx, a); err != nil {
		t.Fatal(err)
	}
	w.ledger.fail = refused
	if _, err := w.Wipe(ctx); !errors.Is(err, refused) {
		t.Fatalf("wipe: %v", err)
	}
	w.ledger.fail = nil
	w.wipe(t)
	w.open(t)
	w.holds(t, b, 4)
}

// TestFailedSync: what a failed Sync may have lost is in doubt for every blob that had
// written, until it was written again; the system calls the next Sync a success.
func TestFailedSync(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	a, b, c := w.create(t, 8), w.create(t, 8), w.create(t, 8)
	for _, id := range []ID{a, b} {
		if err := w.Write(id, 4, boxes(id, 4, 8)...); err != nil {
			t.Fatal(err)
		}
	}
	w.disk.stall = syscall.EIO
	if err := w.Sync(ctx, a); !errors.Is(err, syscall.EIO) {
		t.Fatalf("sync: %v", err)
	}
	for range 2 {
		if err := w.Sync(ctx, b); !errors.Is(err, syscall.EIO) {
			t.Fatalf("sync of the other: %v", err)
		}
	}
	if err := w.Sync(ctx, c); err != nil {
		t.Fatalf("sync of one that wrote nothing: %v", err)
	}
	if err := w.Write(a, 5, boxes(a, 5, 8)...); err != nil {
		t.Fatal(err)
	}
	if err := w.Sync(ctx, a); !errors.Is(err, syscall.EIO) {
		t.Fatalf("sync with a box in doubt: %v", err)
	}
	for i := uint32(4); i < 8; i++ {
		if err := w.Write(a, i, box(a, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Sync(ctx, a); err != nil {
		t.Fatalf("sync of what was written again: %v", err)
	}
}

// TestFailedSyncDuringAWrite: what was written while a Sync went on that failed, or was being
// written, is in doubt as well.
func TestFailedSyncDuringAWrite(t *testing.T) {
	for _, within := range []string{"the Sync", "the write"} {
		w := newWorld(t, &power{failAt: -1})
		a, b := w.create(t, 8), w.create(t, 8)
		if err := w.Write(b, 0, box(b, 0)); err != nil {
			t.Fatal(err)
		}
		write := func() {
			if err := w.Write(a, 0, boxes(a, 0, 4)...); err != nil {
				t.Errorf("write: %v", err)
			}
		}
		sync := func() {
			if err := w.Sync(ctx, b); !errors.Is(err, syscall.EIO) {
				t.Errorf("sync: %v", err)
			}
		}
		w.disk.stall = syscall.EIO
		if within == "the Sync" {
			w.disk.during = write
			sync()
		} else {
			w.disk.after = sync
			write()
		}
		if err := w.Sync(ctx, a); !errors.Is(err, syscall.EIO) {
			t.Fatalf("within %s: sync of what was lost: %v", within, err)
		}
	}
}

// TestRemoveWaitsForAWrite: what was being written to a blob that is removed never arrives
// in the slots of another.
func TestRemoveWaitsForAWrite(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	a := w.create(t, 8)
	held := w.blobs[a]
	var b ID
	done := make(chan struct{})
	w.disk.before = func() {
		go func() {
			defer close(done)
			if err := w.Remove(ctx, a); err != nil {
				t.Error(err)
			}
			w.wipe(t)
			b = w.create(t, 8)
		}()
		for {
			select {
			case <-done:
				return
			default:
			}
			if !held.use.TryRLock() {
				return // somebody waits
			}
			held.use.RUnlock()
			runtime.Gosched()
		}
	}
	if err := w.Write(a, 0, boxes(a, 0, 8)...); err != nil {
		t.Fatal(err)
	}
	<-done
	w.holds(t, b, 8)
}

// TestCut: a container that is shorter than its ledger, or gone, costs the blobs that stood
// there. The others and new ones are served.
func TestCut(t *testing.T) {
	for _, left := range []int{0, 5*slotSize + 100, 11*slotSize - 1} {
		w := newWorld(t, &power{failAt: -1})
		a, b := w.create(t, 5), w.create(t, 10)
		w.disk.data = w.disk.data[:left]
		w.open(t)
		got := make([]byte, BoxSize)
		if err := w.Read(b, 9, got); !errors.Is(err, ErrDamaged) {
			t.Fatalf("read: %v", err)
		}
		if err := w.Write(b, 9, got); !errors.Is(err, ErrDamaged) {
			t.Fatalf("write: %v", err)
		}
		if left > 5*slotSize {
			w.holds(t, a, 5)
		}
		c := w.create(t, 20)
		if n := w.slotsOnDisk(t); n != leastSlots {
			t.Fatalf("%d slots", n)
		}
		w.holds(t, c, 20)
		if err := w.Remove(ctx, b); err != nil {
			t.Fatal(err)
		}
		w.wipe(t)
		w.open(t)
		w.holds(t, c, 20)
	}
}

// TestContradictions: a ledger that gives one slot to two is refused.
func TestContradictions(t *testing.T) {
	for what, s := range map[string]State{
		"overlap":       {64, 2, []Extent{{0, 10, 1, 0}, {9, 5, 2, 0}}},
		"twice":         {64, 2, []Extent{{0, 10, 1, 0}, {0, 10, 0, 0}}},
		"behind":        {64, 2, []Extent{{60, 10, 1, 0}}},
		"far behind":    {64, 2, []Extent{{70, 10, 1, 0}}},
		"wraps":         {64, 2, []Extent{{60, 1<<32 - 10, 1, 0}}},
		"nothing":       {64, 2, []Extent{{3, 0, 1, 0}}},
		"hole":          {64, 2, []Extent{{0, 10, 1, 0}, {20, 10, 1, 11}}},
		"no beginning":  {64, 2, []Extent{{0, 10, 1, 1}}},
		"negative":      {64, 2, []Extent{{0, 10, -2, 0}}},
		"above Last":    {64, 2, []Extent{{0, 10, 3, 0}}},
		"too many":      {mostSlots + 1, 2, nil},
		"more than any": {1<<32 - 1, 2, nil},
	} {
		if _, err := Open(&memFile{power: &power{failAt: -1}}, nil, s); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
