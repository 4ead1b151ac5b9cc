//go:build !linux

package desktop

import "context"

// WatchMotion tells nothing: what these systems say about movement is not asked.
func WatchMotion(context.Context, func(less bool)) {}
