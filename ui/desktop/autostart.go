package desktop

import (
	"errors"
	"syscall"

	"tacit/app"
)

// Autostart is whether the program starts when the person logs in. The entry for it stands
// in clear on the disk, where the system looks for it: it names the program and its
// options, and nothing of a profile.
type Autostart struct {
	place   string   // of the entry; what it means is the system's
	command []string // the program and its options
}

// On reports whether there is an entry that starts this program with these options.
func (a *Autostart) On() bool { return a.on() }

// Set makes the entry, in place of another of this name, or removes it.
// app.ErrDiskFull, app.ErrDiskReadOnly.
func (a *Autostart) Set(on bool) error {
	switch err := a.set(on); {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return app.ErrDiskFull
	default:
		return app.ErrDiskReadOnly
	}
}
