package app

import (
	"time"

	"tacit/identity/envelope"
)

// Limits of files.
const (
	// MaxFileSize is the longest file, in bytes: 2 GiB.
	MaxFileSize = envelope.MaxFile

	// maxFileNameRunes and maxFileNameBytes bound a shown name: file systems take 255 bytes,
	// of which the name of an unfinished export and a number in brackets need some.
	maxFileNameRunes = 120
	maxFileNameBytes = 200
	// maxRawFileName bounds what is looked at of a name that somebody chose: from its end.
	maxRawFileName = 4096
	// maxExtension is how long an extension may be, with its dot, to be kept when a name is cut.
	maxExtension = 16
	// maxMediaType bounds a media type (RFC 6838 has 127 for each half; none in use is near).
	maxMediaType = 127
	// maxPictureSide is the widest picture whose sides are believed (as in package picture).
	maxPictureSide = 20000

	// fileBatch is how many boxes are read or written at once: 512 KiB of a file in memory.
	fileBatch = 8
	// sendBatch is how many file cells one SendFile carries: 256 KiB, so that a pause waits for few.
	sendBatch = 4
	// syncCells and syncAfter pace how often what arrived of a file is made durable: 16 MiB
	// or so much time, which is what a crash costs at most.
	syncCells = 256
	syncAfter = 2 * time.Second
	// progressEvery paces FileProgress of one file.
	progressEvery = 250 * time.Millisecond
	// rateOver is over how long a rate is smoothed.
	rateOver = 3 * time.Second
	// fileStall is how long nothing comes of what was asked for before it is asked for again,
	// and the file waits; each time twice as long, up to fileStallMax.
	fileStall    = 15 * time.Second
	fileStallMax = 5 * time.Minute
	// askAgain is how soon a gap among the cells is answered: whatever is still on its way
	// would be one, too. A gap after a gap is answered later, twice as late each time.
	askAgain = 2 * time.Second
	// maxGapDoublings bounds how much later: 128 s.
	maxGapDoublings = 6
	// maxErrands is how many files one contact may have asked for and not got yet.
	maxErrands = 256
	// maxFetching is how many files are asked for at a time of one contact.
	maxFetching = 32
	// maxAwaited is about how many files of one contact wait to be fetched by themselves, of
	// which each holds 1.2 KB of memory; those beyond ask first.
	maxAwaited = 1024
)
