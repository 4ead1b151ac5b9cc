package opus

import (
	"fmt"

	pion "github.com/pion/opus"
)

// Decoder makes one channel of sound from the packets of a stream, in their order.
//
// Owner: one goroutine.
type Decoder struct{ of pion.Decoder }

// NewDecoder returns a decoder. A stream of two channels is mixed into one.
func NewDecoder() (*Decoder, error) {
	d, err := pion.NewDecoderWithOutput(Rate, 1)
	if err != nil {
		return nil, fmt.Errorf("opus decoder: %w", err)
	}
	return &Decoder{of: d}, nil
}

// Decode writes the sound of a packet, from about -1 to 1, into out, which holds
// MaxSamples, and returns how many samples they are. ErrMalformed.
func (d *Decoder) Decode(packet []byte, out []float32) (n int, err error) {
	// The library decodes in Go, so that the worst that a packet does is to panic.
	defer func() {
		if recover() != nil {
			n, err = 0, ErrMalformed
		}
	}()
	n, err = d.of.DecodeToFloat32(packet, out)
	if err != nil || n < 0 || n > len(out) {
		return 0, ErrMalformed
	}
	return n, nil
}
