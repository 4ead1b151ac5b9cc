package envelope

import (
	"bytes"
	"testing"
	"time"

	"tacit/identity"
)

// FuzzCell is anything that comes over a link or lies in a mailbox, and anything that
// somebody with the keys puts into a box.
func FuzzCell(f *testing.F) {
	f.Add(SmallCell, uint16(0), []byte("content"), []byte{})
	f.Fuzz(func(t *testing.T, size int, at uint16, content, patch []byte) {
		if size = max(0, size); size > 2*LargeCell {
			return
		}
		cell := make([]byte, size)
		copy(cell, content)
		token, box, err := Split(cell)
		if valid := size == SmallCell || size == LargeCell; valid != (err == nil) || valid != IsBox(size-TokenSize) {
			t.Fatalf("a cell of %d bytes: %v", size, err)
		}
		if err == nil {
			if again, err := NewCell(token, box); err != nil || !bytes.Equal(again, cell) {
				t.Fatalf("another cell: %v", err)
			}
		}

		padded, err := Pad(content)
		if (err != nil) != (len(content) > MaxContent) {
			t.Fatalf("%d bytes: %v", len(content), err)
		}
		if err != nil {
			padded = make([]byte, min(len(content), LargeCell))
		}
		want := bytes.Clone(padded)
		copy(padded[int(at)%len(padded):], patch)
		if got, err := Unpad(want); len(content) <= MaxContent && (err != nil || !bytes.Equal(got, content)) {
			t.Fatalf("%d bytes back: %v", len(got), err)
		}
		got, err := Unpad(padded)
		if err != nil {
			if err != ErrMalformed || got != nil {
				t.Fatalf("%v, and %d bytes", err, len(got))
			}
			return
		}
		if again, err := Pad(got); err != nil || !bytes.Equal(again, padded) {
			t.Fatalf("two paddings of one content: %v", err)
		}
	})
}

func FuzzGrant(f *testing.F) {
	f.Add(NewGrant(start).Marshal())
	f.Add(NewSpareGrant([32]byte{1}, [16]byte{2}, mailbox(f), start).Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := UnmarshalGrant(b)
		if err != nil {
			if err != ErrMalformed || g.Count != 0 || g.Seed != [32]byte{} {
				t.Fatalf("%v, and %v", err, g)
			}
			return
		}
		if !bytes.Equal(g.Marshal(), b) {
			t.Fatal("two encodings of one grant")
		}
		if g.Count < 1 || g.Count > GrantCount || g.NotAfter.Before(time.Unix(0, 0)) {
			t.Fatalf("%d tokens until %v", g.Count, g.NotAfter)
		}
		if len(g.Mailbox) > 0 {
			if _, err := identity.ParseHint(g.Mailbox); err != nil {
				t.Fatal(err)
			}
		} else if g.Lot != [16]byte{} {
			t.Fatal("a lot without a mailbox")
		}
		// What is kept of it comes back, and gives no token twice.
		held := Hold(g)
		tokens, held, err := held.Take(1, start)
		if again, parseErr := UnmarshalHeld(walletVersion, held.Marshal()); parseErr != nil || again.next != held.next {
			t.Fatalf("held %d, then %d: %v", held.next, again.next, parseErr)
		}
		if more, _, err2 := held.Take(1, start); err == nil && err2 == nil && tokens[0] == more[0] {
			t.Fatal("one token twice")
		}
	})
}

// FuzzFileCell alters a descriptor and a cell of it: what opens is the cell as it was sealed.
func FuzzFileCell(f *testing.F) {
	file, chunks := newFile(f, randomBytes(FileChunk+5, 6))
	file.Key, file.ID = [32]byte{1}, FileID{2} // the same in every process of the fuzzer
	cell, err := file.SealCell(Token{1}, 1, chunks[1])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file.Marshal(), uint16(0), []byte{})
	f.Fuzz(func(t *testing.T, descriptor []byte, at uint16, patch []byte) {
		got, err := UnmarshalFile(descriptor)
		if err != nil {
			if err != ErrMalformed || got != (File{}) {
				t.Fatalf("%v, and %v", err, got)
			}
			return
		}
		if !bytes.Equal(got.Marshal(), descriptor) {
			t.Fatalf("%x has another spelling", descriptor)
		}
		altered := bytes.Clone(cell)
		copy(altered[int(at)%len(altered):], patch)
		i, chunk, err := got.OpenCell(altered)
		// The length is not bound to the key: it decides how much of the cell is the chunk.
		whole := bytes.Equal(altered[TokenSize:], cell[TokenSize:])
		if err == nil && (!whole || i != 1 || len(chunk) != got.ChunkSize(1) || !bytes.HasPrefix(chunk, chunks[1])) {
			t.Fatal("an altered cell opens")
		}
		if err != nil && (chunk != nil || whole && got == file) {
			t.Fatalf("the cell as it was sealed: %v", err)
		}
	})
}
