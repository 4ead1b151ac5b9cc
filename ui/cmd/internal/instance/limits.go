package instance

import "time"

const (
	// askTimeout is how long a second start waits for the first one to come forward: a
	// window that takes longer is frozen, and whoever clicked wants to be told so.
	askTimeout = 3 * time.Second
	// askAgain is how long it waits before it looks again for one that begins or ends.
	askAgain = 50 * time.Millisecond
	// heedTimeout is how long somebody at the socket may take to say what they want, and to
	// take the answer: they are on the same computer.
	heedTimeout = time.Second
	// maxSocketPath is what the address of a Unix socket has room for on every system.
	maxSocketPath = 100
)
