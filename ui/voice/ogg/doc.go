// Package ogg reads and writes Ogg Opus files of one stream that lie in memory
// (RFC 3533, RFC 7845).
//
// It is strict: what a stranger sent is read whole or not at all, within the limits of
// limits.go, and nothing in it is repaired or skipped. It decodes no sound.
package ogg

import "errors"

// ErrMalformed says that a file is no Ogg Opus file, or one that is damaged, or one with
// more than is read here: several streams, more than two channels.
var ErrMalformed = errors.New("ogg opus file malformed")

// ErrTooLarge says that a file is beyond the limits of this package.
var ErrTooLarge = errors.New("ogg opus file too large")

// Rate is the samples a second that all positions and lengths count, whatever was recorded.
const Rate = 48000
