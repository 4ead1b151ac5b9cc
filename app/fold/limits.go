package fold

// Limits of what is read.
const (
	// MaxTerm is how many runes of a word count for an index; what follows only for Match.
	// No language has longer words, and whoever pastes a key seeks its beginning.
	MaxTerm = 64
	// MaxPieces is how many pieces of a query count: more than anybody types, and a bound
	// on the work of one text.
	MaxPieces = 16
	// maxHits is up to how many hits are told apart: a text is not better for repeating a word.
	maxHits = 4
)

// Version of what Terms returns. It grows with every change of it: an index that was made by
// another one is made anew.
const Version = 1
