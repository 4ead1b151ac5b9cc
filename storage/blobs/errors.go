package blobs

import "errors"

var (
	// ErrNone says that there is no such blob, or that it has no such box.
	ErrNone = errors.New("no such box")
	// ErrDamaged says that the container does not give back what was written, or that the
	// ledger contradicts itself.
	ErrDamaged = errors.New("the container is damaged")
	// ErrFull says that the container cannot grow any more.
	ErrFull = errors.New("the container is at its greatest length")
	// errLength says that a box has another length than BoxSize.
	errLength = errors.New("a box has the wrong length")
)
