//go:build !cgo || windows

package opus

// Available reports whether this build can encode.
const Available = false

// Encoder stands for the one that this build has not.
type Encoder struct{}

// NewEncoder returns ErrUnavailable.
func NewEncoder() (*Encoder, error) { return nil, ErrUnavailable }

// Skip returns 0.
func (*Encoder) Skip() int { return 0 }

// Encode returns ErrUnavailable.
func (*Encoder) Encode([]float32) ([]byte, error) { return nil, ErrUnavailable }

// Close does nothing.
func (*Encoder) Close() {}
