package camera

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/blackjack/webcam"
	"golang.org/x/sys/unix"

	"tacit/ui/pairing"
)

// video is what is asked of a camera; *webcam.Webcam is one, tests have others.
type video interface {
	GetSupportedFormats() map[webcam.PixelFormat]string
	GetSupportedFrameSizes(webcam.PixelFormat) []webcam.FrameSize
	SetImageFormat(f webcam.PixelFormat, w, h uint32) (webcam.PixelFormat, uint32, uint32, error)
	SetBufferCount(n uint32) error
	StartStreaming() error
	WaitForFrame(seconds uint32) error
	GetFrame() ([]byte, uint32, error)
	ReleaseFrame(buffer uint32) error
	Close() error
}

var (
	_ video           = (*webcam.Webcam)(nil)
	_ pairing.Cameras = (*Video4Linux)(nil)
	_ pairing.Camera  = (*stream)(nil)
)

// formatOf names a pixel format by its four letters, as Video4Linux does.
func formatOf(s string) webcam.PixelFormat {
	return webcam.PixelFormat(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
}

// Formats that are understood. At the sizes wanted, USB carries few pictures a second
// that are not compressed.
var (
	mjpeg   = formatOf("MJPG")
	jpegs   = formatOf("JPEG")
	yuyv    = formatOf("YUYV")
	greys   = formatOf("GREY")
	formats = []webcam.PixelFormat{mjpeg, jpegs, yuyv, greys}
)

// Video4Linux is the cameras of Linux.
type Video4Linux struct {
	sys  fs.FS // a folder for each device, as /sys/class/video4linux
	open func(path string) (video, error)
	now  func() time.Time
}

// List implements pairing.Cameras. A camera has several devices, of which the first one
// gives pictures and the others tell of them; no device is opened to find out, since some
// cameras light their lamp for that.
func (v *Video4Linux) List() ([]pairing.CameraInfo, error) {
	devices, err := fs.Glob(v.sys, "video*")
	if err != nil {
		return nil, fmt.Errorf("list of cameras: %w", err)
	}
	slices.SortFunc(devices, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b) // video2 before video10
		}
		return strings.Compare(a, b)
	})
	var list []pairing.CameraInfo
	for _, d := range devices {
		index, err := fs.ReadFile(v.sys, d+"/index")
		if err != nil || strings.TrimSpace(string(index)) != "0" {
			continue
		}
		name, err := fs.ReadFile(v.sys, d+"/name")
		if err != nil {
			continue // unplugged meanwhile
		}
		list = append(list, pairing.CameraInfo{ID: d, Name: strings.TrimSpace(string(name))})
	}
	return list, nil
}

// Open implements pairing.Cameras.
func (v *Video4Linux) Open(_ context.Context, id string) (pairing.Camera, error) {
	device, err := v.open(filepath.Join("/dev", filepath.Base(id)))
	if err != nil {
		return nil, opening(err)
	}
	s := &stream{video: device, now: v.now}
	if err := s.start(); err != nil {
		device.Close()
		return nil, err
	}
	return s, nil
}

// opening puts what keeps a camera from being switched on into the words of the port. The
// library keeps only the text of some errors.
func opening(err error) error {
	is := func(e unix.Errno) bool { return errors.Is(err, e) || strings.Contains(err.Error(), e.Error()) }
	switch {
	case is(unix.EACCES), is(unix.EPERM):
		return pairing.ErrCameraForbidden
	case is(unix.EBUSY):
		return pairing.ErrCameraBusy
	case is(unix.ENOENT), is(unix.ENODEV), is(unix.ENXIO), is(unix.EIO):
		return pairing.ErrCameraGone
	}
	return pairing.ErrCameraUnusable
}

// stream is a camera that is on.
type stream struct {
	video  video
	now    func() time.Time
	format webcam.PixelFormat
	w, h   int
	last   time.Time // when it last showed something
	bad    int       // pictures since then that could not be read
}

func (s *stream) start() error {
	offered := s.video.GetSupportedFormats()
	for _, f := range formats {
		if _, ok := offered[f]; !ok {
			continue
		}
		w, h, ok := size(s.video.GetSupportedFrameSizes(f))
		if !ok {
			continue
		}
		// The size that comes back is the one that was asked for even where the camera
		// chose another, so only sizes that it offered are.
		set, _, _, err := s.video.SetImageFormat(f, w, h)
		if err != nil {
			return opening(err)
		}
		if set != f {
			continue
		}
		s.format, s.w, s.h, s.last = f, int(w), int(h), s.now()
		if err := s.video.SetBufferCount(buffers); err != nil {
			return pairing.ErrCameraUnusable
		}
		if err := s.video.StartStreaming(); err != nil {
			return opening(err)
		}
		return nil
	}
	return pairing.ErrCameraUnusable
}

// size picks the largest picture of those that a camera offers within what is wanted, or
// the smallest one if all are larger.
func size(offered []webcam.FrameSize) (w, h uint32, ok bool) {
	fits := func(w, h uint32) bool { return w <= wantWidth && h <= wantHeight }
	better := func(a, b, w, h uint32) bool {
		if fits(a, b) != fits(w, h) {
			return fits(a, b)
		}
		return fits(a, b) == (uint64(a)*uint64(b) > uint64(w)*uint64(h))
	}
	for _, o := range offered {
		a, b := stepped(o.MinWidth, o.MaxWidth, o.StepWidth, wantWidth), stepped(o.MinHeight, o.MaxHeight, o.StepHeight, wantHeight)
		if a < 2 || b < 2 || a > maxSide || b > maxSide {
			continue
		}
		if !ok || better(a, b, w, h) {
			w, h, ok = a, b, true
		}
	}
	return w, h, ok
}

// stepped is the largest value of a range that is not above want, or its least.
func stepped(least, most, step, want uint32) uint32 {
	switch {
	case step == 0 || most < least:
		return most
	case want <= least:
		return least
	}
	return least + (min(most, want)-least)/step*step
}

// Next implements pairing.Camera.
func (s *stream) Next(ctx context.Context) (*image.YCbCr, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.video.WaitForFrame(wait); err != nil {
			_, late := err.(*webcam.Timeout)
			if late && s.now().Sub(s.last) <= silence {
				continue
			}
			return nil, pairing.ErrCameraGone
		}
		img, err := s.newest()
		switch {
		case err == nil:
			s.last, s.bad = s.now(), 0
			return img, nil
		case !errors.Is(err, errFrame):
			return nil, err
		}
		if s.bad++; s.bad >= maxBad {
			return nil, pairing.ErrCameraUnusable
		}
	}
}

// newest reads the last of the pictures that wait: who holds a card up wants to see what
// is, not what was.
func (s *stream) newest() (*image.YCbCr, error) {
	for i := range buffers {
		b, buffer, err := s.video.GetFrame()
		if errors.Is(err, unix.EAGAIN) {
			return nil, errFrame
		}
		if err != nil {
			return nil, pairing.ErrCameraGone
		}
		more := i < buffers-1 && s.video.WaitForFrame(0) == nil
		var img *image.YCbCr
		var bad error
		if !more {
			img, bad = s.decode(b)
		}
		if err := s.video.ReleaseFrame(buffer); err != nil {
			return nil, pairing.ErrCameraGone
		}
		if !more {
			return img, bad
		}
	}
	return nil, errFrame
}

func (s *stream) decode(b []byte) (*image.YCbCr, error) {
	switch s.format {
	case yuyv:
		return fromYUYV(b, s.w, s.h)
	case greys:
		return fromGrey(b, s.w, s.h)
	}
	return fromJPEG(b)
}

// Close implements pairing.Camera.
func (s *stream) Close() error {
	if err := s.video.Close(); err != nil {
		return fmt.Errorf("close the camera: %w", err)
	}
	return nil
}
