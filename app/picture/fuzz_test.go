package picture

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// FuzzStrip: whatever comes, what is left of it is left of itself, is of the same size and
// turn, and decodes to the same pixels; it is hardly longer than what came.
func FuzzStrip(f *testing.F) {
	decoders := map[string]sample{}
	for _, s := range samples(f) {
		decoders[s.want.Type] = s
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		out, info, err := strip(data)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		if len(out) > len(data)+MaxGrowth {
			t.Fatalf("%d bytes became %d", len(data), len(out))
		}
		if !IsPicture(info.Type) {
			if !bytes.Equal(out, data) {
				t.Fatal("what is no picture was altered")
			}
			return
		}
		again, info2, err := strip(out)
		if err != nil || !bytes.Equal(again, out) || info2 != info {
			t.Fatalf("stripped again: %v, %+v, want %+v", err, info2, info)
		}
		head, err := Header(bytes.NewReader(out))
		if err == nil && (head.Width != info.Width || head.Height != info.Height) {
			t.Fatalf("its header says %+v, its whole %+v", head, info)
		}
		if info.Decodable() && info.Width*info.Height < 1<<16 {
			wantSame(t, decoders[info.Type].decode, data, out)
		}
		kept, err := Open(opener(data), true)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := io.ReadAll(kept); err != nil || !bytes.Equal(whole, data) {
			t.Fatalf("what was to stay as it is did not: %v", err)
		}
	})
}
