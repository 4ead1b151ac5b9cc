package storage

import "time"

const (
	// cacheKiB is the page cache of SQLite: the inner pages of every index of a
	// million messages, and the pages of the chats in use. It spares deciphering them.
	cacheKiB = 8 << 10
	// asideCacheKiB is that of a database aside: what comes goes to its end, and what is
	// fetched is read once.
	asideCacheKiB = 2 << 10
	// checkPages is up to how many pages every one is checked when the profile is
	// opened (about 20 ms); those of a larger one are checked when they are read.
	checkPages = 4096
	// indexBatch is how many messages enter the search index together: about 5 ms
	// for which nobody else gets at the store.
	indexBatch = 512
	// indexAfter is how many wait for that while the store is busy: the work is done where
	// nobody waits, but for what is more than a search can look through (maxScan).
	indexAfter = 2048
	// mergePages is how many pages of the index are joined in one turn: a few milliseconds.
	// Left to itself, FTS5 joins up to a thousand in the middle of a batch, in 40 ms.
	mergePages = 32
	// maxScan is how many messages that the index lacks one search looks at: about 20 ms. It
	// lacks so many only while it is made anew.
	maxScan = 4096
	// maxCandidates is how many messages a search ranks, twice: those with whole words, and
	// all. More cost 10 us each, and nobody scrolls so far.
	maxCandidates = 500
	// maxUnindexed is how many messages are taken out of the index one by one when a contact
	// goes: up to 3 ms each in a large index. It is made anew else.
	maxUnindexed = 64
	// checkpointAfter is after how many updates the log is copied into the database
	// once the store is idle: about 3 MiB, so that the log stays in its first 4 MiB.
	checkpointAfter = 64
	// checkpointPages is the length of the log in pages at which a commit copies it itself:
	// just below what its first 4 MiB hold.
	checkpointPages = 900
	// idleAfter is how long nobody used the store before it tidies up.
	idleAfter = 100 * time.Millisecond
	// eraseAfter is how long nobody changed the store before what was deleted is overwritten
	// in its files; that takes the store some ten milliseconds.
	eraseAfter = 2 * time.Second
	// eraseWithin is after how long it is overwritten although the store is never idle.
	eraseWithin = 30 * time.Second
	// sweepEvery is how often the store looks whether files come in before it overwrites a
	// piece of what was removed, and how long between two pieces while they do.
	sweepEvery = 250 * time.Millisecond
	// wipeAfter and fillAfter are after how many such times it is done although files
	// come in: 3 s for what was removed, a minute for what never held anything.
	wipeAfter = 12
	fillAfter = 240
	// backupPage is how many messages a backup reads in one turn: a few milliseconds.
	backupPage = 256
)

// Limits of what a backup holds, beside those of app.
const (
	maxWord       = 32       // bytes of a state, a reason, a notice, a way of meeting
	maxSettingKey = 256      // bytes
	maxUnknown    = 64 << 10 // bytes of content that nobody understood: more than any cell holds
	maxReactions  = 64       // of one message: more than app.MaxReactions of each side
	maxEmoji      = 64       // bytes
	maxFileName   = 256      // bytes, and of a media type
	maxAddress    = 256      // bytes of a node's address: more than identity.NodeAddress can be
)
