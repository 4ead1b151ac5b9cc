package storage_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"strconv"
	"testing"

	"tacit/app"
)

// largest is as many boxes as a file of 2 GiB has.
const largest = 32823

// BenchmarkBlobs makes, writes, reads and removes the largest file in a new profile, 1 MiB
// at a time, in as little memory as a small one. Removing it overwrites it.
func BenchmarkBlobs(b *testing.B) {
	const batch = 16
	ctx := context.Background()
	boxes := make([][]byte, batch)
	for i := range boxes {
		boxes[i] = make([]byte, app.BoxSize)
		rand.Read(boxes[i])
	}
	for b.Loop() {
		s, err := cheap.Create(ctx, b.TempDir(), "p")
		if err != nil {
			b.Fatal(err)
		}
		before := resident(b, "VmRSS:")
		report := func(what string, f func() error) {
			began := b.Elapsed()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(largest*app.BoxSize/1e6/(b.Elapsed()-began).Seconds(), what+"-MB/s")
		}
		var id app.BlobID
		report("create", func() (err error) { id, err = s.CreateBlob(ctx, largest); return err })
		report("write", func() error {
			for i := uint32(0); i < largest; i += batch {
				if err := s.WriteBlob(id, i, boxes[:min(batch, largest-i)]...); err != nil {
					return err
				}
			}
			return s.SyncBlob(ctx, id)
		})
		report("read", func() error {
			box := make([]byte, app.BoxSize)
			for i := range uint32(largest) {
				if err := s.ReadBlob(id, i, box); err != nil || !bytes.Equal(box, boxes[i%batch]) {
					b.Fatal(i, err)
				}
			}
			return nil
		})
		report("remove", func() error {
			if err := s.RemoveBlob(ctx, id); err != nil {
				return err
			}
			return s.Sweep()
		})
		grown := resident(b, "VmHWM:") - before
		if grown > 32<<10 {
			b.Errorf("the memory grew by %d KiB", grown)
		}
		b.ReportMetric(float64(grown), "grown-KiB")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// resident returns a size of the memory of this process, in KiB, and makes its greatest one
// the present one; 0 where the system has no such thing.
func resident(tb testing.TB, what string) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil || os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte(what))
	n, err := strconv.Atoi(string(bytes.Fields(rest)[0]))
	if err != nil {
		tb.Fatal(err)
	}
	return n
}
