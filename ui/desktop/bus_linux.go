package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

var errNoBus = errors.New("there is no session bus")

// busAddress is where the session bus of this person is. The library would start a bus
// where there is none, which nobody else would be on.
func busAddress() string {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" {
		return a
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		path := filepath.Join(dir, "bus")
		if info, err := os.Stat(path); err == nil && info.Mode().Type() == os.ModeSocket {
			return "unix:path=" + dbus.EscapeBusAddressValue(path)
		}
	}
	return ""
}

// connect returns a connection of our own, which ends with ctx: one that is shared would
// be closed by others. Only a bus on this computer is spoken to, since what notes say
// goes over it.
func connect(ctx context.Context) (*dbus.Conn, error) {
	address := busAddress()
	if !strings.HasPrefix(address, "unix:") {
		return nil, errNoBus
	}
	ctx, cancel := context.WithCancel(ctx)
	late := time.AfterFunc(busTimeout, cancel)
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	if !late.Stop() {
		return nil, errNoBus
	}
	return conn, nil
}

// owned reports whether a program on the bus goes by a name.
func owned(ctx context.Context, conn *dbus.Conn, name string) bool {
	var has bool
	err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has)
	return err == nil && has
}

// startable reports whether the bus would start a program of that name when it is called.
func startable(ctx context.Context, conn *dbus.Conn, name string) bool {
	var names []string
	if conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names) != nil {
		return false
	}
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
