//go:build !linux

package camera

import "tacit/ui/pairing"

// New returns nil: Tacit knows no cameras of this system.
func New() pairing.Cameras { return nil }
