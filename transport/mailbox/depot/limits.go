package depot

import "time"

const (
	// CellSize is a small cell, and a place in a page; a large cell takes 4, a cell of a file 16.
	CellSize = 4096

	// PagePlaces is how much one page of Fetch holds: a cell of a file fits alone.
	PagePlaces = 16

	// MaxMarks is how many a page can have handed out.
	MaxMarks = PagePlaces

	// DefaultQuota of an account: 16,384 small cells, a month of 500 messages a day.
	DefaultQuota = 64 << 20

	// CellLife is how long a cell waits, in whole days: it is over when the day (UTC) of its
	// deposit is that many days past. Whoever still has it deposits it again.
	CellLife = 30 * Day

	// Day is the step in which cells get old, so that what is over can be dropped whole.
	Day = 24 * time.Hour

	// MaxLots an account may have: 65,536 tokens, more than fit into the quota.
	MaxLots = 16

	// MaxLotLife: a lot is uploaded for 270 days; the rest is room for wrong clocks.
	MaxLotLife = 400 * Day

	// MaxSlots an account may have: 28 pairings at once. With a cell in each they take 1 MiB.
	MaxSlots = 256

	// MaxSlotLife: a pairing by link has 7 days; one more for wrong clocks.
	MaxSlotLife = 8 * Day

	// PresencePages times PresenceSlots is how many contacts can be shown presence: 1024.
	PresencePages = 16
	PresenceSlots = 64

	// PresenceSize is one sealed presence.
	PresenceSize = 512

	// PresenceLife: what is sealed in it is not valid for longer.
	PresenceLife = 2 * time.Hour

	// MaxKeys is far more than the keys of a node.
	MaxKeys = 16 << 10

	// AccountLife is how long an account is kept that nobody logs in to: as long as its
	// longest lot could be of use.
	AccountLife = MaxLotLife
)
