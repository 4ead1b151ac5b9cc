package voice

import "time"

const (
	// MaxLength bounds a recording: a quarter of an hour is 2.8 MB.
	MaxLength = 15 * time.Minute
	// maxHeard bounds a note that is played or drawn: what others recorded may be longer
	// than ours. Decoding an hour takes a quarter of a minute.
	maxHeard = time.Hour
	// tellEvery is how often who records or plays is told about it: each time is a repaint
	// of the whole window.
	tellEvery = 100 * time.Millisecond
	// MaxLevels is how many levels of a recording are kept to be drawn again: half a minute.
	MaxLevels = 300
	// preRoll is what a decoder must have heard before what it says counts (RFC 7845, 4.6).
	preRoll = 80 * time.Millisecond
	// maxGain bounds what the head of a file adds to its sound, in dB; beyond it nothing but
	// harm is meant.
	maxGain = 12
)
