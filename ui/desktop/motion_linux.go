package desktop

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// What the settings portal calls the wish for less movement. The first is of all desktops;
// GNOME and those that follow it had the second long before.
const (
	portalName      = "org.freedesktop.portal.Desktop"
	portalPath      = "/org/freedesktop/portal/desktop"
	portalSettings  = "org.freedesktop.portal.Settings"
	settingsChanged = "SettingChanged"

	appearance    = "org.freedesktop.appearance"
	reducedMotion = "reduced-motion" // uint32: 1 is less
	gnome         = "org.gnome.desktop.interface"
	animations    = "enable-animations" // bool: false is less
)

// WatchMotion tells whether the desktop asks for less movement, once if it does and then
// at each change, until ctx ends or the bus goes away. Where there is no bus, or nobody on
// it knows, it returns and has told nothing.
func WatchMotion(ctx context.Context, told func(less bool)) {
	conn, err := connect(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	changes := make(chan *dbus.Signal, signalQueue)
	conn.Signal(changes)
	err = conn.AddMatchSignal(dbus.WithMatchObjectPath(portalPath), dbus.WithMatchInterface(portalSettings), dbus.WithMatchMember(settingsChanged))
	if err != nil {
		return
	}
	var w wish
	w.take(appearance, reducedMotion, ask(ctx, conn, appearance, reducedMotion))
	w.take(gnome, animations, ask(ctx, conn, gnome, animations))
	said := w.less()
	if said {
		told(true)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case s, ok := <-changes:
			if !ok {
				return
			}
			w.hear(s)
			if now := w.less(); now != said {
				said = now
				told(now)
			}
		}
	}
}

// ask reads one setting; nil where nobody knows it.
func ask(ctx context.Context, conn *dbus.Conn, namespace, key string) any {
	ctx, cancel := context.WithTimeout(ctx, busTimeout)
	defer cancel()
	var v dbus.Variant
	portal := conn.Object(portalName, portalPath)
	for _, method := range []string{"ReadOne", "Read"} { // the second is what old portals have
		if portal.CallWithContext(ctx, portalSettings+"."+method, 0, namespace, key).Store(&v) == nil {
			return plain(v)
		}
	}
	return nil
}

// plain takes a value out of its variants; Read puts it into two.
func plain(v dbus.Variant) any {
	for {
		inner, ok := v.Value().(dbus.Variant)
		if !ok {
			return v.Value()
		}
		v = inner
	}
}

// wish is what the desktop said last, by each of the two names.
type wish struct{ reduced, noAnimations bool }

func (w *wish) less() bool { return w.reduced || w.noAnimations }

// take notes a value; one of another type, or of another name, is no wish.
func (w *wish) take(namespace, key string, value any) {
	switch {
	case namespace == appearance && key == reducedMotion:
		n, ok := value.(uint32)
		w.reduced = ok && n == 1
	case namespace == gnome && key == animations:
		on, ok := value.(bool)
		w.noAnimations = ok && !on
	}
}

// hear takes a signal, which anybody on the bus may have sent.
func (w *wish) hear(s *dbus.Signal) {
	if s.Name != portalSettings+"."+settingsChanged || len(s.Body) != 3 {
		return
	}
	namespace, _ := s.Body[0].(string)
	key, _ := s.Body[1].(string)
	if v, ok := s.Body[2].(dbus.Variant); ok {
		w.take(namespace, key, plain(v))
	}
}
