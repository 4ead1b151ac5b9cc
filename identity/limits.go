package identity

import "time"

const (
	// ScreenCardLife is how long a card on a screen is shown before the next one
	// takes its place: a photograph of the screen is soon worthless.
	ScreenCardLife = 2 * time.Minute
	// ScreenCardGrace is how long a screen card stays good after that, for a person
	// who scanned it in its last moment.
	ScreenCardGrace = time.Minute
	// MaxLinkTTL bounds the life of a card sent as a link, which others may read on
	// its way: an unused invitation must die.
	MaxLinkTTL = 7 * 24 * time.Hour

	// MaxHint keeps the QR code of a card within 49 modules, which a webcam reads.
	MaxHint = 64
	// maxCardText refuses a pasted book before it is decoded: prefix, base32 of the
	// longest card, and some blanks around it.
	maxCardText = 512

	// HelloTags is how many keys one hello can carry; more parties than that are
	// shown the keys of those used latest. 255 tags and the fill make one cell.
	HelloTags = 255
)
