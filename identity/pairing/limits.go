package pairing

import "time"

const (
	// MaxName bounds a profile so that every message fits its cell, in bytes.
	MaxName = 256
	// MaxFirstMessages is how many distinct M1 one card answers over its whole life,
	// restarts included. Each answer is a fresh chance of one in a million for whoever stands
	// between the two to meet a code that matches.
	MaxFirstMessages = 3
	// maxResetMessages is how many distinct M1 one reset answers: another one of the same
	// number comes from a copy of S that went back in time, and needs a greater number.
	maxResetMessages = 1
	// sessionLife is how long one session keeps other first messages away. It does
	// not end by itself: only another first message can then take its place, so
	// that a card is not lost to somebody who began and left.
	sessionLife = 2 * time.Minute
)
