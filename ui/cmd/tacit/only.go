package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"tacit/ui"
	"tacit/ui/cmd/internal/instance"
	"tacit/ui/cmd/internal/profile"
	"tacit/ui/desktop"
)

var _ ui.Desktop = (*desktop.Session)(nil)

var errFrozen = errors.New("another window has this folder and does not answer; nothing was opened. Wait for it, or end it, and start again")

// only is what makes this the one window of its folder.
type only struct {
	instance *instance.Instance // nil: nobody could be asked whether there is another
	window   *ui.Window
	ready    chan struct{} // closed when window is set
}

// claim fails with instance.ErrServed where another window was brought forward instead. A
// folder that has no place to ask at is opened all the same: a profile is never open twice.
func (o *only) claim(of options) error {
	o.ready = make(chan struct{})
	i, err := instance.Claim(of.profile, of.window.Minimised, o.show)
	switch {
	case errors.Is(err, instance.ErrFrozen):
		return errFrozen
	case errors.Is(err, instance.ErrServed):
		return err
	case err != nil:
		slog.Warn("a second start will not be told from this one")
	}
	o.instance = i
	return nil
}

// show brings the window forward for a later start.
func (o *only) show(ctx context.Context) {
	select {
	case <-o.ready:
		o.window.Come(ctx)
	case <-ctx.Done():
	}
}

func (o *only) shows(w *ui.Window) {
	o.window = w
	close(o.ready)
}

func (o *only) close() {
	if o.instance != nil {
		_ = o.instance.Close() // what is left of it, the next start takes over
	}
}

// autostart is the start of this program with the session, as it was started now.
func autostart(o options) *desktop.Autostart {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	args := []string{"--minimised"}
	if o.single {
		folder, err := filepath.Abs(o.profile)
		if err != nil {
			return nil
		}
		args = append(args, "--profile", folder)
	}
	if o.listen != profile.LAN {
		args = append(args, "--listen", string(o.listen))
	}
	return desktop.NewAutostart(program, args...)
}
