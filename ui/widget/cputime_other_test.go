//go:build !linux

package widget

import "time"

// cpuTime returns 0: only Linux tells it for a thread.
func cpuTime() time.Duration { return 0 }
