package session

import "time"

const (
	// receiveLife is how long a replaced ratchet still receives: as long as a
	// mailbox keeps cells that were sealed with it.
	receiveLife = 30 * 24 * time.Hour
	// togetherSpan is the time in which two sessions count as made together, by two
	// people who each opened the other's card.
	togetherSpan = 10 * time.Minute
	// maxReceiving bounds the ratchets that an unknown box is tried against when
	// two people pair again and again.
	maxReceiving = 8
	// resetPause is how long after a reset the next one may begin. It costs both sides
	// key work and sends everything under way again, and whoever holds an old box can
	// ask for one.
	resetPause = time.Hour
	// maxNumber bounds the number of a reset as a store does, which knows no unsigned
	// numbers. At one an hour it is never reached.
	maxNumber = 1 << 62
)
