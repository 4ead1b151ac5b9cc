package clip

import "time"

const (
	// maxPicture bounds what is read, in bytes: a screen of 8K as PNG has room in it.
	maxPicture = 64 << 20
	// patience bounds how long a reading takes, however little the owner of the clipboard
	// sends at a time.
	patience = 5 * time.Second
	// chunk is how much of a property is asked for at once, in units of four bytes.
	chunk = 1 << 16
	// maxReply bounds one answer of the display: a chunk with room for its head, and the
	// first one, which describes screens and visuals.
	maxReply = 4*chunk + 1<<16
	// maxTargets is how many kinds of content an owner may offer.
	maxTargets = 1024
)
