package text

// Limits.
const (
	// runesPerShownLine bounds how much of a text is read when MaxLines says
	// that the rest is cut off anyway, so that a row of the chat list never
	// shapes a whole letter. No line of a window holds so many.
	runesPerShownLine = 1500

	// maxRun bounds what is given to the shaper at once, in runes: its time is
	// not linear in the length of a run. The cut falls between graphemes.
	maxRun = 2000

	// maxRunGrapheme cuts a run even inside a grapheme, against texts that are
	// one endless pile of marks.
	maxRunGrapheme = 2 * maxRun

	// longParagraph is from how many runes on the runs of a paragraph are cut between
	// words and kept: typing into the longest message there is must not shape all of it.
	longParagraph = 1000
	// shortRun is from how many runes on they are cut.
	shortRun = 48
	// maxKeptRun is the longest run that is kept, in runes.
	maxKeptRun = 2 * shortRun
	// cacheRuns bounds each of the two generations of kept runs: more than the longest
	// message has where its words change between two scripts.
	cacheRuns = 3000

	// cacheBytes bounds each of the two generations of glyph masks. A window of
	// Latin, Arabic and emoji at one scale uses about 300 KiB.
	cacheBytes = 4 << 20

	// wordWindow is how far word movement looks to either side, in runes.
	wordWindow = 256
)
