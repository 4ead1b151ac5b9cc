package chat

const (
	// pageSize is how many messages one question to the store brings: somewhat more
	// than two screens of short ones.
	pageSize = 50
	// maxLoaded bounds what a conversation holds of a chat of any length. Twenty pages
	// let a reader go back and forth without waiting; at 16 KiB a message they are
	// 16 MB at worst, and some 200 kB as people write.
	maxLoaded = 20 * pageSize
	// maxHits bounds what a search shows; nobody reads further, they type another word.
	maxHits = 50
	// maxFound bounds the hits of a search in one chat, which are gone through one by one.
	maxFound = 500
	// maxAttached bounds the files in the composer: each is a row of it.
	maxAttached = 20
	// minQuery is the shortest query, in characters, that is also looked for in messages.
	minQuery = 2
	// counterShare is the share of the greatest length, in percent, from which on the
	// composer shows how much is left.
	counterShare = 90
)
