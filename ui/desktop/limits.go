package desktop

import "time"

const (
	// busTimeout is how long a bus may take to let this program in. One that takes longer
	// is treated as none; the window does not wait for it.
	busTimeout = 5 * time.Second
	// watcherTimeout is how long the program that keeps the tray may take for a question.
	watcherTimeout = 2 * time.Second
	// endTimeout is how long the end of the program waits for notes to be taken away.
	endTimeout = time.Second
	// noteLife is how long a note stands that says more than that there is something: long
	// enough to be read twice.
	noteLife = 12 * time.Second
	// orphanLife is when a server ends such a note by itself, if this program died meanwhile.
	orphanLife = 30 * time.Second
	// signalQueue is how many signals wait; the bus sends few, and only those asked for.
	signalQueue = 64
)
