// Package voice records what somebody says, plays what was recorded, and draws it.
//
// It knows neither the window nor the devices: sound comes from a Source and goes to a
// Sink. What it makes and reads are Ogg Opus files in memory; of the sound itself it holds
// what is being encoded or heard at the moment, and erases that when it is done.
package voice

import (
	"errors"

	"tacit/ui/voice/opus"
)

// Errors of devices and notes.
var (
	ErrNoMicrophone  = errors.New("no microphone")
	ErrNoLoudspeaker = errors.New("no loudspeaker")
	ErrNoSound       = errors.New("no sound system")
	ErrNoEncoder     = opus.ErrUnavailable
	ErrGone          = errors.New("sound device gone")
	ErrClosed        = errors.New("sound device closed")
	ErrMalformed     = errors.New("voice note malformed")
	ErrNothing       = errors.New("nothing was recorded")
)

// Rate is the samples a second of everything in this package, of one channel.
const Rate = opus.Rate

// Devices are the sound devices of the computer. Its methods take up to three seconds, and are
// safe for concurrent use.
type Devices interface {
	// CanRecord says why nothing can be recorded now, or nil. It opens no device.
	// ErrNoMicrophone, ErrNoSound, ErrNoEncoder.
	CanRecord() error
	// Record opens the microphone that the system prefers. ErrNoMicrophone, ErrNoSound.
	Record() (Source, error)
	// Play opens the loudspeaker that the system prefers. ErrNoLoudspeaker, ErrNoSound.
	Play() (Sink, error)
}

// Source is a microphone that is open.
type Source interface {
	// Read waits for samples from -1 to 1, and returns how many of them it wrote into p.
	// ErrGone when the device is there no longer, ErrClosed after Close; what was heard
	// before either is returned first.
	Read(p []float32) (n int, err error)
	// Close lets go of the device and ends a Read that waits, from any goroutine. A second
	// one does nothing.
	Close() error
}

// Sink is a loudspeaker that is open.
type Sink interface {
	// Write hands samples from -1 to 1 over, and waits while a fifth of a second is not
	// heard yet. ErrGone, ErrClosed.
	Write(p []float32) error
	// Pending returns how many of the samples handed over were not heard yet.
	Pending() int
	// Close lets go of the device at once and ends a Write that waits, from any goroutine.
	// A second one does nothing.
	Close() error
}
