package envelope

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
	"testing"
	"testing/cryptotest"
	"time"

	"tacit/identity"
	"tacit/identity/vectors"
)

// pattern is the content of vectors: byte j is j mod 251.
func pattern(n int64) []byte {
	b := make([]byte, n)
	for j := range b {
		b[j] = byte(j % 251)
	}
	return b
}

type tokenVector struct {
	Name  string      `json:"name"`
	Seed  vectors.Hex `json:"seed"`
	Index uint32      `json:"index"`
	Token vectors.Hex `json:"token"`
}

type grantVector struct {
	Name     string      `json:"name"`
	Bytes    vectors.Hex `json:"bytes"`
	Result   string      `json:"result"`
	Seed     vectors.Hex `json:"seed,omitempty"`
	Count    uint32      `json:"count,omitempty"`
	NotAfter int64       `json:"not_after,omitempty"`
	LinkKey  vectors.Hex `json:"kb,omitempty"`
	Mailbox  vectors.Hex `json:"mailbox,omitempty"`
	Lot      vectors.Hex `json:"lot,omitempty"`
}

func TestVectorsOfGrants(t *testing.T) {
	g := Grant{Seed: [32]byte(pattern(32)), Count: GrantCount, NotAfter: time.Unix(1_800_000_000, 0), LinkKey: identity.LinkKey{31: 9}}
	var tokens []tokenVector
	for name, i := range map[string]uint32{"the first": 0, "the second": 1, "the last": 255, "the greatest index": 1<<32 - 1} {
		token := g.Token(i)
		tokens = append(tokens, tokenVector{name, g.Seed[:], i, token[:]})
	}
	slices.SortFunc(tokens, func(a, b tokenVector) int { return cmp.Compare(a.Index, b.Index) })
	vectors.Check(t, "token", "13", "token number index of a grant's seed", tokens)

	fields := func(change func(map[int]any)) []byte {
		m := map[int]any{1: g.Seed[:], 2: 256, 3: g.NotAfter.Unix(), 4: g.LinkKey[:], 5: []byte{}}
		change(m)
		return must(grantEncoding.Marshal(m))
	}
	good := fields(func(map[int]any) {})
	lot := pattern(48)[32:]
	var grants []grantVector
	for _, c := range []struct {
		name, result string
		b            []byte
	}{
		{"without a mailbox", "ok", good},
		{"with a mailbox", "ok", fields(func(m map[int]any) { m[5], m[6] = mailbox(t), lot })},
		{"a mailbox without a lot", "malformed", fields(func(m map[int]any) { m[5] = mailbox(t) })},
		{"a lot without a mailbox", "malformed", fields(func(m map[int]any) { m[6] = lot })},
		{"a lot of 15 bytes", "malformed", fields(func(m map[int]any) { m[5], m[6] = mailbox(t), lot[1:] })},
		{"one token, until 1970", "ok", fields(func(m map[int]any) { m[2], m[3] = 1, 0 })},
		{"until the end of the year 9999", "ok", fields(func(m map[int]any) { m[3] = 253402300799 })},
		{"until the year 10000", "malformed", fields(func(m map[int]any) { m[3] = 253402300800 })},
		{"nothing", "malformed", nil},
		{"a byte short", "malformed", good[:len(good)-1]},
		{"a byte long", "malformed", append(slices.Clone(good), 0)},
		{"no seed", "malformed", fields(func(m map[int]any) { delete(m, 1) })},
		{"a seed of 31 bytes", "malformed", fields(func(m map[int]any) { m[1] = g.Seed[:31] })},
		{"no token", "malformed", fields(func(m map[int]any) { m[2] = 0 })},
		{"257 tokens", "malformed", fields(func(m map[int]any) { m[2] = 257 })},
		{"a negative count", "malformed", fields(func(m map[int]any) { m[2] = -1 })},
		{"a time before 1970", "malformed", fields(func(m map[int]any) { m[3] = -1 })},
		{"a time as a text", "malformed", fields(func(m map[int]any) { m[3] = "1" })},
		{"a time as a float", "malformed", fields(func(m map[int]any) { m[3] = 1.5 })},
		{"a key kb of 33 bytes", "malformed", fields(func(m map[int]any) { m[4] = make([]byte, 33) })},
		{"a mailbox that is null", "malformed", fields(func(m map[int]any) { m[5] = nil })},
		{"a mailbox that is no hint", "malformed", fields(func(m map[int]any) { m[5] = []byte("x") })},
		{"a mailbox of an unknown type", "malformed", fields(func(m map[int]any) { b := mailbox(t); b[0] = 4; m[5], m[6] = b, lot })},
		{"a key more", "malformed", fields(func(m map[int]any) { m[7] = 1 })},
		{"a key twice", "malformed", append(append([]byte{0xa6}, good[1:]...), 5, 0x40)},
		{"keys in another order", "malformed", slices.Concat([]byte{0xa5, 2, 0x19, 1, 0, 1, 0x58, 0x20}, g.Seed[:], good[1+3+32+4:])},
		{"a count written longer", "malformed", bytes.Replace(good, []byte{2, 0x19, 1, 0}, []byte{2, 0x1a, 0, 0, 1, 0}, 1)},
		{"indefinite length", "malformed", append(append([]byte{0xbf}, good[1:]...), 0xff)},
		{"a tag", "malformed", append([]byte{0xc1}, good...)},
		{"an array", "malformed", []byte{0x81, 1}},
	} {
		v := grantVector{Name: c.name, Bytes: c.b, Result: c.result}
		g, err := UnmarshalGrant(c.b)
		if (err == nil) != (c.result == "ok") {
			t.Errorf("grant %s: %v", c.name, err)
		}
		if err == nil {
			v.Seed, v.Count, v.NotAfter, v.LinkKey, v.Mailbox = g.Seed[:], g.Count, g.NotAfter.Unix(), g.LinkKey[:], g.Mailbox
			if len(g.Mailbox) > 0 {
				v.Lot = g.Lot[:]
			}
		}
		grants = append(grants, v)
	}
	vectors.Check(t, "grant", "13", "grants", grants)
}

type paddingVector struct {
	Name   string      `json:"name"`
	Length int         `json:"length"`
	Result string      `json:"result"`
	Size   int         `json:"size,omitempty"`
	SHA256 vectors.Hex `json:"sha256,omitempty"`
}

type unpaddingVector struct {
	Name    string      `json:"name"`
	Size    int         `json:"size"`
	Head    vectors.Hex `json:"head"`
	Tail    vectors.Hex `json:"tail,omitempty"`
	Result  string      `json:"result"`
	Content vectors.Hex `json:"content,omitempty"`
}

// padded is what the case describes.
func (v unpaddingVector) padded() []byte {
	b := make([]byte, v.Size)
	copy(b, v.Head)
	copy(b[v.Size-len(v.Tail):], v.Tail)
	return b
}

func TestVectorsOfPadding(t *testing.T) {
	var padding []paddingVector
	for _, n := range []int{0, 1, 1587, 1588, 1589, 13875, 13876, 13877} {
		v := paddingVector{Name: strconv.Itoa(n) + " bytes", Length: n, Result: "ok"}
		padded, err := Pad(pattern(int64(n)))
		if err != nil {
			v.Result = "too long"
		} else {
			sum := sha256.Sum256(padded)
			v.Size, v.SHA256 = len(padded), sum[:]
		}
		padding = append(padding, v)
	}
	vectors.Check(t, "padding", "11", "a content of length pattern bytes, padded", padding)

	cases := []unpaddingVector{
		{Name: "hello", Size: 1592, Head: vectors.Hex("\x00\x00\x00\x05hello"), Result: "ok"},
		{Name: "nothing", Size: 1592, Head: vectors.Hex{}, Result: "ok"},
		{Name: "zeros to the end", Size: 1592, Head: vectors.Hex{0, 0, 0x06, 0x34}, Result: "ok"},
		{Name: "the last byte is the content's", Size: 1592, Head: vectors.Hex{0, 0, 0x06, 0x34}, Tail: vectors.Hex{1}, Result: "ok"},
		{Name: "the shortest of the large class", Size: 13880, Head: vectors.Hex{0, 0, 0x06, 0x35}, Result: "ok"},
		{Name: "the longest", Size: 13880, Head: vectors.Hex{0, 0, 0x36, 0x34}, Tail: vectors.Hex{1}, Result: "ok"},
		{Name: "a fill that is not zeros", Size: 1592, Head: vectors.Hex("\x00\x00\x00\x05hello"), Tail: vectors.Hex{1}, Result: "malformed"},
		{Name: "a fill that begins with 1", Size: 1592, Head: vectors.Hex("\x00\x00\x00\x04hello"), Result: "malformed"},
		{Name: "longer than the class", Size: 1592, Head: vectors.Hex{0, 0, 0x06, 0x35}, Result: "malformed"},
		{Name: "far longer than the class", Size: 1592, Head: vectors.Hex{0xff, 0xff, 0xff, 0xff}, Result: "malformed"},
		{Name: "in the large class without need", Size: 13880, Head: vectors.Hex{0, 0, 0x06, 0x34}, Result: "malformed"},
		{Name: "longer than the large class", Size: 13880, Head: vectors.Hex{0, 0, 0x36, 0x35}, Result: "malformed"},
		{Name: "no class", Size: 1593, Head: vectors.Hex("\x00\x00\x00\x05hello"), Result: "malformed"},
		{Name: "of no size", Size: 0, Head: vectors.Hex{}, Result: "malformed"},
	}
	for i, v := range cases {
		content, err := Unpad(v.padded())
		if (err == nil) != (v.Result == "ok") {
			t.Errorf("padding %s: %v", v.Name, err)
		}
		if len(content) < 100 {
			cases[i].Content = content // a longer one is what stands behind the length
		}
	}
	vectors.Check(t, "unpadding", "11", "padded contents: head, zeros, tail. content is left out where it is long", cases)
}

type descriptorVector struct {
	Name   string      `json:"name"`
	Bytes  vectors.Hex `json:"bytes"`
	Result string      `json:"result"`
	Key    vectors.Hex `json:"key,omitempty"`
	ID     vectors.Hex `json:"id,omitempty"`
	Length int64       `json:"length,omitempty"`
	Tree   vectors.Hex `json:"tree,omitempty"`
}

type layoutVector struct {
	Name   string `json:"name"`
	Length int64  `json:"length"`
	Chunks uint32 `json:"chunks"`
	Cells  uint32 `json:"cells"`
	Last   int    `json:"last"`
}

type treeVector struct {
	Name   string      `json:"name"`
	Length int64       `json:"length"`
	Tree   vectors.Hex `json:"tree"`
}

type fileCellVector struct {
	Name       string      `json:"name"`
	Descriptor vectors.Hex `json:"descriptor"`
	Result     string      `json:"result"`
	Index      uint32      `json:"index,omitempty"`
	Token      vectors.Hex `json:"token,omitempty"`
	Nonce      vectors.Hex `json:"nonce,omitempty"`
	SHA256     vectors.Hex `json:"sha256,omitempty"`
	Cell       vectors.Hex `json:"cell,omitempty"`
	Of         string      `json:"of,omitempty"`
	Cut        int         `json:"cut,omitempty"`
	Add        vectors.Hex `json:"add,omitempty"`
	Alter      [][2]int    `json:"alter,omitempty"`
}

// vectorFileOf describes pattern bytes under a fixed key and name.
func vectorFileOf(t *testing.T, length int64) File {
	t.Helper()
	f, _ := newFile(t, pattern(length))
	copy(f.Key[:], pattern(32))
	copy(f.ID[:], pattern(100)[64:])
	return f
}

func TestVectorsOfFiles(t *testing.T) {
	var layouts []layoutVector
	for _, n := range []int64{
		0, 1, 65427, 65428, 65429, 2 * 65428, 8 * 65428, 8*65428 + 1, 64*65428 + 1, 1 << 22, 1<<31 - 1, 1 << 31,
	} {
		f := File{Length: n}
		layouts = append(layouts, layoutVector{strconv.FormatInt(n, 10) + " bytes", n, f.Chunks(), f.Cells(), f.ChunkSize(f.Chunks() - 1)})
	}
	vectors.Check(t, "file_layout", "20", "how many chunks and cells a file of length bytes has, and the bytes of its last chunk", layouts)
	var trees []treeVector
	for _, n := range []int64{0, 1, 65428, 65429, 2 * 65428, 3 * 65428, 5*65428 + 17, 8 * 65428, 13*65428 + 1} {
		tree := vectorFileOf(t, n).Tree
		trees = append(trees, treeVector{strconv.FormatInt(n, 10) + " bytes", n, tree[:]})
	}
	vectors.Check(t, "file_tree", "20", "tree hash of a file of length pattern bytes", trees)
	vectors.Check(t, "file_descriptor", "20", "descriptors of files", descriptorVectors(t))
	vectors.Check(t, "file_cell", "20", "cells of files of pattern bytes", fileCellVectors(t))
}

func descriptorVectors(t *testing.T) []descriptorVector {
	f := vectorFileOf(t, 5)
	fields := func(change func(map[int]any)) []byte {
		m := map[int]any{1: f.Key[:], 2: f.ID[:], 3: 5, 4: f.Tree[:]}
		change(m)
		return must(grantEncoding.Marshal(m))
	}
	good := f.Marshal()
	var cases []descriptorVector
	for _, c := range []struct {
		name, result string
		b            []byte
	}{
		{"5 bytes", "ok", good},
		{"no byte", "ok", fields(func(m map[int]any) { m[3] = 0 })},
		{"2^31 bytes", "ok", fields(func(m map[int]any) { m[3] = 1 << 31 })},
		{"2^31 + 1 bytes", "malformed", fields(func(m map[int]any) { m[3] = 1<<31 + 1 })},
		{"2^64 - 1 bytes", "malformed", fields(func(m map[int]any) { m[3] = uint64(1<<64 - 1) })},
		{"a negative length", "malformed", fields(func(m map[int]any) { m[3] = -1 })},
		{"a key of 31 bytes", "malformed", fields(func(m map[int]any) { m[1] = f.Key[:31] })},
		{"an id of 17 bytes", "malformed", fields(func(m map[int]any) { m[2] = make([]byte, 17) })},
		{"no tree", "malformed", fields(func(m map[int]any) { delete(m, 4) })},
		{"a key more", "malformed", fields(func(m map[int]any) { m[5] = 1 })},
		{"a length written longer", "malformed", bytes.Replace(good, []byte{3, 5, 4}, []byte{3, 0x18, 5, 4}, 1)},
		{"a byte short", "malformed", good[:len(good)-1]},
		{"a byte long", "malformed", append(slices.Clone(good), 0)},
	} {
		v := descriptorVector{Name: c.name, Bytes: c.b, Result: c.result}
		f, err := UnmarshalFile(c.b)
		if (err == nil) != (c.result == "ok") {
			t.Errorf("descriptor %s: %v", c.name, err)
		}
		if err == nil {
			v.Key, v.ID, v.Length, v.Tree = f.Key[:], f.ID[:], f.Length, f.Tree[:]
		}
		cases = append(cases, v)
	}
	return cases
}

// fileCellVectors holds one whole cell; the others follow from their nonce, and are compared by their hash.
func fileCellVectors(t *testing.T) []fileCellVector {
	long, short, empty := vectorFileOf(t, 8*FileChunk+100), vectorFileOf(t, 100), vectorFileOf(t, 0)
	var cases []fileCellVector
	cells := map[string][]byte{}
	seal := func(name string, f File, i uint32, whole bool) {
		cryptotest.SetGlobalRandom(t, uint64(3000+len(cases)))
		token := RandomToken()
		offset := min(int64(i)*FileChunk, f.Length)
		cell, err := f.SealCell(token, i, pattern(f.Length)[offset:offset+int64(f.ChunkSize(i))])
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(cell)
		v := fileCellVector{
			Name: name, Descriptor: f.Marshal(), Result: "ok", Index: i, Token: token[:], Nonce: cell[fileBox : fileBox+24], SHA256: sum[:],
		}
		if whole {
			v.Cell = cell
		}
		cells[name] = cell
		cases = append(cases, v)
	}
	refuse := func(name string, f File, v fileCellVector) {
		v.Name, v.Descriptor, v.Result = name, f.Marshal(), "refused"
		if _, _, err := f.OpenCell(v.apply(cells[v.Of])); err != ErrMalformed {
			t.Errorf("file cell %s: %v", name, err)
		}
		cases = append(cases, v)
	}
	seal("the first", long, 0, false)
	seal("a full one", long, 7, false)
	seal("the last chunk", long, 8, false)
	seal("padding", long, 9, false)
	seal("the only one", short, 0, true)
	seal("of an empty file", empty, 0, false)
	other := long
	other.ID[0] ^= 1
	cut := short
	cut.Length--
	for _, at := range []int{16, 31, 32, 35, 36, 60, 92, 65535} {
		refuse("byte "+strconv.Itoa(at)+" altered", short, fileCellVector{Of: "the only one", Alter: [][2]int{{at, 1}}})
	}
	refuse("another index", long, fileCellVector{Of: "the first", Alter: [][2]int{{35, 1}}})
	refuse("of another file", empty, fileCellVector{Of: "the last chunk"})
	refuse("of another file with the same key, under its id", other, fileCellVector{Of: "the first", Alter: [][2]int{{16, 1}}})
	refuse("a byte after the end of the file", cut, fileCellVector{Of: "the only one"})
	refuse("a byte short", short, fileCellVector{Of: "the only one", Cut: 1})
	refuse("a byte long", short, fileCellVector{Of: "the only one", Add: vectors.Hex{0}})
	refuse("an index that is not below the number of cells", short, fileCellVector{Of: "the last chunk"})
	return cases
}

// apply does to a cell what the case says.
func (v fileCellVector) apply(cell []byte) []byte {
	b := slices.Concat(cell[:len(cell)-v.Cut], v.Add)
	for _, a := range v.Alter {
		b[a[0]] ^= byte(a[1])
	}
	return b
}
