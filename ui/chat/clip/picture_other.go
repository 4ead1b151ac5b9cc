//go:build !linux && !freebsd && !netbsd && !openbsd

package clip

import "context"

// Picture returns ErrNone.
func Picture(context.Context) ([]byte, error) { return nil, ErrNone }
