//go:build !linux && !freebsd && !netbsd && !openbsd && !windows

package clip

import "context"

// Picture returns ErrNone.
func Picture(context.Context) ([]byte, error) { return nil, ErrNone }
