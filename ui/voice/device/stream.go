package device

import (
	"sync"
	"time"

	"github.com/gen2brain/malgo"

	"tacit/ui/voice"
)

// stream is what both directions share: samples between a device, which calls from a
// thread of its own, and who reads or writes.
type stream struct {
	ctx    *malgo.AllocatedContext // of open and the first Close alone
	device *malgo.Device

	stirred chan struct{} // something changed
	closing sync.Once
	closed  chan struct{}
	gone    chan struct{}
	losing  sync.Once

	mu      sync.Mutex
	samples []float32 // guarded by mu
	silent  int       // guarded by mu; of a loudspeaker: samples of nothing that it took last
}

func newStream() stream {
	return stream{stirred: make(chan struct{}, 1), closed: make(chan struct{}), gone: make(chan struct{})}
}

// open starts the device, or lets go of everything.
func (s *stream) open(ctx *malgo.AllocatedContext, config malgo.DeviceConfig, calls malgo.DeviceCallbacks) error {
	device, err := malgo.InitDevice(ctx.Context, config, calls)
	if err != nil {
		leave(ctx)
		return err
	}
	if err := device.Start(); err != nil {
		device.Uninit()
		leave(ctx)
		return err
	}
	s.ctx, s.device = ctx, device
	return nil
}

// lose is called by the device when it stops by itself.
func (s *stream) lose() { s.losing.Do(func() { close(s.gone) }) }

// Close lets go of the device and erases what was not read or heard.
func (s *stream) Close() error {
	s.closing.Do(func() {
		close(s.closed)
		released := make(chan struct{})
		go s.release(released)
		select {
		case <-released:
		case <-time.After(parting):
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		clear(s.samples[:cap(s.samples)])
		s.samples = nil
	})
	return nil
}

// release gives the device back. Where that is gone, miniaudio waits for an answer of
// PulseAudio that never comes: then this goroutine and its thread stay until the program
// ends, with nothing of the sound.
func (s *stream) release(done chan<- struct{}) {
	defer close(done)
	s.device.Uninit()
	leave(s.ctx)
}

func (s *stream) stir() {
	select {
	case s.stirred <- struct{}{}:
	default:
	}
}

// wait waits until the device has called.
func (s *stream) wait() error {
	timer := time.NewTimer(deaf)
	defer timer.Stop()
	select {
	case <-s.stirred:
		return nil
	case <-s.closed:
		return voice.ErrClosed
	case <-s.gone:
		return voice.ErrGone
	case <-timer.C:
		return voice.ErrGone
	}
}

// source is an open microphone.
type source struct{ stream }

// hear takes what the device heard.
func (s *source) hear(in []float32) {
	s.mu.Lock()
	room := samples(behind) - len(s.samples)
	s.samples = append(s.samples, in[:max(0, min(len(in), room))]...)
	s.mu.Unlock()
	s.stir()
}

// Read implements voice.Source.
func (s *source) Read(p []float32) (int, error) {
	for {
		s.mu.Lock()
		n := copy(p, s.samples)
		rest := copy(s.samples, s.samples[n:])
		clear(s.samples[rest:])
		s.samples = s.samples[:rest]
		s.mu.Unlock()
		if n > 0 {
			return n, nil
		}
		if err := s.wait(); err != nil {
			return 0, err
		}
	}
}

// sink is an open loudspeaker.
type sink struct{ stream }

// fill gives the device what is to be heard next.
func (s *sink) fill(out []float32) {
	s.mu.Lock()
	n := copy(out, s.samples)
	clear(out[n:])
	if n > 0 {
		s.silent = 0
	}
	s.silent += len(out) - n
	rest := copy(s.samples, s.samples[n:])
	clear(s.samples[rest:])
	s.samples = s.samples[:rest]
	s.mu.Unlock()
	s.stir()
}

// Write implements voice.Sink.
func (s *sink) Write(p []float32) error {
	for {
		select {
		case <-s.closed:
			return voice.ErrClosed
		case <-s.gone:
			return voice.ErrGone
		default:
		}
		s.mu.Lock()
		fits := len(s.samples) < samples(ahead)
		if fits {
			s.samples = append(s.samples, p...)
		}
		s.mu.Unlock()
		if fits {
			return nil
		}
		if err := s.wait(); err != nil {
			return err
		}
	}
}

// Pending implements voice.Sink.
func (s *sink) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.samples) + max(0, samples(period*periods)-s.silent)
}
