package profile

import "time"

// maxLabelFile bounds a label that is read: a name of app.CleanName and its line end.
const maxLabelFile = 256

// maxLanguageFile bounds the tag of a language that is read.
const maxLanguageFile = 16

const (
	// heldAtMost is how much is held for one contact: some ten thousand messages, and of a
	// hundred contacts no more than a desktop's disk can spare.
	heldAtMost = 64 << 20

	// holderLooks is how often it is looked whether this computer has another address, and
	// a mailbox that could not be opened is tried again.
	holderLooks = time.Minute
)
