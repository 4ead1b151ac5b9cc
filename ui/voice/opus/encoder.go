//go:build cgo && !windows

package opus

// #cgo pkg-config: opus
// #include <opus.h>
//
// static int tacit_set(OpusEncoder *e, int rate) {
//     int err = opus_encoder_ctl(e, OPUS_SET_BITRATE(rate));
//     if (err == OPUS_OK) err = opus_encoder_ctl(e, OPUS_SET_VBR(0));
//     if (err == OPUS_OK) err = opus_encoder_ctl(e, OPUS_SET_DTX(0));
//     if (err == OPUS_OK) err = opus_encoder_ctl(e, OPUS_SET_INBAND_FEC(0));
//     if (err == OPUS_OK) err = opus_encoder_ctl(e, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
//     return err;
// }
//
// static int tacit_lookahead(OpusEncoder *e, opus_int32 *n) {
//     return opus_encoder_ctl(e, OPUS_GET_LOOKAHEAD(n));
// }
import "C"

import (
	"fmt"
	"unsafe"
)

// Available reports whether this build can encode.
const Available = true

// Encoder makes packets at a constant bit rate, without pauses for silence.
//
// Owner: one goroutine.
type Encoder struct {
	mem  []byte // the state of libopus, which holds no pointer into Go's memory
	skip int
}

// NewEncoder returns an encoder for one channel. ErrUnavailable.
func NewEncoder() (*Encoder, error) {
	e := &Encoder{mem: make([]byte, C.opus_encoder_get_size(1))}
	if err := C.opus_encoder_init(e.state(), Rate, 1, C.OPUS_APPLICATION_VOIP); err != C.OPUS_OK {
		return nil, fmt.Errorf("opus encoder: code %d", int(err))
	}
	if err := C.tacit_set(e.state(), BitRate); err != C.OPUS_OK {
		return nil, fmt.Errorf("opus encoder: code %d", int(err))
	}
	var n C.opus_int32
	if err := C.tacit_lookahead(e.state(), &n); err != C.OPUS_OK {
		return nil, fmt.Errorf("opus encoder: code %d", int(err))
	}
	e.skip = int(n)
	return e, nil
}

func (e *Encoder) state() *C.OpusEncoder { return (*C.OpusEncoder)(unsafe.Pointer(&e.mem[0])) }

// Skip returns how many samples of what is decoded come before the first that was encoded.
func (e *Encoder) Skip() int { return e.skip }

// Encode returns FrameSamples of sound, from -1 to 1, as a packet of PacketBytes.
func (e *Encoder) Encode(frame []float32) ([]byte, error) {
	if len(frame) != FrameSamples {
		return nil, fmt.Errorf("opus encoder: a frame of %d samples", len(frame))
	}
	p := make([]byte, PacketBytes)
	n := C.opus_encode_float(e.state(), (*C.float)(&frame[0]), FrameSamples, (*C.uchar)(&p[0]), PacketBytes)
	if n != PacketBytes {
		return nil, fmt.Errorf("opus encoder: code or length %d", int(n))
	}
	return p, nil
}

// Close erases what the encoder remembers of the sound. It cannot be used afterwards.
func (e *Encoder) Close() { clear(e.mem) }
