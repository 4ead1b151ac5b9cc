package bidi

// Limits set by UAX #9. A character outside of them keeps the level it has: no
// text is refused.
const (
	// maxDepth is max_depth of BD2: deeper embeddings are ignored.
	maxDepth = 125

	// maxPairs is the size of the stack of open brackets in BD16: with more
	// than so many open at once, the sequence's brackets pair no further.
	maxPairs = 63
)
