package device

import "time"

const (
	// period is how much sound comes or goes at a time, and periods how many of them the
	// system holds. Together they are what is not heard yet of what it was given.
	period  = 20 * time.Millisecond
	periods = 3
	// deaf is how long a device may be silent before it counts as gone: some servers end
	// without a word.
	deaf = 2 * time.Second
	// answering is how long the sound system may take to say what there is, and to open it;
	// one that is there takes some 50 ms, and one that is being started a second.
	answering = 3 * time.Second
	// parting is how long Close waits for a device to be given back; one that is there takes
	// some 30 ms.
	parting = time.Second
	// ahead is how much sound a loudspeaker is given ahead of time.
	ahead = 200 * time.Millisecond
	// behind is how much a microphone may have heard before it is read; what comes beyond is
	// dropped. Who reads encodes in a fiftieth of the time: it is a computer that stood still.
	behind = 5 * time.Second
)
