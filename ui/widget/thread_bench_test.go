package widget

import (
	"image"
	"math/rand"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// percentiles times f once for each of b.N calls and reports the middle and the slow end,
// by the clock and by the processor.
func percentiles(b *testing.B, f func(i int)) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took, worked := make([]time.Duration, b.N), make([]time.Duration, b.N)
	for i := range b.N {
		start, cpu := time.Now(), cpuTime()
		f(i)
		took[i], worked[i] = time.Since(start), cpuTime()-cpu
	}
	report := func(times []time.Duration, share float64, unit string) {
		slices.Sort(times)
		at := times[min(b.N-1, int(share*float64(b.N)))]
		b.ReportMetric(float64(at.Microseconds())/1000, unit)
	}
	report(took, 0.50, "p50-ms")
	report(took, 0.99, "p99-ms")
	report(worked, 0.99, "p99-cpu-ms")
}

func BenchmarkThreadScroll100k(b *testing.B) {
	th, _ := newTestThread(b, 100_000, 100_000)
	b.ResetTimer()
	percentiles(b, func(int) { wheel(th, 75) })
}

// mixedItems returns n messages of which half have more than text: quotes, reactions,
// files, markdown with links, and every tenth a picture.
func mixedItems(n int) []ThreadItem {
	all := manyItems(n)
	for i := range all {
		m := &all[i]
		switch i % 10 {
		case 1, 6:
			m.Quote = &ThreadQuote{ID: max(1, m.ID-4), Name: "Claire Fontaine", Text: all[max(0, i-2)].Text}
		case 2:
			m.Reactions = []ThreadReaction{{"👍", 2, true}, {"❤️", 1, false}, {"😂", 1, false}}
		case 3:
			m.File = &ThreadFile{Picture: true, Width: 1600, Height: 900 + i%700, Share: -1, Action: FileExport}
		case 4:
			m.Text = "**Second**: see https://example.org/drafts/" + strconv.Itoa(i) + " and `draft.txt`\n> " + m.Text
			m.Edited = true
		case 5:
			m.File = &ThreadFile{Name: "Enquête sur les marchés publics, version relue.pdf", Detail: "3.2 MB, 41 %", Share: 0.41, Action: FilePause}
			m.Timer = ThreadTimer{Total: time.Hour, EndsAt: time.Now().Add(time.Hour)}
		}
	}
	return all
}

// newMixedThread shows the end of n mixed messages. Every picture is there at once.
func newMixedThread(b *testing.B, n int) *Thread {
	th, s := newTestThread(b, 1, 1)
	s.all = mixedItems(n)
	s.lo, s.hi = 0, n
	s.pictures = map[int64]*image.RGBA{}
	photo := photograph(320, 240)
	for i := 3; i < n; i += 10 {
		s.pictures[s.all[i].ID] = photo
	}
	th.Changed()
	th.ShowEnd()
	return th
}

func BenchmarkThreadScrollMixed100k(b *testing.B) {
	th := newMixedThread(b, 100_000)
	b.ResetTimer()
	percentiles(b, func(int) { wheel(th, 75) })
}

// BenchmarkThreadPaintMixed is what the window draws anew for a step of the wheel: the
// text and the pictures that have come into sight.
func BenchmarkThreadPaintMixed(b *testing.B) {
	th := newMixedThread(b, 10_000)
	b.ResetTimer()
	percentiles(b, func(int) {
		before := th.order[0].b.item.ID
		wheel(th, 75)
		for _, r := range th.order {
			if r.b.item.ID >= before {
				break
			}
			r.ink.Generator(round(r.ink.Size().Width), round(r.ink.Size().Height))
			if r.b.chips != nil {
				r.chips.Generator(round(r.chips.Size().Width), round(r.chips.Size().Height))
			}
			if r.pic.of != 0 {
				r.photo.Generator(r.pic.size.X, r.pic.size.Y)
			}
		}
	})
}

func BenchmarkThreadHover(b *testing.B) {
	th := newMixedThread(b, 10_000)
	b.ResetTimer()
	percentiles(b, func(i int) {
		th.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, float32(i*7%600))}})
	})
}

func BenchmarkLayPlainBubble(b *testing.B) {
	newTestThread(b, 1, 1)
	item := ThreadItem{ID: 1, At: threadStart, Own: true, State: ThreadDelivered,
		Text: "مرحباً أحمد، أرسلت لك report-v2.pdf (النسخة الأخيرة) الساعة 10:30. Tell me when you have it!!"}
	b.ReportAllocs()
	for b.Loop() {
		layBubble(item, 440)
	}
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
