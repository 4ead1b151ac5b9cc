package app

import "time"

// Limits of what goes by mailbox.
const (
	// linkWait is how long a link is sought before a box is left at a node: long enough for a
	// contact on the same network, and nobody notices it where there is none.
	linkWait = 2 * time.Second
	// seekFirst and seekMax pace the search for a contact whose answer can come over a link
	// only: the contact may appear at any time, and each look is a request to their node.
	seekFirst = 5 * time.Second
	seekMax   = 5 * time.Minute
	// pollMean is the mean of the random times between two polls while nobody watches, and
	// pollLong how long a node may wait for something to come while somebody does.
	pollMean = 10 * time.Minute
	pollLong = 10 * time.Minute
	// mailRetryFirst and mailRetryMax pace a node that does not answer or has no room.
	mailRetryFirst = 5 * time.Second
	mailRetryMax   = 10 * time.Minute
	// maxPosts is how many nodes are spoken to at once for deposits; each is a connection.
	maxPosts = 8
	// postBatch is how many boxes go in one conversation: they are in memory meanwhile.
	postBatch = 16
	// maxMailedCells is how long a file is left at a node, 785 KB: what a whole grant pays for
	// but for the tokens that stay for words, and enough of it that the contact gives another.
	maxMailedCells = 12
	// tokensForWords is what a file leaves of a grant's 248.
	tokensForWords = 40
	// cellBatch is how many file cells go in one conversation: 256 KiB in memory.
	cellBatch = 4
	// maxMailings is how many files of a contact wait to be left; the rest wait for a link.
	maxMailings = 256
	// maxRefused is how many tokens running a node may refuse before it is asked less often:
	// a restored profile spends some again, and a node that lies is not to take all at once.
	maxRefused = 32
	// heldFor is how long a node keeps what was left there.
	heldFor = 30 * 24 * time.Hour
	// maxEarly is how many boxes of a contact wait for one before them: as many as the contact
	// can have under way.
	maxEarly = maxSealed
	// receiptMean is the mean of the random time after which a receipt goes alone: sooner it
	// would tell a node when somebody reads, and later the sender would wonder.
	receiptMean = 10 * time.Minute
	// maxReceipts is how many boxes one receipt names: a small cell, as for maxReadRefs.
	maxReceipts = 64
	// repeatedMax bounds the boxes of which it is remembered that they came twice.
	repeatedMax = 4096
	// resetAgain is how long a message of a reset lies at a node before it is left there
	// again: there are few tokens for these.
	resetAgain = 24 * time.Hour
	// resetTry paces what is tried until a reset may begin.
	resetTry = 10 * time.Minute
	// sleptFor is the gap between two ticks that says that the computer slept: what was open
	// then is open no more.
	sleptFor = time.Minute
)
