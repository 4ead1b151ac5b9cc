package backup

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"
	"testing/iotest"

	"tacit/identity"
	"tacit/storage/vault"
)

var testKey = [32]byte{1, 2, 3}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// body returns the chunks of a file with these records.
func body(t *testing.T, records ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	fill(t, newWriter(&out, testKey), records...)
	return out.Bytes()
}

func fill(t *testing.T, w *Writer, records ...[]byte) {
	t.Helper()
	for _, r := range records {
		if err := w.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// whole returns a file with its header under the passphrase "p".
func whole(t *testing.T, records ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, "p", vault.LeastCost)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, records...)
	return out.Bytes()
}

// readBody returns the records of chunks up to their end or the first error.
func readBody(chunks []byte) ([][]byte, error) {
	r, err := newReader(bytes.NewReader(chunks), testKey)
	if err != nil {
		return nil, err
	}
	return drain(r)
}

func drain(r *Reader) (records [][]byte, err error) {
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return records, err
		}
		records = append(records, record)
	}
}

// samples are records at the ends of their lengths, and content that ends at, before and
// after the end of a chunk.
func samples() map[string][][]byte {
	return map[string][][]byte{
		"none":             nil,
		"one byte":         {{7}},
		"longest":          {random(MaxRecord), {0}, random(MaxRecord)},
		"fills its chunk":  {random(dataSize - lengthSize)},
		"one byte less":    {random(dataSize - lengthSize - 1)},
		"one byte more":    {random(dataSize - lengthSize + 1)},
		"a length is torn": {random(dataSize - lengthSize - 2), []byte("torn")},
		"zeros":            {make([]byte, 100), make([]byte, 100)},
		"many":             slices.Repeat([][]byte{random(1000)}, 1500),
	}
}

func TestRoundTrip(t *testing.T) {
	for name, records := range samples() {
		t.Run(name, func(t *testing.T) {
			chunks := body(t, records...)
			r, err := newReader(iotest.HalfReader(bytes.NewReader(chunks)), testKey)
			if err != nil {
				t.Fatal(err)
			}
			got, err := drain(r)
			if err != nil || !slices.EqualFunc(got, records, bytes.Equal) {
				t.Fatalf("%d records of %d, %v", len(got), len(records), err)
			}
			if _, err := r.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("behind the end: %v", err)
			}
		})
	}
	for _, n := range []int{0, MaxRecord + 1} {
		if err := newWriter(io.Discard, testKey).Add(make([]byte, n)); err == nil {
			t.Errorf("a record of %d bytes was taken", n)
		}
	}
}

// TestLengths: the length is a power of two of chunks, and the same for most people.
func TestLengths(t *testing.T) {
	for content, want := range map[int]int{
		0: 16, 100: 16, 16 * dataSize: 16, 16*dataSize + 1: 32, 32 * dataSize: 32, 33 * dataSize: 64,
	} {
		if got := len(body(t, exactly(content)...)); got != want*sealedSize {
			t.Errorf("content of %d bytes: %d bytes, want %d chunks", content, got, want)
		}
	}
}

// exactly returns records that take n bytes with their lengths.
func exactly(n int) (records [][]byte) {
	for n > 0 {
		size := min(n, MaxRecord) - lengthSize
		if left := n - size - lengthSize; left > 0 && left <= lengthSize {
			size -= lengthSize
		}
		records = append(records, make([]byte, size))
		n -= size + lengthSize
	}
	return records
}

func TestOpens(t *testing.T) {
	records := [][]byte{[]byte("first"), []byte("second")}
	file := whole(t, records...)
	r, err := NewReader(bytes.NewReader(file), "p")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drain(r); err != nil || !slices.EqualFunc(got, records, bytes.Equal) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := NewReader(bytes.NewReader(file), "q"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	// A profile's vault under the same passphrase is no header, whatever it says that it is.
	stolen, err := vault.Wrap("TACITV1\n", testKey, "p", vault.LeastCost)
	if err != nil {
		t.Fatal(err)
	}
	copy(stolen, magic)
	if _, err := NewReader(bytes.NewReader(mend(stolen)), "p"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a vault: %v", err)
	}
	if _, err := NewWriter(io.Discard, "p", vault.Cost{}); !errors.Is(err, vault.ErrCost) {
		t.Errorf("at no cost: %v", err)
	}
}

// TestEarlierVersions: files of all versions before this one are read.
func TestEarlierVersions(t *testing.T) {
	for _, m := range earlier {
		header, err := vault.Wrap(m, testKey, "p", vault.LeastCost)
		if err != nil {
			t.Fatal(err)
		}
		file := bytes.NewBuffer(header)
		w := newWriter(file, testKey)
		if err := errors.Join(w.Add([]byte("record")), w.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(file, "p")
		if err != nil {
			t.Fatalf("%q: %v", m, err)
		}
		if got, err := drain(r); err != nil || len(got) != 1 || string(got[0]) != "record" {
			t.Errorf("%q: %q, %v", m, got, err)
		}
	}
	if want := int(magic[len(family)] - '1'); len(earlier) != want {
		t.Errorf("%d earlier versions are known, of %d", len(earlier), want)
	}
}

// TestHeader alters every byte of the header: nothing opens, and nothing is derived for it.
func TestHeader(t *testing.T) {
	file := whole(t, []byte("record"))
	for at := range headerSize {
		want := ErrDamaged
		if at < len(magic) {
			want = ErrForeign
		}
		altered := bytes.Clone(file)
		altered[at] ^= 0x40
		wantRefusal(t, altered, want)
	}
	for _, n := range []int{0, 3, len(magic) - 1} {
		wantRefusal(t, file[:n], ErrForeign)
	}
	for _, n := range []int{len(magic), headerSize - 1} {
		wantRefusal(t, file[:n], ErrDamaged)
	}
	for version, want := range map[byte]error{'1': ErrDamaged, '2': ErrDamaged, '4': ErrNewer, '9': ErrNewer, '0': ErrForeign, 'x': ErrForeign} {
		altered := bytes.Clone(file)
		altered[len(family)] = version
		wantRefusal(t, altered, want)
	}
	// Who mends the checksum is stopped by the box.
	for _, at := range []int{19, 20, 51, 52, 100, 155} {
		altered := bytes.Clone(file)
		altered[at] ^= 2
		if _, err := NewReader(bytes.NewReader(mend(altered)), "p"); !errors.Is(err, ErrPassphrase) {
			t.Errorf("byte %d altered, checksum mended: %v", at, err)
		}
	}
}

// TestCostIsBound: parameters out of bounds are refused before they are spent.
func TestCostIsBound(t *testing.T) {
	file := whole(t, []byte("record"))
	const timeAt, memoryAt, lanesAt = 8, 12, 16
	for _, c := range []struct {
		at    int
		value uint32
	}{
		{timeAt, 0}, {timeAt, 11}, {timeAt, 1 << 31}, {memoryAt, 64<<10 - 1}, {memoryAt, 1<<20 + 1}, {memoryAt, 1<<32 - 1},
		{lanesAt, 0}, {lanesAt, 17}, {lanesAt, 257},
	} {
		altered := bytes.Clone(file)
		binary.BigEndian.PutUint32(altered[c.at:], c.value)
		wantRefusal(t, mend(altered), ErrDamaged)
	}
}

// wantRefusal expects a file to be refused without the memory of Argon2id.
func wantRefusal(t *testing.T, file []byte, want error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := NewReader(bytes.NewReader(file), "p")
	runtime.ReadMemStats(&after)
	if !errors.Is(err, want) || r != nil {
		t.Errorf("%v, want %v", err, want)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<20 {
		t.Errorf("%v after %d bytes were allocated", err, spent)
	}
}

func mend(file []byte) []byte {
	const checksumAt = headerSize - sha256.Size
	sum := sha256.Sum256(file[:checksumAt])
	copy(file[checksumAt:], sum[:])
	return file
}

// TestDamaged: cut anywhere, longer, in another order or altered, a file gives no more
// than its first records and says that it is damaged.
func TestDamaged(t *testing.T) {
	records := exactly(3 * dataSize / 2)
	for i := range records {
		rand.Read(records[i])
	}
	good := body(t, records...)
	long := body(t, append(slices.Concat(records, exactly(29*dataSize/2)), []byte("beyond"))...) // its first 16 chunks end with a record
	chunk := func(of []byte, i int) []byte { return of[i*sealedSize : (i+1)*sealedSize] }
	replaced := func(i int, with []byte) []byte {
		b := bytes.Clone(good)
		copy(chunk(b, i), with)
		return b
	}
	n := len(good) / sealedSize
	cases := map[string][]byte{
		"nothing":             {},
		"torn in the middle":  good[:n/2*sealedSize+1000],
		"without its end":     good[:len(good)-1],
		"without last chunk":  good[:len(good)-sealedSize],
		"without first chunk": good[sealedSize:],
		"first chunk alone":   good[:sealedSize],
		"one byte more":       append(bytes.Clone(good), 0),
		"one chunk more":      append(bytes.Clone(good), chunk(good, n-1)...),
		"twice":               append(bytes.Clone(good), good...),
		"chunk said twice":    replaced(1, chunk(good, 0)),
		"end where it is not": replaced(5, chunk(good, n-1)),
		"no end at the end":   replaced(n-1, chunk(good, n-2)),
		"cut at a power":      long[:n*sealedSize],
		"in another order":    slices.Concat(chunk(good, 1), chunk(good, 0), good[2*sealedSize:]),
		"padding reordered":   slices.Concat(good[:5*sealedSize], chunk(good, 6), chunk(good, 5), good[7*sealedSize:]),
	}
	for _, at := range []int{0, 30, 60, 1000, sealedSize - 1, sealedSize, len(good) - 1} {
		altered := bytes.Clone(good)
		altered[at] ^= 1
		cases["altered at "+string(rune('0'+at%10))+", chunk "+string(rune('0'+at/sealedSize))] = altered
	}
	for name, file := range cases {
		if got, err := readBody(file); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		} else if n := min(len(got), len(records)); !slices.EqualFunc(got[:n], records[:n], bytes.Equal) {
			t.Errorf("%s: other records", name)
		}
	}
}

// TestSpliced: a chunk of another backup of the same content under the same passphrase does not fit.
func TestSpliced(t *testing.T) {
	a, b := whole(t, []byte("record")), whole(t, []byte("record"))
	r, err := NewReader(io.MultiReader(bytes.NewReader(a[:headerSize]), bytes.NewReader(b[headerSize:])), "p")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drain(r); !errors.Is(err, ErrDamaged) || len(got) > 0 {
		t.Errorf("%q, %v", got, err)
	}
}

// TestNothingInCommon: two backups of the same content share the magic, the cost, and no more.
func TestNothingInCommon(t *testing.T) {
	records := [][]byte{make([]byte, 1000), []byte("record")}
	a, b := whole(t, records...), whole(t, records...)
	const common, window = 20, 8 // magic 8, cost 12
	if !bytes.Equal(a[:common], b[:common]) || len(a) != len(b) {
		t.Fatal("magic, cost and length say something")
	}
	seen := map[[window]byte]bool{}
	for i := common; i+window <= len(a); i++ {
		seen[[window]byte(a[i:])] = true
	}
	for i := common; i+window <= len(b); i++ {
		if seen[[window]byte(b[i:])] {
			t.Fatalf("eight bytes at %d stand in both", i)
		}
	}
	if bytes.Contains(a, records[1]) {
		t.Error("a record is readable")
	}
}

// TestPaddingHasOneForm: chunks that somebody with the key made otherwise are refused.
func TestPaddingHasOneForm(t *testing.T) {
	good := opened(t, body(t, random(100)))
	change := func(f func(c [][]byte) [][]byte) []byte {
		c := make([][]byte, len(good))
		for i := range good {
			c[i] = bytes.Clone(good[i])
		}
		return resealed(f(c))
	}
	if _, err := readBody(change(func(c [][]byte) [][]byte { return c })); err != nil {
		t.Fatalf("as it was: %v", err)
	}
	for name, file := range map[string][]byte{
		"not zero":        change(func(c [][]byte) [][]byte { c[0][dataAt+104] = 1; return c }),
		"not zero behind": change(func(c [][]byte) [][]byte { c[9][chunkSize-1] = 1; return c }),
		"more than fits":  change(func(c [][]byte) [][]byte { binary.BigEndian.PutUint32(c[0], dataSize+1); return c }),
		"a hole":          change(func(c [][]byte) [][]byte { c[2], c[1] = c[0], c[2]; return c }),
		"fifteen":         change(func(c [][]byte) [][]byte { return c[:15] }),
		"thirty-two":      change(func(c [][]byte) [][]byte { return append(c, c[1:]...)[:len(c)+15] }),
		"record too long": framed(t, MaxRecord+1, MaxRecord+1),
		"record of none":  framed(t, 0, 0),
		"record cut off":  framed(t, 101, 100),
		"record missing":  framed(t, 101, 0),
		"length cut off":  change(func(c [][]byte) [][]byte { clear(c[0][dataAt+2:]); binary.BigEndian.PutUint32(c[0], 2); return c }),
	} {
		if _, err := readBody(file); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// framed returns a body of one record that claims a length and has another.
func framed(t *testing.T, claimed uint32, length int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := newWriter(&out, testKey)
	content := append(binary.BigEndian.AppendUint32(nil, claimed), make([]byte, length)...)
	if err := errors.Join(w.write(content), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// opened returns the chunks of a body before they were sealed.
func opened(t *testing.T, chunks []byte) (plain [][]byte) {
	t.Helper()
	n := len(chunks) / sealedSize
	for i := range n {
		c, err := identity.Open(chunkKey(testKey), chunks[i*sealedSize:(i+1)*sealedSize], associated(uint64(i), i == n-1))
		if err != nil {
			t.Fatal(err)
		}
		plain = append(plain, c)
	}
	return plain
}

// resealed reverses opened.
func resealed(plain [][]byte) (chunks []byte) {
	for i, c := range plain {
		chunks = append(chunks, identity.Seal(chunkKey(testKey), c, associated(uint64(i), i == len(plain)-1))...)
	}
	return chunks
}

// TestErrorsOfTheFile come through as they are, and stay.
func TestErrorsOfTheFile(t *testing.T) {
	broken := errors.New("broken")
	file := whole(t, []byte("record"))
	if _, err := NewReader(iotest.ErrReader(broken), "p"); !errors.Is(err, broken) {
		t.Errorf("in the header: %v", err)
	}
	if _, err := NewReader(io.MultiReader(bytes.NewReader(file[:headerSize+1]), iotest.ErrReader(broken)), "p"); !errors.Is(err, broken) {
		t.Errorf("in the first chunk: %v", err)
	}
	r, err := newReader(io.MultiReader(bytes.NewReader(body(t, []byte("r"))[:2*sealedSize]), iotest.ErrReader(broken)), testKey)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := drain(r); !errors.Is(err, broken) {
			t.Errorf("later: %v", err)
		}
	}
	for after := range 2 {
		if _, err := NewWriter(&failing{after: after}, "p", vault.LeastCost); (err == nil) != (after > 0) {
			t.Errorf("the header is refused: %v", err)
		}
	}
	if err := newWriter(&failing{after: 3}, testKey).Close(); err == nil {
		t.Error("the end was not written, and nobody was told")
	}
	w := newWriter(&failing{}, testKey)
	if err := errors.Join(w.Add(make([]byte, MaxRecord)), w.Add(make([]byte, MaxRecord))); err == nil {
		t.Error("a chunk was not written, and nobody was told")
	}
}

// failing takes that many writes.
type failing struct{ after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}
