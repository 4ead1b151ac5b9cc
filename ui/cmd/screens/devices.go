package main

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"tacit/ui"
	"tacit/ui/desktop"
	"tacit/ui/pairing"
	"tacit/ui/voice"
)

// How much the devices of the pictures do before they stand still, so that a picture of
// them is the same each time.
const (
	recorded = 7 * time.Second
	heard    = 5 * time.Second
	spoken   = 16 * time.Second // of the note in the conversation
)

func samples(d time.Duration) int { return int(d * voice.Rate / time.Second) }

// sound is a microphone and a loudspeaker that stand still after a while.
type sound struct {
	unplugged atomic.Bool // the microphone
}

func (s *sound) CanRecord() error {
	if s.unplugged.Load() {
		return voice.ErrNoMicrophone
	}
	return nil
}

func (*sound) Record() (voice.Source, error) { return newSpeaker(samples(recorded), true), nil }

func (*sound) Play() (voice.Sink, error) {
	return &ear{room: samples(heard), closed: make(chan struct{})}, nil
}

// speaker says something like words.
type speaker struct {
	at, end int
	stays   bool // it says nothing after its end, and does not go away
	closed  chan struct{}
	once    sync.Once
}

func newSpeaker(length int, stays bool) *speaker {
	return &speaker{end: length, stays: stays, closed: make(chan struct{})}
}

// Read implements voice.Source.
func (s *speaker) Read(p []float32) (int, error) {
	select {
	case <-s.closed:
		return 0, voice.ErrClosed
	default:
	}
	if s.at == s.end {
		if s.stays {
			<-s.closed
		}
		return 0, voice.ErrClosed
	}
	n := min(len(p), s.end-s.at)
	for i := range n {
		t := float64(s.at+i) / voice.Rate
		words := math.Pow(math.Abs(math.Sin(2.1*t)*math.Sin(0.9*t+1)), 0.7) * (0.6 + 0.4*math.Sin(7*t))
		p[i] = float32(0.5 * words * math.Sin(2*math.Pi*(160+40*math.Sin(3*t))*t))
	}
	s.at += n
	return n, nil
}

// Close implements voice.Source.
func (s *speaker) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// ear hears as much as it has room for, at once, and then waits.
type ear struct {
	room   int
	closed chan struct{}
	once   sync.Once
}

// Write implements voice.Sink.
func (e *ear) Write(p []float32) error {
	if e.room -= len(p); e.room < 0 {
		<-e.closed
		return voice.ErrClosed
	}
	return nil
}

// Pending implements voice.Sink.
func (*ear) Pending() int { return 0 }

// Close implements voice.Sink.
func (e *ear) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

// note is a voice note.
func note() ([]byte, error) {
	r, err := voice.Record(context.Background(), newSpeaker(samples(spoken), false), func(voice.Progress) {})
	return r.Data, err
}

// cameras is one camera that looks at what it is given, and at nothing else.
type cameras struct {
	name string
	mu   sync.Mutex
	see  *image.YCbCr // guarded by mu
}

var _ pairing.Cameras = (*cameras)(nil)

func newCameras(name string) *cameras {
	c := &cameras{name: name}
	c.look(desk())
	return c
}

// look holds a picture before the camera.
func (c *cameras) look(img image.Image) {
	b := img.Bounds()
	out := image.NewYCbCr(image.Rect(0, 0, b.Dx(), b.Dy()), image.YCbCrSubsampleRatio444)
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			i := out.YOffset(x, y)
			out.Y[i], out.Cb[i], out.Cr[i] = color.RGBToYCbCr(uint8(r>>8), uint8(g>>8), uint8(bl>>8))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.see = out
}

// List implements pairing.Cameras.
func (c *cameras) List() ([]pairing.CameraInfo, error) {
	return []pairing.CameraInfo{{ID: "1", Name: c.name}}, nil
}

// Open implements pairing.Cameras.
func (c *cameras) Open(context.Context, string) (pairing.Camera, error) { return &lens{of: c}, nil }

// lens shows what is before it once, then waits for something else.
type lens struct {
	of   *cameras
	seen *image.YCbCr
}

// Next implements pairing.Camera.
func (l *lens) Next(ctx context.Context) (*image.YCbCr, error) {
	for {
		l.of.mu.Lock()
		now := l.of.see
		l.of.mu.Unlock()
		if now != l.seen {
			l.seen = now
			return now, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(glance):
		}
	}
}

// Close implements pairing.Camera.
func (*lens) Close() error { return nil }

// desk is what a camera sees while nothing is held before it.
func desk() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			light := 150 - math.Hypot(float64(x-200), float64(y-120))/6
			img.SetRGBA(x, y, color.RGBA{uint8(light + 40), uint8(light + 26), uint8(light), 255})
		}
	}
	draw.Draw(img, image.Rect(360, 150, 560, 480), image.NewUniform(color.RGBA{58, 66, 78, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(400, 60, 520, 190), image.NewUniform(color.RGBA{196, 154, 128, 255}), image.Point{}, draw.Src)
	return img
}

// quiet is a desktop with a tray and a place for notes, which keeps them to itself.
type quiet struct{}

var _ ui.Desktop = quiet{}

func startDesktop(e desktop.Ears, _ desktop.Tray) ui.Desktop {
	go e.Changed(desktop.Offers{Notes: true, Tray: true})
	return quiet{}
}

func (quiet) Notify(desktop.Note)  {}
func (quiet) Withdraw(int64)       {}
func (quiet) SetTray(desktop.Tray) {}
func (quiet) Close()               {}

// starter is a desktop that would start the program with the session.
type starter struct{}

func (starter) On() bool       { return false }
func (starter) Set(bool) error { return nil }
