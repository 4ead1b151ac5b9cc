package envelope

import "time"

const (
	// GrantCount is how many tokens a grant holds: some weeks of talk before a renewal.
	GrantCount = 256
	// GrantLife bounds how long a right to deposit outlives the trust it came from.
	GrantLife = 90 * 24 * time.Hour
	// ReservedTokens at the end of a grant are kept for the messages of a session reset,
	// which must get through when everything else is spent.
	ReservedTokens = 8
	// renewShare: a grant is to be renewed when a quarter of it is left, so that the
	// new one has time to arrive.
	renewShare = 4
	// endNotAfter is the year 10000 in seconds since 1970, as for the time of a text: far
	// beyond it a time overflows and would compare as long past.
	endNotAfter = 253402300800
	// MaxFile is the longest file, in bytes: 34816 cells, whose indices and leaf hashes
	// a receiver keeps without a thought.
	MaxFile = 2 << 30
)
