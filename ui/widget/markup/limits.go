package markup

// Limits.
const (
	// maxLink is the longest link, in runes: browsers take no longer ones from each
	// other, and what is longer was not typed by a person.
	maxLink = 2048

	// maxTicks is the longest run of backticks that parts code from text on a line.
	maxTicks = 3

	// maxHost is the longest name of a host (RFC 1035), in bytes.
	maxHost = 253
)
