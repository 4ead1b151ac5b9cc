//go:build !linux

package app

import "time"

var processStart = time.Now()

// elapsed is Go's monotonic clock, which on macOS and Windows goes on while the computer sleeps.
func elapsed() time.Duration { return time.Since(processStart) }
