package widget

import (
	"math/rand"
	"runtime"
	"slices"
	"testing"
	"time"
)

// percentiles times f once for each of b.N calls and reports the middle and the slow end.
func percentiles(b *testing.B, f func(i int)) {
	b.Helper()
	took := make([]time.Duration, b.N)
	for i := range b.N {
		start := time.Now()
		f(i)
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[min(b.N-1, int(share*float64(b.N)))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

func BenchmarkThreadScroll100k(b *testing.B) {
	th, _ := newTestThread(b, 100_000, 100_000)
	b.ResetTimer()
	percentiles(b, func(int) { wheel(th, 75) })
}

func BenchmarkThreadJump100k(b *testing.B) {
	th, s := newTestThread(b, 100_000, 100_000)
	r := rand.New(rand.NewSource(9))
	b.ResetTimer()
	percentiles(b, func(int) { th.ShowItem(s.all[r.Intn(len(s.all))].ID) })
}

func BenchmarkThreadToEnd100k(b *testing.B) {
	th, s := newTestThread(b, 100_000, 100_000)
	th.ShowItem(s.all[50_000].ID)
	b.ResetTimer()
	percentiles(b, func(int) {
		th.ShowEnd()
	})
}

func BenchmarkThreadPrepend200(b *testing.B) {
	_, s := newTestThread(b, 100_000, 300)
	b.ResetTimer()
	percentiles(b, func(int) {
		if s.lo < 200 {
			s.lo = len(s.all) - 300
		}
		s.prepend(200)
	})
}

// BenchmarkThreadMemory100k reports what the thread itself holds after jumps through
// 100,000 messages.
func BenchmarkThreadMemory100k(b *testing.B) {
	th, s := newTestThread(b, 100_000, 100_000)
	before := heap()
	r := rand.New(rand.NewSource(9))
	for b.Loop() {
		th.ShowItem(s.all[r.Intn(len(s.all))].ID)
	}
	b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
	runtime.KeepAlive(th)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
