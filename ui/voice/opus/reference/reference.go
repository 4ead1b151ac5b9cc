//go:build cgo && !windows

// Package reference is libopus's decoder, for tests alone: what ours is measured against.
package reference

// #cgo pkg-config: opus
// #include <opus.h>
import "C"

import (
	"errors"
	"unsafe"
)

// Decode returns the sound of packets of a stream, one channel of 48 kHz.
func Decode(packets [][]byte) ([]float32, error) {
	const most = 5760
	mem := make([]byte, C.opus_decoder_get_size(1))
	d := (*C.OpusDecoder)(unsafe.Pointer(&mem[0]))
	if C.opus_decoder_init(d, 48000, 1) != C.OPUS_OK {
		return nil, errors.New("no decoder")
	}
	var out []float32
	frame := make([]float32, most)
	for _, p := range packets {
		n := C.opus_decode_float(d, (*C.uchar)(&p[0]), C.opus_int32(len(p)), (*C.float)(&frame[0]), most, 0)
		if n < 0 {
			return nil, errors.New("packet not decoded")
		}
		out = append(out, frame[:n]...)
	}
	return out, nil
}
