package camera

import "time"

const (
	// wantWidth and wantHeight are the largest picture that is asked for: a card that
	// fills a third of its height has five pixels a module, and a larger one takes longer
	// to read than a hand holds still.
	wantWidth, wantHeight = 1280, 960

	// maxSide bounds the sides of a picture that a camera announces.
	maxSide = 4096

	// buffers are lent to the system: one is filled while one is read, and one is spare.
	buffers = 3

	// wait is how long the camera is waited for before it is asked whether anybody still
	// wants a picture, in the whole seconds that the library counts.
	wait uint32 = 1

	// silence is how long a camera that is on may show nothing: some need three seconds
	// to begin.
	silence = 6 * time.Second

	// maxBad is how many pictures in a row may be unreadable: the first ones of a camera
	// often are.
	maxBad = 30
)
