package envelope

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tacit/identity"
)

// newFile describes data, and returns its chunks.
func newFile(t testing.TB, data []byte) (File, [][]byte) {
	t.Helper()
	var tree Tree
	var chunks [][]byte
	for rest := data; len(chunks) == 0 || len(rest) > 0; {
		n := min(len(rest), FileChunk)
		chunks = append(chunks, rest[:n])
		next, err := tree.Add(rest[:n])
		if err != nil {
			t.Fatal(err)
		}
		tree, rest = next, rest[n:]
	}
	f, err := NewFile(int64(len(data)), tree.Sum())
	if err != nil {
		t.Fatal(err)
	}
	if f.Chunks() != uint32(len(chunks)) {
		t.Fatalf("%d bytes have %d chunks, not %d", len(data), f.Chunks(), len(chunks))
	}
	return f, chunks
}

// sealFile returns every cell of a file, padding included.
func sealFile(t testing.TB, f File, chunks [][]byte) [][]byte {
	t.Helper()
	var cells [][]byte
	for i := range f.Cells() {
		var chunk []byte
		if i < f.Chunks() {
			chunk = chunks[i]
		}
		cell, err := f.SealCell(RandomToken(), i, chunk)
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, cell)
	}
	return cells
}

func randomBytes(n int, seed byte) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func TestFileCells(t *testing.T) {
	if FileChunk != 65428 || Cost(FileCell) != 16 {
		t.Errorf("a chunk has %d bytes, a cell costs %d", FileChunk, Cost(FileCell))
	}
	for n, want := range map[int]int{
		0: 1, 1: 1, FileChunk - 1: 1, FileChunk: 1, FileChunk + 1: 2, 2 * FileChunk: 2, 8*FileChunk + 1: 10,
	} {
		data := randomBytes(n, 1)
		f, chunks := newFile(t, data)
		cells := sealFile(t, f, chunks)
		if len(cells) != want {
			t.Errorf("%d bytes have %d cells, want %d", n, len(cells), want)
		}
		got := make([][]byte, len(cells))
		for _, at := range rand.Perm(len(cells)) {
			if len(cells[at]) != FileCell {
				t.Fatalf("a cell of %d bytes", len(cells[at]))
			}
			i, chunk, err := f.OpenCell(cells[at])
			if err != nil || int(i) != at {
				t.Fatalf("cell %d of %d bytes: %d, %v", at, n, i, err)
			}
			got[i] = chunk
		}
		if !bytes.Equal(slices.Concat(got...), data) {
			t.Errorf("%d bytes come back changed", n)
		}
		if again, _ := newFile(t, slices.Concat(got...)); again.Tree != f.Tree {
			t.Errorf("%d bytes come back with another tree", n)
		}
	}
	if a, b := randomFile(t), randomFile(t); a.Key == b.Key || a.ID == b.ID {
		t.Error("keys or names of files repeat")
	}
}

func randomFile(t testing.TB) File {
	f, _ := newFile(t, []byte("hello"))
	return f
}

func TestFileCellIsFromThisPlace(t *testing.T) {
	f, chunks := newFile(t, randomBytes(8*FileChunk+100, 2))
	cells := sealFile(t, f, chunks) // 9 chunks, 1 of padding
	other, _ := newFile(t, randomBytes(8*FileChunk+100, 2))
	same := f
	same.ID = other.ID
	longer, shorter := f, f
	longer.Length += FileChunk
	shorter.Length -= 101
	unbounded := f
	unbounded.Length = MaxFile + 1
	grown := f
	grown.Length += 3 * FileChunk
	beyond, err := grown.SealCell(Token{}, 10, make([]byte, FileChunk))
	if err != nil {
		t.Fatal(err)
	}
	alter := func(i, at int) []byte {
		b := bytes.Clone(cells[i])
		b[at] ^= 1
		return b
	}
	for name, c := range map[string]struct {
		f    File
		cell []byte
	}{
		"nothing":                       {f, nil},
		"a byte short":                  {f, cells[0][:FileCell-1]},
		"a byte long":                   {f, append(bytes.Clone(cells[0]), 0)},
		"another index":                 {f, alter(0, fileBox-1)},
		"a swapped cell":                {f, slices.Concat(cells[0][:fileBox], cells[1][fileBox:])},
		"an index far beyond":           {f, alter(8, fileIndex)},
		"the first index beyond":        {f, beyond},
		"another file's":                {other, cells[0]},
		"another file's, same key":      {same, cells[0]},
		"another file's, name replaced": {same, slices.Concat(cells[0][:fileID], same.ID[:], cells[0][fileIndex:])},
		"an altered name":               {f, alter(0, fileID)},
		"an altered nonce":              {f, alter(0, fileBox)},
		"an altered commitment":         {f, alter(0, fileBox+24)},
		"an altered chunk":              {f, alter(0, 1000)},
		"an altered tag":                {f, alter(0, FileCell-1)},
		"altered padding":               {f, alter(9, 1000)},
		"a chunk as padding":            {shorter, cells[8]},
		"a length that is refused":      {unbounded, cells[0]},
	} {
		if _, chunk, err := c.f.OpenCell(c.cell); err != ErrMalformed || chunk != nil {
			t.Errorf("%s: %d bytes, %v", name, len(chunk), err)
		}
	}
	if _, _, err := f.OpenCell(alter(0, 0)); err != nil {
		t.Errorf("another token: %v", err)
	}
	if _, chunk, err := longer.OpenCell(cells[0]); err != nil || len(chunk) != FileChunk {
		t.Errorf("the base of the lengths: %v", err)
	}
}

// A padding cell that is not all zeros says that the sender is not what we know.
func TestFileFillIsZeros(t *testing.T) {
	f, chunks := newFile(t, randomBytes(FileChunk+10, 3))
	lying := f
	lying.Length++
	cell, err := lying.SealCell(Token{}, 1, append(bytes.Clone(chunks[1]), 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.OpenCell(cell); err != ErrMalformed {
		t.Errorf("a byte after the end: %v", err)
	}
}

func TestSealCellIsStrict(t *testing.T) {
	f, chunks := newFile(t, randomBytes(8*FileChunk+100, 4))
	unbounded := f
	unbounded.Length = MaxFile + 1
	negative := f
	negative.Length = -1
	for name, c := range map[string]struct {
		f     File
		i     uint32
		chunk []byte
	}{
		"a short chunk":          {f, 0, chunks[0][1:]},
		"a long last chunk":      {f, 8, chunks[0]},
		"padding with content":   {f, 9, chunks[8]},
		"a cell beyond the last": {f, 10, nil},
		"a file too long":        {unbounded, 0, chunks[0]},
		"a negative length":      {negative, 0, nil},
	} {
		if _, err := c.f.SealCell(Token{}, c.i, c.chunk); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, n := range []int64{-1, MaxFile + 1} {
		if _, err := NewFile(n, [32]byte{}); err != ErrTooLong {
			t.Errorf("a file of %d bytes: %v", n, err)
		}
	}
}

// TestLongestFile does the arithmetic of 2 GiB without the data.
func TestLongestFile(t *testing.T) {
	f, err := NewFile(MaxFile, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Chunks() != 32823 || f.Cells() != 34816 {
		t.Errorf("%d chunks, %d cells", f.Chunks(), f.Cells())
	}
	var total int64
	for i := range f.Cells() {
		total += int64(f.ChunkSize(i))
	}
	if total != MaxFile || f.ChunkSize(32822) != 5832 || f.ChunkSize(32823) != 0 || f.ChunkSize(1<<32-1) != 0 {
		t.Errorf("the chunks have %d bytes, the last %d", total, f.ChunkSize(32822))
	}
	last := randomBytes(5832, 5)
	cell, err := f.SealCell(Token{}, 32822, last)
	if err != nil {
		t.Fatal(err)
	}
	if i, chunk, err := f.OpenCell(cell); err != nil || i != 32822 || !bytes.Equal(chunk, last) {
		t.Errorf("the last chunk: %d, %v", i, err)
	}
}

func TestPadme(t *testing.T) {
	for n, want := range map[uint32]uint32{
		0: 0, 1: 1, 2: 2, 3: 3, 7: 7, 8: 8, 9: 10, 11: 12, 15: 16, 17: 18, 33: 36, 100: 104, 1000: 1024, 32823: 34816,
	} {
		if got := padme(n); got != want {
			t.Errorf("%d is rounded to %d, want %d", n, got, want)
		}
	}
	values := map[uint32]bool{}
	for n := uint32(1); n < 40000; n++ {
		got := padme(n)
		if got < n || (got-n)*100 > 12*n || padme(got) != got {
			t.Fatalf("%d is rounded to %d", n, got)
		}
		values[got] = true
	}
	if len(values) > 200 {
		t.Errorf("%d different numbers of cells", len(values))
	}
}

// TestTree compares with the definition of RFC 6962, written as it stands there.
func TestTree(t *testing.T) {
	var define func(chunks [][]byte) [32]byte
	define = func(chunks [][]byte) [32]byte {
		if len(chunks) == 1 {
			return sha256.Sum256(append([]byte{0}, chunks[0]...))
		}
		k := 1
		for 2*k < len(chunks) {
			k *= 2
		}
		left, right := define(chunks[:k]), define(chunks[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
	var tree Tree
	if sum := tree.Sum(); hex.EncodeToString(sum[:4]) != "e3b0c442" {
		t.Errorf("no chunk: %x", sum)
	}
	var chunks [][]byte
	seen := map[[32]byte]bool{}
	for i := range 130 {
		chunk := []byte{byte(i % 3)}
		next, err := tree.Add(chunk)
		if err != nil {
			t.Fatal(err)
		}
		chunks, tree = append(chunks, chunk), next
		if tree.Sum() != define(chunks) {
			t.Fatalf("%d chunks: not the tree hash of RFC 6962", i+1)
		}
		seen[tree.Sum()] = true
	}
	if len(seen) != 130 {
		t.Error("trees of different chunks are equal")
	}
	// A chunk that reads like a node is not one.
	a, b := sha256.Sum256([]byte{0, 'a'}), sha256.Sum256([]byte{0, 'b'})
	two, _ := Tree{}.Add([]byte("a"))
	two, _ = two.Add([]byte("b"))
	one, _ := Tree{}.Add(slices.Concat(a[:], b[:]))
	if one.Sum() == two.Sum() {
		t.Error("a chunk passes for two")
	}
}

func TestTreeIsBounded(t *testing.T) {
	var tree Tree
	for range 1<<16 - 1 {
		next, err := tree.Add(nil)
		if err != nil {
			t.Fatal(err)
		}
		tree = next
	}
	if next, err := tree.Add(nil); err != ErrTooLong || next != tree {
		t.Errorf("chunk 65536: %v", err)
	}
}

func TestFileDescriptorIsStrict(t *testing.T) {
	good := randomFile(t)
	encoded := good.Marshal()
	if got, err := UnmarshalFile(encoded); err != nil || got != good {
		t.Fatalf("the descriptor itself: %v", err)
	}
	for n := range encoded {
		if _, err := UnmarshalFile(encoded[:n]); err != ErrMalformed {
			t.Fatalf("%d of %d bytes: %v", n, len(encoded), err)
		}
	}
	fields := func(change func(map[int]any)) []byte {
		m := map[int]any{1: good.Key[:], 2: good.ID[:], 3: 5, 4: good.Tree[:]}
		change(m)
		return must(grantEncoding.Marshal(m))
	}
	if !bytes.Equal(fields(func(map[int]any) {}), encoded) {
		t.Fatal("the base is not the descriptor")
	}
	for _, n := range []uint64{0, MaxFile} {
		if f, err := UnmarshalFile(fields(func(m map[int]any) { m[3] = n })); err != nil || f.Length != int64(n) {
			t.Errorf("length %d: %v", n, err)
		}
	}
	for name, b := range map[string][]byte{
		"a trailing byte":    append(bytes.Clone(encoded), 0),
		"no key":             fields(func(m map[int]any) { delete(m, 1) }),
		"a short key":        fields(func(m map[int]any) { m[1] = good.Key[:31] }),
		"a long name":        fields(func(m map[int]any) { m[2] = make([]byte, 17) }),
		"no length":          fields(func(m map[int]any) { delete(m, 3) }),
		"a negative length":  fields(func(m map[int]any) { m[3] = -1 }),
		"too long":           fields(func(m map[int]any) { m[3] = MaxFile + 1 }),
		"far too long":       fields(func(m map[int]any) { m[3] = uint64(1<<64 - 1) }),
		"a short tree":       fields(func(m map[int]any) { m[4] = good.Tree[:31] }),
		"an unknown field":   fields(func(m map[int]any) { m[5] = 1 }),
		"a field twice":      append(append([]byte{0xa5}, encoded[1:]...), 3, 5),
		"number spelt wider": bytes.Replace(encoded, []byte{3, 5, 4}, []byte{3, 0x18, 5, 4}, 1),
		"a tag":              append([]byte{0xc1}, encoded...),
		"indefinite length":  append(append([]byte{0xbf}, encoded[1:]...), 0xff),
	} {
		if _, err := UnmarshalFile(b); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFileCellsAnyLength(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		length := rapid.Int64Range(0, MaxFile).Draw(rt, "length")
		f, err := NewFile(length, [32]byte{})
		if err != nil {
			rt.Fatal(err)
		}
		chunks, cells := f.Chunks(), f.Cells()
		if cells < chunks || f.ChunkSize(chunks) != 0 || chunks > 1 && f.ChunkSize(chunks-1) == 0 ||
			int64(chunks-1)*FileChunk+int64(f.ChunkSize(chunks-1)) != length {
			rt.Errorf("%d bytes: %d chunks in %d cells", length, chunks, cells)
		}
	})
}

func BenchmarkFileCell(b *testing.B) {
	f, chunks := newFile(b, randomBytes(FileChunk, 7))
	b.SetBytes(FileChunk)
	b.ReportAllocs()
	for b.Loop() {
		cell, err := f.SealCell(Token{}, 0, chunks[0])
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := f.OpenCell(cell); err != nil {
			b.Fatal(err)
		}
	}
}

// The overhead of a cell is what the layout leaves.
var _ = [1]struct{}{}[FileCell-(TokenSize+16+4+identity.Overhead+FileChunk)]

// TestCellsIntoBuffers: cells are sealed and opened behind what stands in a buffer, which
// is neither touched nor replaced where it has the room.
func TestCellsIntoBuffers(t *testing.T) {
	f, chunks := newFile(t, randomBytes(2*FileChunk+5, 3))
	cells, opened := make([]byte, 1, 1+4*FileCell), make([]byte, 1, 1+4*FileChunk)
	cells[0], opened[0] = 7, 8
	firstCell, firstChunk := &cells[0], &opened[0]
	var err error
	for i, chunk := range chunks {
		if cells, err = f.AppendCell(cells, RandomToken(), uint32(i), chunk); err != nil {
			t.Fatal(err)
		}
		cell := cells[len(cells)-FileCell:]
		var n uint32
		if n, opened, err = f.AppendChunk(opened, cell); err != nil || n != uint32(i) {
			t.Fatalf("cell %d is %d: %v", i, n, err)
		}
		if !bytes.HasSuffix(opened, chunk) {
			t.Errorf("chunk %d is another", i)
		}
		if _, alone, err := f.OpenCell(cell); err != nil || !bytes.Equal(alone, chunk) {
			t.Errorf("chunk %d alone: %v", i, err)
		}
	}
	if len(cells) != 1+3*FileCell || len(opened) != 1+int(f.Length) || !bytes.Equal(opened[1:], slices.Concat(chunks...)) {
		t.Errorf("%d bytes of cells, %d of chunks", len(cells), len(opened))
	}
	if &cells[0] != firstCell || &opened[0] != firstChunk || cells[0] != 7 || opened[0] != 8 {
		t.Error("a buffer with room was replaced, or changed")
	}
	cells[len(cells)-1] ^= 1
	if _, grown, err := f.AppendChunk(opened, cells[len(cells)-FileCell:]); err != ErrMalformed || grown != nil {
		t.Errorf("an altered cell: %d bytes, %v", len(grown), err)
	}
	if grown, err := f.AppendCell(cells, RandomToken(), 0, chunks[2]); err != ErrMalformed || grown != nil {
		t.Errorf("a short chunk in the middle: %d bytes, %v", len(grown), err)
	}
}
