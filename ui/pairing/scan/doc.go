// Package scan finds a QR code in a picture or in a frame of a camera.
//
// What tells dark from light decides what is read, and no one way does for all light, so
// there are several, the quickest and most often right ones first. docs/qr.md says how
// they were chosen and what they read.
package scan

import (
	"errors"
	"image"
)

// ErrNoCode says that no code was found.
var ErrNoCode = errors.New("no code in the picture")

// Code is a code in a picture.
type Code struct {
	Text    string
	Corners [4]image.Point // of its modules, clockwise as it is read; where it leans, about
}
