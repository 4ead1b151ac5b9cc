package desktop

import (
	"context"
	"reflect"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	itemName    = "org.kde.StatusNotifierItem"
	itemPath    = dbus.ObjectPath("/StatusNotifierItem")
)

// tray is the icon as the programs that draw trays see it. It belongs to the goroutine of
// its session; what they call runs on the bus's.
type tray struct {
	conn   *dbus.Conn
	shown  Tray
	menu   *menu
	props  *prop.Properties // nil while the icon is not on the bus
	chosen func(string)
}

func newTray(conn *dbus.Conn, chosen func(string)) *tray {
	return &tray{conn: conn, menu: newMenu(chosen), chosen: chosen}
}

// show changes what the tray shows.
func (t *tray) show(now Tray) {
	if t.props == nil || reflect.DeepEqual(t.shown, now) {
		return
	}
	before := t.shown
	t.shown = now
	if before.Unread != now.Unread {
		t.props.SetMust(itemName, "IconPixmap", pixmaps(now.Unread))
		t.emit(itemName+".NewIcon", itemPath)
	}
	if before.Word != now.Word {
		t.props.SetMust(itemName, "ToolTip", toolTip{Title: now.Word})
		t.emit(itemName+".NewToolTip", itemPath)
	}
	if revision, changed := t.menu.set(now); changed {
		t.emit(menuName+".LayoutUpdated", menuPath, revision, int32(0))
	}
}

// emit tells whoever listens. Where nobody can be told, nobody shows the tray either.
func (t *tray) emit(signal string, from dbus.ObjectPath, args ...any) {
	_ = t.conn.Emit(from, signal, args...)
}

// export puts the icon and its menu on the bus. Where that fails there is no tray.
func (t *tray) export(now Tray) {
	t.shown = now
	t.menu.set(now)
	fixed := func(v any) *prop.Prop { return &prop.Prop{Value: v, Emit: prop.EmitFalse} }
	props, err := prop.Export(t.conn, itemPath, prop.Map{itemName: {
		"Category":   fixed("Communications"),
		"Id":         fixed(programIcon),
		"Title":      fixed(programName),
		"Status":     fixed("Active"),
		"IconName":   fixed(""), // the picture is sent: a theme need not know it
		"IconPixmap": fixed(pixmaps(now.Unread)),
		"ToolTip":    fixed(toolTip{Title: now.Word}),
		"ItemIsMenu": fixed(false),
		"Menu":       fixed(menuPath),
	}})
	if err != nil {
		return
	}
	_, err = prop.Export(t.conn, menuPath, prop.Map{menuName: {
		"Version":       fixed(uint32(3)),
		"Status":        fixed("normal"),
		"TextDirection": fixed(direction(now.Mirrors)),
		"IconThemePath": fixed([]string{}),
	}})
	if err != nil || t.conn.Export(t.menu, menuPath, menuName) != nil || t.conn.Export(item{t.chosen}, itemPath, itemName) != nil {
		return
	}
	t.props = props
}

func direction(mirrors bool) string {
	if mirrors {
		return "rtl"
	}
	return "ltr"
}

// register asks the program that keeps the tray to take the icon, and reports whether it
// can be seen.
func (t *tray) register(ctx context.Context) (there bool) {
	if t.props == nil || !owned(ctx, t.conn, watcherName) {
		return false
	}
	watcher := t.conn.Object(watcherName, watcherPath)
	var v dbus.Variant
	// Not by GetProperty, which would wait for a program that hangs, and keep notes from being taken away.
	asked := watcher.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, watcherName, "IsStatusNotifierHostRegistered")
	if asked.Store(&v) == nil {
		if drawn, ok := v.Value().(bool); ok && !drawn {
			return false // it keeps icons that nobody draws
		}
	}
	return watcher.CallWithContext(ctx, watcherName+".RegisterStatusNotifierItem", 0, string(itemPath)).Err == nil
}

// item is what the tray can ask of the icon.
type item struct{ chosen func(string) }

// Activate is the first button of the pointer.
func (i item) Activate(_, _ int32) *dbus.Error {
	i.chosen("")
	return nil
}

// SecondaryActivate is the middle button.
func (i item) SecondaryActivate(_, _ int32) *dbus.Error { return nil }

// ContextMenu asks for a menu of our own; the one on the bus is to be shown.
func (i item) ContextMenu(_, _ int32) *dbus.Error { return nil }

// Scroll is the wheel.
func (i item) Scroll(_ int32, _ string) *dbus.Error { return nil }

// toolTip has the shape (sa(iiay)ss) of the protocol.
type toolTip struct {
	Icon   string
	Pixmap []pixmap
	Title  string
	Text   string
}

// pixmap has the shape (iiay): ARGB, the highest byte first.
type pixmap struct {
	W, H int32
	Pix  []byte
}

// pixmaps is the icon in the sizes that trays have on displays of one to three times the
// common density.
func pixmaps(unread bool) []pixmap {
	var all []pixmap
	for _, size := range []int{16, 22, 24, 32, 48, 64} {
		img := Icon(size, unread)
		p := pixmap{W: int32(size), H: int32(size), Pix: make([]byte, 0, 4*size*size)}
		for i := 0; i < len(img.Pix); i += 4 {
			p.Pix = append(p.Pix, img.Pix[i+3], img.Pix[i], img.Pix[i+1], img.Pix[i+2])
		}
		all = append(all, p)
	}
	return all
}
