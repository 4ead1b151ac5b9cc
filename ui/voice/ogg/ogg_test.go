package ogg_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"tacit/ui/voice/ogg"
)

// packet returns a packet of 20 ms as ours are.
func packet(fill byte) []byte {
	p := bytes.Repeat([]byte{fill}, 60)
	p[0] = 0x48 // wide-band speech, 20 ms, one frame
	return p
}

func written(n int) []byte {
	w := ogg.NewWriter(312)
	for i := range n {
		w.Add(packet(byte(i)), 960)
	}
	return w.Close(w.Samples())
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, n := range []int{1, 49, 50, 51, 100, 1234} {
		f, err := ogg.Parse(written(n))
		if err != nil {
			t.Fatalf("%d packets: %v", n, err)
		}
		if len(f.Packets) != n || f.Channels != 1 || f.Skip != 312 || f.Gain != 0 || f.Length != int64(n)*960-312 {
			t.Errorf("%d packets: %d packets, %d channels, skip %d, gain %d, length %d", n, len(f.Packets), f.Channels, f.Skip, f.Gain, f.Length)
		}
		for i, p := range f.Packets {
			if !bytes.Equal(p, packet(byte(i))) {
				t.Fatalf("packet %d of %d is another", i, n)
			}
		}
	}
}

func TestTheEndIsWhereTheWriterSays(t *testing.T) {
	w := ogg.NewWriter(312)
	w.Add(packet(1), 960)
	w.Add(packet(2), 960)
	f, err := ogg.Parse(w.Close(1000))
	if err != nil || f.Length != 1000-312 {
		t.Errorf("length %v, %v", f, err)
	}
}

// TestFileOfAnotherProgram reads what opusenc made of the same speech: variable packets,
// comments, a last page that ends within a packet.
func TestFileOfAnotherProgram(t *testing.T) {
	data, err := os.ReadFile("testdata/opusenc.opus")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ogg.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Channels != 1 || f.Skip != 312 || f.Length != 5*ogg.Rate {
		t.Errorf("%d channels, skip %d, length %d", f.Channels, f.Skip, f.Length)
	}
}

// TestDamageIsRefused alters every byte of a file in turn, and cuts it everywhere.
func TestDamageIsRefused(t *testing.T) {
	good := written(60)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x20
		if _, err := ogg.Parse(bad); !errors.Is(err, ogg.ErrMalformed) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
		if _, err := ogg.Parse(good[:i]); !errors.Is(err, ogg.ErrMalformed) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := ogg.Parse(append(bytes.Clone(good), 0)); !errors.Is(err, ogg.ErrMalformed) {
		t.Errorf("something after the end: %v", err)
	}
	if _, err := ogg.Parse(append(bytes.Clone(good), good...)); !errors.Is(err, ogg.ErrMalformed) {
		t.Errorf("two streams, one after the other: %v", err)
	}
}

// TestWhatIsNoVoiceNoteIsRefused builds files whose checksums are right and whose content
// is not.
func TestWhatIsNoVoiceNoteIsRefused(t *testing.T) {
	good := written(60)
	head := 28 + 19 // the first page
	alter := func(at int, to byte) []byte {
		bad := bytes.Clone(good)
		bad[at] = to
		resum(bad[:head])
		return bad
	}
	for name, bad := range map[string][]byte{
		"version 16":     alter(28+8, 16),
		"no channel":     alter(28+9, 0),
		"three channels": alter(28+9, 3),
		"a mapping":      alter(28+18, 1),
		"not the first":  alter(5, 0),
		"another serial": alter(14, 9),
		"page 1":         alter(18, 1),
		"all skipped":    alter(28+11, 255),
		"unknown flag":   alter(5, 10),
		"no capture":     alter(0, 'o'),
	} {
		if _, err := ogg.Parse(bad); !errors.Is(err, ogg.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLimits(t *testing.T) {
	if _, err := ogg.Parse(make([]byte, ogg.MaxFile+1)); !errors.Is(err, ogg.ErrTooLarge) {
		t.Errorf("a file beyond the limit: %v", err)
	}
	w := ogg.NewWriter(0)
	for range 180_001 {
		w.Add([]byte{0x48, 0}, 960)
	}
	if _, err := ogg.Parse(w.Close(w.Samples())); !errors.Is(err, ogg.ErrTooLarge) {
		t.Errorf("packets beyond the limit: %v", err)
	}
}

func TestSamplesOfAPacket(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   int
	}{
		{nil, 0}, {[]byte{0x48}, 960}, {[]byte{0x18}, 2880}, {[]byte{0x19}, 5760}, {[]byte{0x80}, 120},
		{[]byte{0x6b, 6}, 5760}, {[]byte{0x6b, 7}, 0}, {[]byte{0x6b, 0}, 0}, {[]byte{0x6b}, 0}, {[]byte{0xfc}, 960}, {[]byte{0x60}, 480},
	} {
		if got := ogg.Samples(c.packet); got != c.want {
			t.Errorf("% x: %d samples, want %d", c.packet, got, c.want)
		}
	}
}

// FuzzParse gives hostile files. What is read holds only packets that can be played, in
// room that the file pays for; what is written again reads the same.
func FuzzParse(f *testing.F) {
	f.Add(written(1))
	f.Add(written(51))
	if data, err := os.ReadFile("testdata/opusenc.opus"); err == nil {
		f.Add(data[:4096])
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for rest := data; len(rest) >= 27; { // so that what is altered is not refused for its checksum alone
			n := pageLength(rest)
			if n == 0 {
				break
			}
			resum(rest[:n])
			rest = rest[n:]
		}
		file, err := ogg.Parse(data)
		if err != nil {
			if !errors.Is(err, ogg.ErrMalformed) && !errors.Is(err, ogg.ErrTooLarge) {
				t.Fatalf("a foreign error: %v", err)
			}
			return
		}
		if file.Length <= 0 || len(file.Packets) == 0 {
			t.Fatalf("%d packets, length %d", len(file.Packets), file.Length)
		}
		sum := int64(0)
		for _, p := range file.Packets {
			n := ogg.Samples(p)
			if n <= 0 || n > ogg.MaxPacket {
				t.Fatalf("a packet of %d samples", n)
			}
			sum += int64(n)
		}
		if file.Length > sum {
			t.Fatalf("length %d of %d samples", file.Length, sum)
		}
	})
}

// pageLength is the length of the page that b begins with, 0 where b is too short.
func pageLength(b []byte) int {
	n := 27 + int(b[26])
	if len(b) < n {
		return 0
	}
	for _, l := range b[27:n] {
		n += int(l)
	}
	if len(b) < n {
		return 0
	}
	return n
}

// resum puts the right checksum into a page, computed bit by bit.
func resum(page []byte) {
	copy(page[22:26], []byte{0, 0, 0, 0})
	var sum uint32
	for _, b := range page {
		sum ^= uint32(b) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	binary.LittleEndian.PutUint32(page[22:], sum)
}

func BenchmarkParse(b *testing.B) {
	data := written(45_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := ogg.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
