package near

import "time"

// Limits of what is said.
const (
	// Animals is how many words the list of each language has, and MinNumber and MaxNumber
	// bound the number behind one: 5760 names, short enough to be read out across a table.
	Animals   = 64
	MinNumber = 10
	MaxNumber = 99
	// MaxFrame bounds a frame, its type counted and its length not: nothing needs more, and
	// a newer version may.
	MaxFrame = 4096
	// MaxCard bounds the text of a card, as it does wherever one is read.
	MaxCard = 512
)

// Limits of others.
const (
	// MaxPartners is how many are shown: a room of people, and a list that can be read.
	MaxPartners = 32
	// MaxPerAddr is how many of them come from one address, so that one computer fills no list.
	MaxPerAddr = 4
	// maxCards is how many cards a partner gets in one stay: each picking anew costs one, and
	// each is a link to be looked for.
	maxCards = 3
	// maxRedraws is how often a name that somebody else has too is drawn anew: whoever copies
	// names must not have this side change its own for ever.
	maxRedraws = 3
	// frameBurst and frameEvery bound what a partner says: a person picks once in a while.
	frameBurst = 16
	frameEvery = 500 * time.Millisecond
)

// Times.
const (
	// repeatEvery is how often the name is said again, and silence how long a partner who
	// says nothing is believed to be there: two late ones are no end.
	repeatEvery = 4 * time.Second
	silence     = 3 * repeatEvery
	// nameWithin is how long somebody may hold a place without a name.
	nameWithin = 3 * time.Second
)
