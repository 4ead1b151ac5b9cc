package pairing

import (
	"context"
	"errors"
	"image"
)

// Cameras are the cameras of this computer. Tests and other systems put their own in
// place of tacit/ui/pairing/camera.
type Cameras interface {
	// List names the cameras that are plugged in, in an order that stays. It switches none
	// on and takes no longer than a look at a few small files. A nil list with a nil error
	// is a computer without a camera; ErrCameraUnknown says that Tacit cannot use any on
	// this system.
	List() ([]CameraInfo, error)

	// Open switches a camera on. ErrCameraGone, ErrCameraBusy, ErrCameraForbidden,
	// ErrCameraUnusable.
	Open(ctx context.Context, id string) (Camera, error)
}

// Camera is a camera that is on. It belongs to one goroutine.
type Camera interface {
	// Next waits for a picture and returns the newest, which nothing changes afterwards
	// and whose bounds begin at 0, 0. ErrCameraGone when there will be none any more, or
	// the error of ctx.
	Next(ctx context.Context) (*image.YCbCr, error)

	// Close switches it off.
	Close() error
}

// CameraInfo names a camera: for the program, and for the person.
type CameraInfo struct{ ID, Name string }

// Why a camera shows nothing.
var (
	ErrCameraUnknown   = errors.New("cameras are not supported on this system")
	ErrCameraNone      = errors.New("no camera")
	ErrCameraGone      = errors.New("the camera is gone")
	ErrCameraBusy      = errors.New("another program uses the camera")
	ErrCameraForbidden = errors.New("the camera may not be used")
	ErrCameraUnusable  = errors.New("the camera gives no picture that can be used")
)
