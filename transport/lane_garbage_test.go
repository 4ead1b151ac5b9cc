//go:build !race

package transport

import (
	"runtime"
	"sync"
	"testing"
)

// TestFilesMakeNoGarbage: cells go through queue, lane and reader without memory of their own.
// (The race detector has pools forget what is put there.)
func TestFilesMakeNoGarbage(t *testing.T) {
	l, far := pipedLane()
	var running sync.WaitGroup
	running.Go(l.writeFiles)
	r := laneReader{from: far}
	cells := [][]byte{fileCell(1)}
	got := 0
	carry := func(n int) {
		running.Go(func() {
			for range n {
				if err := l.sendFile(t.Context(), cells); err != nil {
					t.Error(err)
				}
			}
		})
		for end := got + n; got < end; {
			c, err := r.next()
			if err != nil {
				t.Fatal(err)
			}
			got += len(c.cells)
			c.release()
		}
	}
	carry(100)
	const count = 2000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	carry(count)
	runtime.ReadMemStats(&after)
	each := (after.TotalAlloc - before.TotalAlloc) / count
	t.Logf("%d bytes a cell", each)
	if each > 2048 {
		t.Errorf("%d bytes of garbage a cell", each)
	}
	l.end()
	running.Wait()
}
