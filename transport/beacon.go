package transport

import "context"

// beacon says one announcement on the network and reports those of others.
type beacon interface {
	// run works until ctx ends or the beacon can work no longer, and calls found from one
	// goroutine at a time. Its own announcement may be among what it reports.
	run(ctx context.Context, own announcement, found func(sighting)) error
}
