// Package clip reads pictures from the clipboard, which the toolkit reads texts from only.
//
// On X11 it is a client of its own, for as long as one reading takes: whoever owns the
// clipboard may be slow, hang or send without an end, and the window must not wait for it.
// It speaks to the display of this computer, never over a network. On Windows it asks the
// system. Elsewhere there is no picture to be had.
package clip

import "errors"

// ErrNone says that the clipboard holds no picture, or that it cannot be read here.
var ErrNone = errors.New("there is no picture on the clipboard")

// types are the pictures that are taken, the best first.
var types = []string{"image/png", "image/jpeg", "image/webp", "image/gif"}
