package ratchet

import "time"

const (
	// maxSkip bounds the work that one authenticated header can ask for. Senders
	// stay 500 ahead at most, so twice that is never honest.
	maxSkip = 1000
	// maxSkipped bounds what lost messages leave behind. When it is full the oldest
	// key makes room: refusing would end the session for good.
	maxSkipped = 2000
	// maxOldChains bounds the header keys that every unknown box is tried against.
	maxOldChains = 8
	// skippedLife is how long a mailbox keeps a cell; what has not come by then never will.
	skippedLife = 30 * 24 * time.Hour
)
