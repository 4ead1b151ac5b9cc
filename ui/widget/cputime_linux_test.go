package widget

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime returns how long the processor has worked for the calling thread: what a figure
// of a busy computer is worth, where the clock also counts what others do.
func cpuTime() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}
