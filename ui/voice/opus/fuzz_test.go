package opus_test

import (
	"errors"
	"math"
	"testing"

	"tacit/ui/voice/opus"
)

// FuzzDecode gives a decoder hostile packets, one after the other: the lengths stand before
// them. What comes out are numbers, no more of them than there is room for.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{2, 0x48, 0, 3, 0x6b, 6, 0, 1, 0xfc})
	f.Add([]byte{8, 0xf8, 1, 2, 3, 4, 5, 6, 7, 8, 0x60, 9, 9, 9, 9, 9, 9, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := opus.NewDecoder()
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float32, opus.MaxSamples)
		for packets := 0; len(data) > 1 && packets < 50; packets++ {
			n := min(int(data[0]), len(data)-1)
			packet := data[1 : 1+n]
			data = data[1+n:]
			k, err := d.Decode(packet, out)
			if err != nil {
				if !errors.Is(err, opus.ErrMalformed) || k != 0 {
					t.Fatalf("%d samples and a foreign error: %v", k, err)
				}
				continue
			}
			for _, v := range out[:k] {
				if math.IsNaN(float64(v)) {
					t.Fatal("no number")
				}
			}
		}
	})
}
