package blobs

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	mrand "math/rand/v2"
	"slices"
	"sync"
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
