package blobs

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	mrand "math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// box returns a box that says what it is, all over.
func box(id ID, i uint32) []byte {
	b := make([]byte, BoxSize)
	for at := 0; at+16 <= len(b); at += 16 {
		binary.BigEndian.PutUint64(b[at:], uint64(id)+0x5EA1ED00)
		binary.BigEndian.PutUint64(b[at+8:], uint64(i))
	}
	return b
}

func boxes(id ID, from, to uint32) (bs [][]byte) {
	for i := from; i < to; i++ {
		bs = append(bs, box(id, i))
	}
	return bs
}

// world is a container with its disk and ledger.
type world struct {
	*Container
	disk   *memFile
	ledger *memLedger
	lazy   bool // the disk reserves room, and noise comes later
}

func newWorld(t testing.TB, p *power) *world {
	t.Helper()
	w := &world{disk: &memFile{power: p}, ledger: &memLedger{power: p}}
	w.open(t)
	return w
}

func (w *world) open(t testing.TB) {
	t.Helper()
	var err error
	var file File = w.disk
	if w.lazy {
		file = reservingFile{w.disk}
	}
	if w.Container, err = Open(file, w.ledger, w.ledger.state); err != nil {
		t.Fatal(err)
	}
	if w.lazy {
		w.atOnce = leastSlots
	}
}

func (w *world) create(t testing.TB, n uint32) ID {
	t.Helper()
	id, err := w.Create(ctx, n)
	if err == nil {
		err = w.Write(id, 0, boxes(id, 0, n)...)
	}
	if err == nil {
		err = w.Sync(ctx, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) holds(t testing.TB, id ID, n uint32) {
	t.Helper()
	got := make([]byte, BoxSize)
	for i := range n {
		if err := w.Read(id, i, got); err != nil {
			t.Fatalf("box %d of blob %d: %v", i, id, err)
		}
		if !bytes.Equal(got, box(id, i)) {
			t.Fatalf("box %d of blob %d is not what was written", i, id)
		}
	}
}

func (w *world) wipe(t testing.TB) {
	t.Helper()
	for _, f := range []func(context.Context) (bool, error){w.Wipe, w.Fill} {
		for found := true; found; {
			var err error
			if found, err = f(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// remains reports whether a piece of a blob's boxes stands anywhere in the file.
func (f *memFile) remains(id ID) bool {
	return bytes.Contains(f.data, box(id, 0)[:8])
}

func (w *world) slotsOnDisk(t testing.TB) int {
	t.Helper()
	if len(w.disk.data)%slotSize != 0 {
		t.Fatalf("the container has %d bytes", len(w.disk.data))
	}
	return len(w.disk.data) / slotSize
}

// TestBlobs writes, reads, removes and makes anew.
func TestBlobs(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	if _, err := w.Create(ctx, 0); !errors.Is(err, ErrFull) {
		t.Fatalf("an empty blob: %v", err)
	}
	a, b, c := w.create(t, 10), w.create(t, 30), w.create(t, 20)
	if got := w.IDs(); !slices.Equal(got, []ID{a, b, c}) {
		t.Fatalf("blobs %v", got)
	}
	if err := w.Remove(ctx, b); err != nil {
		t.Fatal(err)
	}
	if err := w.Remove(ctx, b); err != nil {
		t.Fatalf("removed twice: %v", err)
	}
	got := make([]byte, BoxSize)
	for what, err := range map[string]error{
		"read of a removed blob":    w.Read(b, 0, got),
		"write to a removed blob":   w.Write(b, 0, box(b, 0)),
		"sync of a removed blob":    w.Sync(ctx, b),
		"read of no blob":           w.Read(0, 0, got),
		"read behind the end":       w.Read(a, 10, got),
		"write across the end":      w.Write(a, 9, box(a, 9), box(a, 10)),
		"write far behind the end":  w.Write(a, 1<<32-1, box(a, 9), box(a, 10)),
		"read far behind the end":   w.Read(c, 1<<32-1, got),
		"read of a negative number": w.Read(-1, 0, got),
	} {
		if !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := w.Write(a, 0, got[1:]); !errors.Is(err, errLength) {
		t.Errorf("a short box: %v", err)
	}
	if err := w.Read(a, 0, got[1:]); !errors.Is(err, errLength) {
		t.Errorf("a short buffer: %v", err)
	}
	w.wipe(t)
	if w.disk.remains(b) {
		t.Error("something of a removed blob is left")
	}
	d := w.create(t, 34) // 4 behind c, and 30 where b was
	if n := w.slotsOnDisk(t); n != leastSlots {
		t.Errorf("%d slots: the room of a removed blob was not used again", n)
	}
	if len(w.blobs[d].extents) != 2 {
		t.Errorf("%d extents", len(w.blobs[d].extents))
	}
	w.open(t)
	for id, n := range map[ID]uint32{a: 10, c: 20, d: 34} {
		w.holds(t, id, n)
	}
	if e := w.create(t, 1); e != d+1 || w.slotsOnDisk(t) != 2*leastSlots {
		t.Errorf("blob %d with %d slots", e, w.slotsOnDisk(t))
	}
}

// TestLastIsNotGivenAgain: the number of a blob that was removed names none ever after.
func TestLastIsNotGivenAgain(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	a := w.create(t, 1)
	if err := w.Remove(ctx, a); err != nil {
		t.Fatal(err)
	}
	w.wipe(t)
	w.open(t)
	if b := w.create(t, 1); b == a {
		t.Fatalf("blob %d again", b)
	}
}

// TestGrowsAndShrinks: lengths are powers of two, and room comes back.
func TestGrowsAndShrinks(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	if err := w.Prepare(ctx); err != nil || w.slotsOnDisk(t) != leastSlots {
		t.Fatalf("%d slots at first, %v", w.slotsOnDisk(t), err)
	}
	if w.disk.kept == nil {
		t.Fatal("the first slots are not durable")
	}
	small, large := w.create(t, 3), w.create(t, 300)
	if n := w.slotsOnDisk(t); n != 512 {
		t.Fatalf("%d slots", n)
	}
	if err := w.Remove(ctx, large); err != nil {
		t.Fatal(err)
	}
	w.wipe(t)
	if n := w.slotsOnDisk(t); n != leastSlots || w.ledger.state.Slots != leastSlots {
		t.Fatalf("%d slots after the large one went, %d in the ledger", n, w.ledger.state.Slots)
	}
	w.open(t)
	w.holds(t, small, 3)
	if _, err := w.Create(ctx, mostSlots); !errors.Is(err, ErrFull) {
		t.Fatalf("more than there can be: %v", err)
	}
}

// TestFreshLooksLikeFull: no slot tells whether it is used: each byte value is about as
// frequent in a fresh container, in a used one and where something was removed.
func TestFreshLooksLikeFull(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	if err := w.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	a, err := w.Create(ctx, 40)
	if err != nil {
		t.Fatal(err)
	}
	sealed := make([]byte, BoxSize)
	for i := range uint32(40) {
		rand.Read(sealed)
		if err := w.Write(a, i, sealed); err != nil {
			t.Fatal(err)
		}
	}
	look := func(when string) {
		rests := map[[slotSize - BoxSize]byte]bool{}
		for slot := 0; slot < len(w.disk.data); slot += slotSize {
			var counts [256]int
			for _, c := range w.disk.data[slot:][:slotSize] {
				counts[c]++
			}
			chi := 0.0
			for _, n := range counts {
				chi += float64((n-256)*(n-256)) / 256
			}
			if chi > 450 { // of 255 degrees of freedom: once in 10^12
				t.Errorf("%s: slot %d is no noise (%.0f)", when, slot/slotSize, chi)
			}
			rests[[slotSize - BoxSize]byte(w.disk.data[slot+BoxSize:])] = true
		}
		if len(rests) != leastSlots {
			t.Errorf("%s: only %d of the slots end in random bytes", when, len(rests))
		}
	}
	look("used")
	if err := w.Remove(ctx, a); err != nil {
		t.Fatal(err)
	}
	w.wipe(t)
	look("removed")
}

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

// TestConcurrently uses many blobs at once: none ever reads what is another's.
func TestConcurrently(t *testing.T) {
	w := newWorld(t, &power{failAt: -1})
	var turn sync.Mutex // as that of the database
	w.Container.ledger = lockedLedger{w.ledger, &turn}
	var all sync.WaitGroup
	done := make(chan struct{})
	for range 6 {
		all.Go(func() {
			for range 12 {
				n := 1 + mrand.Uint32N(40)
				id, err := w.Create(ctx, n)
				if err != nil {
					t.Error(err)
					return
				}
				if err := errors.Join(w.Write(id, 0, boxes(id, 0, n)...), w.Sync(ctx, id)); err != nil {
					t.Error(err)
				}
				var readers sync.WaitGroup
				for range 2 {
					readers.Go(func() {
						got := make([]byte, BoxSize)
						for i := range n {
							if err := w.Read(id, i, got); errors.Is(err, ErrNone) {
								return
							} else if err != nil || !bytes.Equal(got, box(id, i)) {
								t.Errorf("box %d of blob %d is another's: %v", i, id, err)
							}
							if err := w.Write(id, i, box(id, i)); err != nil && !errors.Is(err, ErrNone) {
								t.Error(err)
							}
						}
					})
				}
				if err := w.Remove(ctx, id); err != nil {
					t.Error(err)
				}
				readers.Wait()
			}
		})
	}
	var wiper sync.WaitGroup
	wiper.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if _, err := w.Wipe(ctx); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	close(done)
	wiper.Wait()
	w.wipe(t)
	if n := w.slotsOnDisk(t); n != leastSlots || len(w.ledger.state.Extents) != 0 {
		t.Errorf("%d slots and %d extents are left", n, len(w.ledger.state.Extents))
	}
}

type lockedLedger struct {
	*memLedger
	turn *sync.Mutex
}

func (l lockedLedger) Commit(ctx context.Context, c Change) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	return l.memLedger.Commit(ctx, c)
}

// TestRuns: what is taken and given back is what was there, in order and joined.
func TestRuns(t *testing.T) {
	rnd := mrand.New(mrand.NewPCG(5, 6))
	for range 300 {
		free := runs{{0, 200}}
		var taken []runs
		for range 60 {
			if len(taken) > 0 && rnd.IntN(2) == 0 {
				i := rnd.IntN(len(taken))
				for _, r := range taken[i] {
					free = free.give(r)
				}
				taken = slices.Delete(taken, i, i+1)
			} else if got, left, ok := free.take(1 + rnd.Uint32N(50)); ok {
				taken, free = append(taken, got), left
			}
			var owner [200]int
			mark := func(rs runs) {
				for i, r := range rs {
					if r.count == 0 || i > 0 && rs[i-1].end() >= r.slot {
						t.Fatalf("%v are not in order and joined", rs)
					}
					for s := r.slot; s < r.end(); s++ {
						owner[s]++
					}
				}
			}
			mark(free)
			for _, rs := range taken {
				mark(rs)
			}
			if slices.ContainsFunc(owner[:], func(n int) bool { return n != 1 }) {
				t.Fatalf("free %v, taken %v", free, taken)
			}
		}
	}
}

// TestPowerCut cuts the power at every operation of disk and ledger in a history of blobs
// that are made, written, removed and overwritten. What was promised holds afterwards.
func TestPowerCut(t *testing.T) {
	powerCuts(t, false, history)
	powerCuts(t, true, history)
	powerCuts(t, true, slowly)
}

func powerCuts(t *testing.T, lazy bool, history func(*world, *promises)) {
	whole := &power{failAt: -1}
	w := &world{disk: &memFile{power: whole}, ledger: &memLedger{power: whole}, lazy: lazy}
	w.open(t)
	history(w, new(promises))
	if whole.ops < 14 {
		t.Fatalf("only %d operations to fail", whole.ops)
	}
	rnd := mrand.New(mrand.NewPCG(7, 8))
	for failAt := range whole.ops {
		for _, committed := range []bool{false, true} {
			off, made := &power{failAt: failAt}, new(promises)
			w := &world{disk: &memFile{power: off}, ledger: &memLedger{power: off}, lazy: lazy}
			w.open(t)
			history(w, made)
			on := &power{failAt: -1}
			state := w.ledger.state
			if committed && w.ledger.maybe != nil {
				state = *w.ledger.maybe
			}
			w = &world{disk: w.disk.afterPowerCut(rnd, on), ledger: &memLedger{power: on, state: state}, lazy: lazy}
			w.open(t)
			made.kept(t, w, fmt.Sprintf("power cut at %d (%t, %t)", failAt, committed, lazy))
		}
	}
}

// promises are what the calls that returned nil promised.
type promises struct {
	whole   map[ID]uint32 // blobs with as many durable boxes
	maybe   map[ID]bool   // perhaps gone
	removed []ID
}

// history runs until something fails.
func history(w *world, p *promises) {
	p.whole, p.maybe = map[ID]uint32{}, map[ID]bool{}
	made := func(n uint32) ID {
		id, err := w.Create(ctx, n)
		if err == nil {
			p.whole[id] = 0
			err = w.Write(id, 0, boxes(id, 0, n)...)
		}
		if err == nil {
			if err = w.Sync(ctx, id); err == nil {
				p.whole[id] = n
			}
		}
		return id
	}
	remove := func(id ID) {
		if id == 0 {
			return
		}
		p.maybe[id] = true
		if w.Remove(ctx, id) == nil {
			delete(p.whole, id)
			p.removed = append(p.removed, id)
		}
	}
	_ = w.Prepare(ctx)
	a, b := made(20), made(70)
	remove(a)
	_, _ = w.Wipe(ctx)
	made(30) // where a was, and behind b
	_, _ = w.Fill(ctx)
	remove(b)
	made(5) // before b's slots are free
	for range 3 {
		_, _ = w.Wipe(ctx)
	}
	for range 4 {
		_, _ = w.Fill(ctx)
	}
	made(10)
}

// slowly makes a blob of which little is written, as when somebody sends slowly.
func slowly(w *world, p *promises) {
	p.whole = map[ID]uint32{}
	_ = w.Prepare(ctx)
	if id, err := w.Create(ctx, 70); err == nil && w.Write(id, 3, box(id, 3)) == nil && w.Sync(ctx, id) == nil {
		p.whole[id] = 0
	}
	for range 5 {
		_, _ = w.Fill(ctx)
	}
}

func (p *promises) kept(t *testing.T, w *world, when string) {
	t.Helper()
	there := w.IDs()
	for id, n := range p.whole {
		if !p.maybe[id] && !slices.Contains(there, id) {
			t.Fatalf("%s: blob %d is gone", when, id)
		}
		if slices.Contains(there, id) {
			w.holds(t, id, n)
		}
	}
	for _, id := range p.removed {
		if slices.Contains(there, id) {
			t.Fatalf("%s: blob %d is there again", when, id)
		}
	}
	fresh := w.create(t, 50)
	w.wipe(t)
	for id, n := range p.whole {
		if slices.Contains(there, id) {
			w.holds(t, id, n) // nobody was given its slots
		}
	}
	w.holds(t, fresh, 50)
	for _, id := range p.removed {
		if w.disk.remains(id) {
			t.Fatalf("%s: something of blob %d is left", when, id)
		}
	}
	if n := w.slotsOnDisk(t); bits.OnesCount(uint(n)) != 1 || n < leastSlots {
		t.Fatalf("%s: %d slots", when, n)
	}
	w.noZeros(t, when)
}

// noZeros expects that no slot is left as the file system gave it.
func (w *world) noZeros(t testing.TB, when string) {
	t.Helper()
	for slot := 0; slot < len(w.disk.data); slot += slotSize {
		if bytes.Equal(w.disk.data[slot:][:32], make([]byte, 32)) {
			t.Fatalf("%s: slot %d is zeros", when, slot/slotSize)
		}
	}
}

// TestGrowsLazily: where the file system reserves room, a growth by much is no noise at
// once. It is soon, and no box is lost by it; the room that is raw is given out before more is asked for.
func TestGrowsLazily(t *testing.T) {
	p := &power{failAt: -1}
	w := &world{disk: &memFile{power: p}, ledger: &memLedger{power: p}, lazy: true}
	w.open(t)
	a := w.create(t, 10)
	w.noZeros(t, "small")
	before := p.ops
	b, err := w.Create(ctx, 140)
	if err != nil {
		t.Fatal(err)
	}
	if p.ops > before+4 || w.slotsOnDisk(t) != 256 {
		t.Fatalf("%d operations for a large growth, %d slots", p.ops-before, w.slotsOnDisk(t))
	}
	for _, i := range []uint32{0, 1, 2, 77} {
		if err := w.Write(b, i, box(b, i)); err != nil {
			t.Fatal(err)
		}
	}
	c := w.create(t, 90) // of what is raw
	if n := w.slotsOnDisk(t); n != 256 {
		t.Fatalf("%d slots", n)
	}
	if err := w.Sync(ctx, b); err != nil {
		t.Fatal(err)
	}
	w.open(t) // as after a crash
	w.wipe(t)
	w.noZeros(t, "in the end")
	w.holds(t, a, 10)
	w.holds(t, c, 90)
	w.holds(t, b, 3)
	got := make([]byte, BoxSize)
	if err := w.Read(b, 77, got); err != nil || !bytes.Equal(got, box(b, 77)) {
		t.Fatalf("box 77: %v", err)
	}
	if len(w.raw)+len(w.fresh) > 0 || len(w.ledger.state.Extents) > 5 {
		t.Fatalf("left: %d raw, %d fresh, %v", len(w.raw), len(w.fresh), w.ledger.state.Extents)
	}
	for _, id := range []ID{b, c} {
		if err := w.Remove(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	w.wipe(t)
	if n := w.slotsOnDisk(t); n != leastSlots {
		t.Fatalf("%d slots after all", n)
	}
}

// TestFillWritesOverNothing: who wants to write where Fill just makes noise comes behind it,
// in a blob's slots as in those that nobody has yet.
func TestFillWritesOverNothing(t *testing.T) {
	for _, where := range []string{"blob", "raw"} {
		p := &power{failAt: -1}
		w := &world{disk: &memFile{power: p}, ledger: &memLedger{power: p}, lazy: true}
		w.open(t)
		a, err := w.Create(ctx, 300)
		if err != nil {
			t.Fatal(err)
		}
		held := w.blobs[a]
		for where == "blob" && len(w.raw) > 0 {
			if _, err := w.Fill(ctx); err != nil {
				t.Fatal(err)
			}
		}
		done := make(chan struct{})
		w.disk.before = func() { // what Fill writes is not there yet
			kept, locks := true, map[string]sync.Locker{"blob": held.use.RLocker(), "raw": &w.length}
			switch {
			case where == "blob" && held.use.TryRLock(), where == "raw" && w.length.TryLock():
				kept = false
				locks[where].Unlock()
			}
			go func() {
				defer close(done)
				if where == "blob" {
					if err := w.Write(a, 0, box(a, 0)); err != nil {
						t.Error(err)
					}
				} else {
					a = w.create(t, 212)
				}
			}()
			if !kept { // nobody is kept from it
				t.Errorf("%s: Fill holds no lock", where)
			}
		}
		if _, err := w.Fill(ctx); err != nil {
			t.Fatal(err)
		}
		<-done
		w.holds(t, a, 1)
		w.wipe(t)
		w.noZeros(t, where)
		w.holds(t, a, 1)
	}
}
