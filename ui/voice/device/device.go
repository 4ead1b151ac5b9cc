package device

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unsafe"

	"github.com/gen2brain/malgo"

	"tacit/ui/voice"
	"tacit/ui/voice/opus"
)

var _ voice.Devices = Devices{}

// Devices are those of the computer. Its zero value is ready.
type Devices struct{}

// backends are the sound systems that are looked for, in this order. The one of miniaudio
// that hears and plays nothing is not among them: nobody is to speak to it.
func backends() []malgo.Backend {
	switch runtime.GOOS {
	case "windows":
		return []malgo.Backend{malgo.BackendWasapi, malgo.BackendDsound, malgo.BackendWinmm}
	case "darwin":
		return []malgo.Backend{malgo.BackendCoreaudio}
	case "linux":
		list := []malgo.Backend{malgo.BackendPulseaudio}
		// ALSA names devices on a computer without any, and complains of that to the terminal.
		if cards, _ := filepath.Glob("/dev/snd/pcmC*"); len(cards) > 0 { // the pattern is good
			list = append(list, malgo.BackendAlsa)
		}
		return list
	}
	return []malgo.Backend{malgo.BackendSndio, malgo.BackendAudio4, malgo.BackendOss, malgo.BackendPulseaudio}
}

// system is a sound system that is connected to.
func system() (*malgo.AllocatedContext, error) {
	ctx, err := malgo.InitContext(backends(), malgo.ContextConfig{}, func(string) {})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", voice.ErrNoSound, err)
	}
	return ctx, nil
}

func leave(ctx *malgo.AllocatedContext) {
	_ = ctx.Uninit() // there is nobody to tell, and nothing to be done about it
	ctx.Free()
}

// CanRecord implements voice.Devices.
func (Devices) CanRecord() error {
	if !opus.Available {
		return voice.ErrNoEncoder
	}
	_, err := within(func() (struct{}, error) { return struct{}{}, canRecord() }, func(struct{}) {})
	return err
}

func canRecord() error {
	ctx, err := system()
	if err != nil {
		return err
	}
	defer leave(ctx)
	_, err = microphone(ctx)
	return err
}

// microphone returns the microphone that the system prefers, or the first. What only hears
// what the computer plays is none.
func microphone(ctx *malgo.AllocatedContext) (malgo.DeviceID, error) {
	list, err := ctx.Devices(malgo.Capture)
	if err != nil {
		return malgo.DeviceID{}, fmt.Errorf("%w: %w", voice.ErrNoSound, err)
	}
	var found *malgo.DeviceInfo
	for i := range list {
		if monitors(list[i].ID) {
			continue
		}
		if found == nil || found.IsDefault == 0 && list[i].IsDefault != 0 {
			found = &list[i]
		}
	}
	if found == nil {
		return malgo.DeviceID{}, voice.ErrNoMicrophone
	}
	return found.ID, nil
}

// monitors reports whether a source of PulseAudio is what a loudspeaker plays.
func monitors(id malgo.DeviceID) bool {
	name, _, _ := strings.Cut(string(id[:]), "\x00")
	return strings.HasSuffix(name, ".monitor")
}

// Record implements voice.Devices.
func (Devices) Record() (voice.Source, error) {
	return within(record, func(s voice.Source) { _ = s.Close() })
}

func record() (voice.Source, error) {
	ctx, err := system()
	if err != nil {
		return nil, err
	}
	id, err := microphone(ctx)
	if err != nil {
		leave(ctx)
		return nil, err
	}
	s := &source{stream: newStream()}
	config := configure(malgo.Capture)
	var pin runtime.Pinner // C reads the name while the device is opened
	pin.Pin(&id)
	defer pin.Unpin()
	config.Capture.DeviceID = unsafe.Pointer(&id)
	err = s.open(ctx, config, malgo.DeviceCallbacks{Data: func(_, in []byte, _ uint32) { s.hear(floats(in)) }, Stop: s.lose})
	if err != nil {
		return nil, errors.Join(voice.ErrNoMicrophone, err)
	}
	return s, nil
}

// Play implements voice.Devices.
func (Devices) Play() (voice.Sink, error) {
	return within(play, func(s voice.Sink) { _ = s.Close() })
}

func play() (voice.Sink, error) {
	ctx, err := system()
	if err != nil {
		return nil, err
	}
	if list, err := ctx.Devices(malgo.Playback); err != nil || len(list) == 0 {
		leave(ctx)
		return nil, voice.ErrNoLoudspeaker
	}
	s := &sink{stream: newStream()}
	err = s.open(ctx, configure(malgo.Playback), malgo.DeviceCallbacks{Data: func(out, _ []byte, _ uint32) { s.fill(floats(out)) }, Stop: s.lose})
	if err != nil {
		return nil, errors.Join(voice.ErrNoLoudspeaker, err)
	}
	return s, nil
}

func configure(kind malgo.DeviceType) malgo.DeviceConfig {
	c := malgo.DefaultDeviceConfig(kind)
	c.SampleRate = voice.Rate
	c.PeriodSizeInMilliseconds = uint32(period / time.Millisecond)
	c.Periods = periods
	c.Capture.Format, c.Capture.Channels = malgo.FormatF32, 1
	c.Playback.Format, c.Playback.Channels = malgo.FormatF32, 1
	return c
}

// floats are the samples that lie in memory of the sound system.
func floats(b []byte) []float32 {
	if len(b) < 4 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&b[0])), len(b)/4)
}

func samples(d time.Duration) int { return int(d * voice.Rate / time.Second) }
