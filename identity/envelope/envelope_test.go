package envelope

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestSizes(t *testing.T) {
	for name, c := range map[string]struct{ got, want int }{
		"small content": {SmallContent, 1588},
		"large content": {MaxContent, 13876},
		"small box":     {SmallBox, 4080},
		"large box":     {LargeBox, 16368},
		"overhead":      {BoxOverhead, 2488},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
}

func TestPad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(
			rapid.IntRange(0, MaxContent),
			rapid.SampledFrom([]int{0, 1, SmallContent, SmallContent + 1, MaxContent}),
		).Draw(t, "length")
		content := bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, n)
		padded, err := Pad(content)
		if err != nil {
			t.Fatal(err)
		}
		want := smallPadded
		if n > SmallContent {
			want = largePadded
		}
		if len(padded) != want {
			t.Fatalf("%d bytes are padded to %d", n, len(padded))
		}
		got, err := Unpad(padded)
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("unpad: %v", err)
		}
	})
	if _, err := Pad(make([]byte, MaxContent+1)); err != ErrTooLong {
		t.Errorf("too long: %v", err)
	}
}

func TestUnpadIsStrict(t *testing.T) {
	small, err := Pad([]byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	with := func(b []byte, at int, to byte) []byte {
		b = bytes.Clone(b)
		b[at] = to
		return b
	}
	large := make([]byte, largePadded)
	for name, b := range map[string][]byte{
		"nothing":             nil,
		"short":               small[:len(small)-1],
		"long":                append(bytes.Clone(small), 0),
		"length of 4 GiB":     with(with(with(with(small, 0, 255), 1, 255), 2, 255), 3, 255),
		"length beyond":       with(small, 2, 0x10),
		"fill":                with(small, len(small)-1, 1),
		"fill at its start":   with(small, 4+5, 1),
		"small in large cell": with(large, 3, 5),
	} {
		if _, err := Unpad(b); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCells(t *testing.T) {
	for cellSize, boxSize := range map[int]int{SmallCell: SmallBox, LargeCell: LargeBox} {
		box := make([]byte, boxSize)
		rand.Read(box)
		token := RandomToken()
		cell, err := NewCell(token, box)
		if err != nil || len(cell) != cellSize {
			t.Fatalf("cell of %d bytes: %v", len(cell), err)
		}
		gotToken, gotBox, err := Split(cell)
		if err != nil || gotToken != token || !bytes.Equal(gotBox, box) {
			t.Errorf("split: %v", err)
		}
		if Cost(len(cell)) != cellSize/SmallCell {
			t.Errorf("a cell of %d bytes costs %d", len(cell), Cost(len(cell)))
		}
		for _, n := range []int{0, cellSize - 1, cellSize + 1} {
			if _, _, err := Split(make([]byte, n)); err != ErrMalformed {
				t.Errorf("a cell of %d bytes: %v", n, err)
			}
		}
		for _, n := range []int{0, boxSize - 1, boxSize + 1} {
			if _, err := NewCell(token, make([]byte, n)); !errors.Is(err, ErrMalformed) {
				t.Errorf("a box of %d bytes: %v", n, err)
			}
		}
	}
	if a, b := RandomToken(), RandomToken(); a == b {
		t.Error("random tokens repeat")
	}
}
