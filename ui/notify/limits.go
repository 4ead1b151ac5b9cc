package notify

const (
	// maxNotes stand at once: more than that nobody reads, and whoever has many contacts
	// comes back to a window, not to a wall of notes. The newest stay.
	maxNotes = 8
	// maxWaiting is how many messages of a chat a note stands for. A flood takes no more
	// memory than this; the number that a note says ends here, with a plus sign.
	maxWaiting = 100
	// maxText is how many letters of a message a note shows: what servers of notes have
	// room for, and no more than is needed to know whether it can wait.
	maxText = 160
	// maxName is how many letters of a name a note shows.
	maxName = 40
)
