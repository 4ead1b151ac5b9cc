package pairing

import "time"

const (
	// maxPictureBytes is several times what a telephone's photograph takes.
	maxPictureBytes = 16 << 20

	// maxPictureSide and maxPicturePixels are asked of the header, before anything is
	// decoded: a few kilobytes can promise gigabytes. 24 million pixels are a photograph of
	// 6000 x 4000, and at eight bytes a pixel 192 MiB while it is decoded.
	maxPictureSide   = 12000
	maxPicturePixels = 24_000_000

	// maxPictureTime ends the reading of a picture that is small and slow (a progressive
	// JPEG of a hundred thousand scans).
	maxPictureTime = 10 * time.Second

	// maxCardText bounds what is taken from the clipboard or a field: the longest card
	// has some 200 characters.
	maxCardText = 4096

	// codeDigits are typed and shown on each side.
	codeDigits = 6

	// nobodyAfter is how long "looking for them" is said before it is said that they
	// cannot be reached: both sides of a LAN see each other within a second or two.
	nobodyAfter = 8 * time.Second
)

// searchSides are the sizes at which a picture is searched, longest side in pixels, in
// order: most cards are found at the first; small modules need the second, and a picture
// with coarse noise the third.
var searchSides = [...]int{1200, 3000, 500}

const (
	// sightWidth is how wide the picture of a camera is shown at most, in pixels: what it
	// has room for at 150 %.
	sightWidth = 528

	// sightEvery is the least time between two pictures that are shown: each repaints the
	// whole window.
	sightEvery = 66 * time.Millisecond

	// markedFor is how long the mark around a card is seen before the card is taken.
	markedFor = 400 * time.Millisecond
)
