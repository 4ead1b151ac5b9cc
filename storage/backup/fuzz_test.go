package backup

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/cryptotest"

	"tacit/storage/vault"
)

var (
	wholeFile   []byte // made by the first execution from the randomness that each begins with
	wholeChunks []byte
	wholeBody   = append(exactly(3*dataSize/2), []byte("the last"))
)

// FuzzHeader is a backup whose header somebody edited, with its checksum mended or not.
// Everything that is refused before the passphrase counts is refused before memory is spent on it.
func FuzzHeader(f *testing.F) {
	f.Fuzz(func(t *testing.T, at uint16, patch []byte, size uint16, mended bool) {
		cryptotest.SetGlobalRandom(t, 1)
		if wholeFile == nil {
			wholeFile = whole(t, wholeBody...)
		}
		head := bytes.Clone(wholeFile[:headerSize])
		copy(head[int(at)%headerSize:], patch)
		if mended {
			head = mend(head)
		}
		file := append(head, wholeFile[headerSize:2*headerSize]...)[:int(size)%(2*headerSize)]
		want := refusal(file, mended)
		if want == nil {
			return // Argon2id would run
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := NewReader(bytes.NewReader(file), "p")
		runtime.ReadMemStats(&after)
		if !errors.Is(err, want) || r != nil {
			t.Fatalf("%v, want %v", err, want)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<20 {
			t.Fatalf("%v after %d bytes were allocated", err, spent)
		}
	})
}

// refusal says why a file is refused without a passphrase, by the page of the format.
func refusal(file []byte, mended bool) error {
	number := func(at int) uint32 { return binary.BigEndian.Uint32(file[at:]) }
	switch {
	case len(file) < 8 || string(file[:6]) != "TACITB" || file[6] < '1' || file[6] > '3' || file[7] != '\n':
		if len(file) >= 8 && string(file[:6]) == "TACITB" && file[6] >= '4' && file[6] <= '9' && file[7] == '\n' {
			return ErrNewer
		}
		return ErrForeign
	case len(file) < 188, !mended && !bytes.Equal(file[:188], wholeFile[:188]):
		return ErrDamaged
	case number(8) < 1 || number(8) > 10, number(12) < 64<<10 || number(12) > 1<<20, number(16) < 1 || number(16) > 16:
		return vault.ErrCost
	}
	return nil
}

// FuzzRead is the body of a backup, put together by somebody without the key or with it. order
// says which of its chunks stand where; size cuts it where it is not 0; patch is written at a byte
// of a chunk. With the key, the chunks are sealed again.
func FuzzRead(f *testing.F) {
	f.Fuzz(func(t *testing.T, order []byte, size uint32, chunk uint8, at uint32, patch []byte, sealed bool) {
		if len(order) > 40 || len(patch) > chunkSize {
			return
		}
		cryptotest.SetGlobalRandom(t, 1)
		if wholeChunks == nil {
			wholeChunks = body(t, wholeBody...)
		}
		pieces := slices.Collect(slices.Chunk(wholeChunks, sealedSize))
		if sealed {
			pieces = opened(t, wholeChunks)
		}
		if len(order) > 0 {
			all := pieces
			pieces = nil
			for _, i := range order {
				pieces = append(pieces, all[int(i)%len(all)])
			}
		}
		i := int(chunk) % len(pieces)
		pieces[i] = bytes.Clone(pieces[i])
		copy(pieces[i][int(at)%len(pieces[i]):], patch)
		file := bytes.Join(pieces, nil)
		if sealed {
			file = resealed(pieces)
		}
		if size > 0 && int(size) < len(file) {
			file = file[:size]
		}

		records, err := readBody(file)
		switch {
		case err != nil && !errors.Is(err, ErrDamaged):
			t.Fatal(err)
		case !sealed && err == nil != bytes.Equal(file, wholeChunks):
			t.Fatalf("without the key: %v", err)
		case !sealed && !isBeginning(records, wholeBody):
			t.Fatal("without the key: other records")
		case err == nil && !slices.EqualFunc(opened(t, body(t, records...)), opened(t, file), bytes.Equal):
			t.Fatal("the same records have two forms")
		}
	})
}

func isBeginning(records, of [][]byte) bool {
	return len(records) <= len(of) && slices.EqualFunc(records, of[:len(records)], bytes.Equal)
}
