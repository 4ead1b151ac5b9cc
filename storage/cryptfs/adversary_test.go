package cryptfs

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"
)

// tear says what a power cut leaves of a write: a part of it, by sectors of 512 bytes, in
// what was there before or, where the drive was writing, noise.
type tear func(old, new []byte) []byte

var tears = []tear{
	func(old, new []byte) []byte { return slices.Concat(new[:cutAt(new)], old[cutAt(new):]) },
	func(old, new []byte) []byte { return slices.Concat(old[:cutAt(new)], new[cutAt(new):]) },
	func(old, new []byte) []byte {
		b := bytes.Clone(new)
		at := cutAt(new)
		copy(b[at:min(at+512, len(b))], old[at:])
		return b
	},
	func(old, new []byte) []byte {
		b := bytes.Clone(new)
		at := cutAt(new)
		rand.Read(b[at:min(at+512, len(b))])
		return b
	},
}

// cutAt is the sector in the middle of a write.
func cutAt(b []byte) int { return len(b) / 2 / 512 * 512 }

// torn returns the disks after a power cut in the middle of the write that failed: one
// for each tear. All writes before it arrived, synced or not. None if no write failed.
func (d *memDisk) torn() (left []*memDisk) {
	for name, f := range d.files {
		if len(f.pending) == 0 {
			continue
		}
		failed := f.pending[len(f.pending)-1]
		if failed.data == nil || bytes.Equal(failed.apply(bytes.Clone(f.data), len(failed.data)), f.data) {
			continue // it was done
		}
		old := make([]byte, len(failed.data))
		if failed.off < int64(len(f.data)) {
			copy(old, f.data[failed.off:])
		}
		for _, tear := range tears {
			next := d.clone()
			part := write{failed.off, tear(old, failed.data)}
			data := part.apply(next.files[name].data, len(part.data))
			next.files[name] = &memFile{disk: next, data: data, durable: bytes.Clone(data)}
			left = append(left, next)
		}
		return left
	}
	return nil
}

// TestTornBlockAtEveryWriteOfACommit: whoever can cut the power does so in the middle of
// each write of three commits and of the checkpoints between them. They want a commit that
// was acknowledged to be lost, or one to be there in part: the cipher makes noise of all of
// a block of which a part is old.
func TestTornBlockAtEveryWriteOfACommit(t *testing.T) {
	const commits = 3
	base := baseDisk(t)
	whole := base.clone()
	if got := commitTo(whole, commits); got != commits {
		t.Fatalf("%d commits without a fault", got)
	}
	writes := 0
	for failAt := range whole.ops {
		disk := base.clone()
		disk.failAt = failAt
		acknowledged := commitTo(disk, commits)
		for _, left := range disk.torn() {
			checkAfterCut(t, left, acknowledged, failAt)
			writes++
		}
	}
	if writes < 20*len(tears) {
		t.Errorf("only %d writes were torn", writes/len(tears))
	}
}
