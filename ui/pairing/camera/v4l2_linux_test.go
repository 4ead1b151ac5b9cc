package camera

import (
	"context"
	"errors"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/blackjack/webcam"

	"tacit/ui/pairing"
)

// device is a camera in memory. What it says comes from the fields.
type device struct {
	formats  map[webcam.PixelFormat][]webcam.FrameSize
	busy     error
	frames   [][]byte // what it sends, the last one again and again
	errs     map[int]error
	mute     bool // it never has a picture
	set      webcam.PixelFormat
	w, h     uint32
	n        int // pictures that were fetched
	ready    int // pictures that wait
	lent     int
	closed   int
	released int
}

func (d *device) GetSupportedFormats() map[webcam.PixelFormat]string {
	m := map[webcam.PixelFormat]string{}
	for f := range d.formats {
		m[f] = "a format"
	}
	return m
}
func (d *device) GetSupportedFrameSizes(f webcam.PixelFormat) []webcam.FrameSize { return d.formats[f] }
func (d *device) SetImageFormat(f webcam.PixelFormat, w, h uint32) (webcam.PixelFormat, uint32, uint32, error) {
	d.set, d.w, d.h = f, w, h
	return f, w, h, d.busy
}
func (d *device) SetBufferCount(uint32) error { return nil }
func (d *device) StartStreaming() error       { return nil }
func (d *device) WaitForFrame(seconds uint32) error {
	switch {
	case d.mute:
		time.Sleep(time.Duration(seconds) * time.Second)
		return new(webcam.Timeout)
	case seconds == 0 && d.ready <= 0:
		return new(webcam.Timeout)
	}
	return nil
}
func (d *device) GetFrame() ([]byte, uint32, error) {
	d.n++
	d.ready--
	if err := d.errs[d.n]; err != nil {
		return nil, 0, err
	}
	d.lent++
	return d.frames[min(d.n, len(d.frames))-1], 0, nil
}
func (d *device) ReleaseFrame(uint32) error { d.released++; return nil }
func (d *device) Close() error              { d.closed++; return nil }

func discrete(w, h uint32) webcam.FrameSize {
	return webcam.FrameSize{MinWidth: w, MaxWidth: w, MinHeight: h, MaxHeight: h}
}

func cameras(d *device) *Video4Linux {
	return &Video4Linux{now: time.Now, open: func(path string) (video, error) {
		if path != "/dev/video0" {
			return nil, syscall.ENOENT
		}
		return d, nil
	}}
}

func plain(frames ...[]byte) *device {
	return &device{formats: map[webcam.PixelFormat][]webcam.FrameSize{yuyv: {discrete(20, 12)}}, frames: frames}
}

func TestListNamesWhatGivesPictures(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	v := &Video4Linux{sys: fstest.MapFS{
		"video10/index": file("0\n"), "video10/name": file("USB 2.0 HD\n"),
		"video2/index": file("0\n"), "video2/name": file("Integrated Camera\n"),
		"video3/index": file("1\n"), "video3/name": file("Integrated Camera\n"), // tells of the pictures
		"video4/index":     file("0\n"), // unplugged meanwhile
		"v4l-subdev0/name": file("a part of one\n"),
	}}
	got, err := v.List()
	want := []pairing.CameraInfo{{ID: "video2", Name: "Integrated Camera"}, {ID: "video10", Name: "USB 2.0 HD"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	v.sys = fstest.MapFS{}
	if got, err := v.List(); err != nil || len(got) > 0 {
		t.Errorf("without a camera: %v, %v", got, err)
	}
}

func TestFormatAndSize(t *testing.T) {
	steps := webcam.FrameSize{MinWidth: 160, MaxWidth: 4000, StepWidth: 16, MinHeight: 120, MaxHeight: 3000, StepHeight: 8}
	for _, c := range []struct {
		name    string
		formats map[webcam.PixelFormat][]webcam.FrameSize
		set     webcam.PixelFormat
		w, h    uint32
	}{
		{"compressed before raw", map[webcam.PixelFormat][]webcam.FrameSize{
			yuyv: {discrete(640, 480)}, mjpeg: {discrete(640, 480), discrete(1920, 1080), discrete(1280, 720), discrete(320, 240)},
		}, mjpeg, 1280, 720},
		{"raw only", map[webcam.PixelFormat][]webcam.FrameSize{yuyv: {discrete(352, 288), discrete(640, 480)}}, yuyv, 640, 480},
		{"steps", map[webcam.PixelFormat][]webcam.FrameSize{yuyv: {steps}}, yuyv, 1280, 960},
		{"large only", map[webcam.PixelFormat][]webcam.FrameSize{greys: {discrete(2592, 1944), discrete(1920, 1080)}}, greys, 1920, 1080},
	} {
		d := &device{formats: c.formats}
		if _, err := cameras(d).Open(t.Context(), "video0"); err != nil || d.set != c.set || d.w != c.w || d.h != c.h {
			t.Errorf("%s: format %08x, %d x %d, %v", c.name, d.set, d.w, d.h, err)
		}
	}
}

func TestWhatKeepsACameraOff(t *testing.T) {
	for _, c := range []struct {
		name string
		d    *device
		open error
		want error
	}{
		{"used by another program", &device{formats: plain().formats, busy: syscall.EBUSY}, nil, pairing.ErrCameraBusy},
		{"only as text", &device{formats: plain().formats, busy: errors.New("Failed to map request buffers: device or resource busy")}, nil, pairing.ErrCameraBusy},
		{"not allowed", nil, syscall.EACCES, pairing.ErrCameraForbidden},
		{"unplugged meanwhile", nil, syscall.ENOENT, pairing.ErrCameraGone},
		{"no format that is known", &device{formats: map[webcam.PixelFormat][]webcam.FrameSize{formatOf("H264"): {discrete(640, 480)}}}, nil, pairing.ErrCameraUnusable},
		{"of sizes out of bounds", &device{formats: map[webcam.PixelFormat][]webcam.FrameSize{yuyv: {discrete(0, 0), discrete(90000, 90000)}}}, nil, pairing.ErrCameraUnusable},
		{"no camera at all", nil, errors.New("Not a video capture device"), pairing.ErrCameraUnusable},
	} {
		v := &Video4Linux{now: time.Now, open: func(string) (video, error) { return c.d, c.open }}
		if _, err := v.Open(t.Context(), "video0"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.d != nil && c.d.closed != 1 {
			t.Errorf("%s: closed %d times", c.name, c.d.closed)
		}
	}
	if _, err := cameras(plain()).Open(t.Context(), "../../etc/passwd"); !errors.Is(err, pairing.ErrCameraGone) {
		t.Errorf("a path outside of the devices: %v", err)
	}
}

func on(t *testing.T, d *device) pairing.Camera {
	t.Helper()
	c, err := cameras(d).Open(t.Context(), "video0")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewestPicture(t *testing.T) {
	old, newer := packed(gradient(20, 12), 0), make([]byte, 20*12*2)
	d := plain(old, newer)
	d.ready = 2
	img, err := on(t, d).Next(t.Context())
	if err != nil || img.Y[5] != 0 {
		t.Fatalf("%v, %v", img, err)
	}
	if d.lent != d.released {
		t.Errorf("%d buffers were lent, %d given back", d.lent, d.released)
	}
}

func TestCameraVanishes(t *testing.T) {
	d := plain(packed(gradient(20, 12), 0))
	d.errs = map[int]error{3: syscall.ENODEV}
	c := on(t, d)
	for range 2 {
		if _, err := c.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Next(t.Context()); !errors.Is(err, pairing.ErrCameraGone) {
		t.Errorf("error %v", err)
	}
	if err := c.Close(); err != nil || d.closed != 1 {
		t.Errorf("closed %d times, %v", d.closed, err)
	}
}

func TestCameraFallsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := plain(packed(gradient(20, 12), 0))
		d.mute = true
		start := time.Now()
		if _, err := on(t, d).Next(t.Context()); !errors.Is(err, pairing.ErrCameraGone) {
			t.Errorf("error %v", err)
		}
		if took := time.Since(start); took < silence || took > silence+2*time.Second {
			t.Errorf("after %v", took)
		}
	})
}

func TestNobodyWaitsAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := plain(packed(gradient(20, 12), 0))
		d.mute = true
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := on(t, d).Next(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestUnreadablePictures(t *testing.T) {
	good := packed(gradient(20, 12), 0)
	frames := [][]byte{}
	for range maxBad - 1 {
		frames = append(frames, good[:7])
	}
	d := plain(append(frames, good)...)
	d.errs = map[int]error{2: syscall.EAGAIN}
	if _, err := on(t, d).Next(t.Context()); err != nil {
		t.Errorf("the first good one after %d: %v", maxBad-1, err)
	}
	if _, err := on(t, plain(good[:7])).Next(t.Context()); !errors.Is(err, pairing.ErrCameraUnusable) {
		t.Errorf("bad ones only: %v", err)
	}
}
