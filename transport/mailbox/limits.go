package mailbox

import "time"

const (
	// KeyLife is how long a node takes talks to a key before it makes the next. The one
	// before is taken for as long again, since clients keep its record for RecordLife.
	KeyLife = 7 * 24 * time.Hour
	// RecordLife is how long a client uses a record for an account without asking again.
	RecordLife = 24 * time.Hour
	// ClockGrace is by how much the clocks of two computers may differ, a time zone or a
	// day, before one takes what the other dated for old.
	ClockGrace = 24 * time.Hour

	// MaxWait bounds the wait of a fetch: less than the time after which a NAT forgets a
	// connection that keep-alives hold open.
	MaxWait = 10 * time.Minute
	// PagePlaces is how many small cells a page has room for: one file cell.
	PagePlaces = 16
	// MaxMarks is how many cells a fetch can settle: those of one page.
	MaxMarks = PagePlaces
	// PageSlots is how many presences are written at once, MaxPages how many times: more
	// contacts than one person has.
	PageSlots = 64
	MaxPages  = 16
	// MaxSlotsAtOnce is how many slots one request registers: those of one pairing are 9.
	MaxSlotsAtOnce = 16
	// SlotLife is how far ahead slots may be registered: the 7 days of a link, and one for
	// clocks that differ.
	SlotLife = 8 * 24 * time.Hour
	// LotLife is how far ahead a lot may end: spares are used for half a year after they
	// were made, and grants live 90 days.
	LotLife = 400 * 24 * time.Hour

	// PresenceLife bounds how long a presence holds: an old one leads nowhere.
	PresenceLife = 2 * time.Hour
	// maxRelays is what its 440 bytes have room for with the longest hints.
	maxRelays = 6
	// maxWhence is the longest address that fits its length byte.
	maxWhence = 255
)
