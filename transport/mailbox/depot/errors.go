package depot

import "errors"

var (
	// ErrAway: the database cannot be reached now. It may be soon.
	ErrAway = errors.New("the database cannot be reached")
	// ErrFull: there is no room on the disk. Nothing was stored.
	ErrFull = errors.New("no room on the disk")
	// ErrStranger: the account was not admitted, or has left.
	ErrStranger = errors.New("unknown account")
	// ErrRefused: the request is against a limit, or touches what belongs to another.
	ErrRefused = errors.New("refused by the depot")
	// ErrDamaged: what is stored is not what was written. A backup has to be restored.
	ErrDamaged = errors.New("the stored data are damaged")
	// ErrNewer: what is stored is of a newer version of the program.
	ErrNewer = errors.New("the stored data are of a newer version")
)
