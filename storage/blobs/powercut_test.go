package blobs

import (
	"bytes"
	"fmt"
	"math/bits"
	mrand "math/rand/v2"
	"slices"
	"sync"
	"testing"
)

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
