// Package opus turns a voice into Opus packets of one length, and Opus packets back into
// sound (RFC 6716).
//
// Packets are made by libopus, which nobody has replaced, from sound that was recorded
// here. What a stranger sent is never given to C: it is decoded in Go.
package opus

import "errors"

// ErrUnavailable says that this build has no encoder: libopus is not part of it.
var ErrUnavailable = errors.New("no opus encoder in this build")

// ErrMalformed says that a packet cannot be decoded.
var ErrMalformed = errors.New("opus packet malformed")

// Rate is the samples a second on both sides.
const Rate = 48000

// Sizes of what is encoded, the same whatever is said: a packet tells neither speech from
// silence nor one word from another by its length.
const (
	FrameSamples = Rate / 50               // 20 ms
	BitRate      = 24000                   // bits a second: wide-band speech without audible loss
	PacketBytes  = BitRate / 8 * 20 / 1000 // 60
)

// MaxSamples is the most that a packet holds of each channel: 120 ms.
const MaxSamples = Rate * 120 / 1000
