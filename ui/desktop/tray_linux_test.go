package desktop

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// watcher is the program that keeps a tray.
type watcher struct {
	conn  *dbus.Conn
	props *prop.Properties

	mu    sync.Mutex
	items []string // guarded by mu: who registered
}

// keepTray starts a tray, drawn or not.
func keepTray(t *testing.T, drawn bool) *watcher {
	t.Helper()
	w := &watcher{conn: onBus(t)}
	props, err := prop.Export(w.conn, watcherPath, prop.Map{watcherName: {
		"IsStatusNotifierHostRegistered": {Value: drawn},
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.props = props
	if err := w.conn.ExportMethodTable(map[string]any{
		"RegisterStatusNotifierItem": func(from dbus.Sender, path string) *dbus.Error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.items = append(w.items, string(from)+path)
			return nil
		},
	}, watcherPath, watcherName); err != nil {
		t.Fatal(err)
	}
	if _, err := w.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return w
}

// item waits until somebody registers, and returns who.
func (w *watcher) item(t *testing.T) string {
	t.Helper()
	until(t, "an icon is registered", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.items) > 0
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.TrimSuffix(w.items[0], string(itemPath))
}

var closedTray = Tray{Word: "Tacit", Items: []Item{
	{Name: Open, Label: "Open"}, {Name: Lock, Label: "Lock", Off: true}, {}, {Name: Quit, Label: "Quit_"},
}}

// layout is the menu as a tray reads it.
func layout(t *testing.T, menu dbus.BusObject) (revision uint32, labels []string, off []bool) {
	t.Helper()
	var root layoutNode
	if err := menu.Call(menuName+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Children {
		var line layoutNode
		if err := dbus.Store([]any{c.Value()}, &line); err != nil {
			t.Fatal(err)
		}
		label, _ := line.Props["label"].Value().(string)
		enabled, _ := line.Props["enabled"].Value().(bool)
		labels, off = append(labels, label), append(off, !enabled)
	}
	return revision, labels, off
}

func TestTrayOnTheBus(t *testing.T) {
	newBus(t)
	w := keepTray(t, true)
	s, h := started(t)
	h.offered(t, Offers{Tray: true})
	name := w.item(t)
	item, menu := w.conn.Object(name, itemPath), w.conn.Object(name, menuPath)

	_, labels, off := layout(t, menu)
	if !slices.Equal(labels, []string{"Open", "Lock", "", "Quit__"}) || off[0] || !off[1] || off[3] {
		t.Errorf("menu %q, off %v", labels, off)
	}
	pictures := func() []pixmap {
		v, err := item.GetProperty(itemName + ".IconPixmap")
		if err != nil {
			t.Fatal(err)
		}
		var all []pixmap
		if err := dbus.Store([]any{v.Value()}, &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := pictures()

	for _, id := range []int32{1, 2, 3, 4, 0, 99, -1} { // the second is off, the third a line, the rest none
		if err := menu.Call(menuName+".Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err; err != nil {
			t.Error(err)
		}
	}
	menu.Call(menuName+".Event", 0, int32(1), "hovered", dbus.MakeVariant(""), uint32(0))
	if err := item.Call(itemName+".Activate", 0, int32(1), int32(2)).Err; err != nil {
		t.Error(err)
	}
	if _, _, chosen := h.all(); !slices.Equal(chosen, []string{Open, Quit, ""}) {
		t.Errorf("chosen %q", chosen)
	}

	open := closedTray
	open.Unread, open.Word = true, "Tacit: new messages"
	open.Items = slices.Clone(open.Items)
	open.Items[1].Off = false
	s.SetTray(open)
	until(t, "the lock can be chosen", func() bool { _, _, off := layout(t, menu); return !off[1] })
	if v, err := item.GetProperty(itemName + ".ToolTip"); err != nil || v.Value().([]any)[2] != "Tacit: new messages" {
		t.Errorf("tooltip %v, %v", v, err)
	}
	after := pictures()
	if len(after) != len(before) || slices.Equal(after[0].Pix, before[0].Pix) {
		t.Error("something unread is not seen")
	}
	for _, p := range after {
		if len(p.Pix) != int(4*p.W*p.H) {
			t.Errorf("%d bytes for %d x %d", len(p.Pix), p.W, p.H)
		}
	}
}

// TestMenuThatIsAskedForOddly: a tray that asks for what there is not gets an error, and
// nothing else happens.
func TestMenuThatIsAskedForOddly(t *testing.T) {
	m := newMenu(func(string) { t.Error("chosen") })
	m.set(closedTray)
	for _, id := range []int32{-1, 5, 1 << 30, -1 << 31} {
		if _, _, err := m.GetLayout(id, -1, nil); err == nil {
			t.Errorf("line %d has a layout", id)
		}
		if _, err := m.GetProperty(id, "label"); err == nil {
			t.Errorf("line %d has a label", id)
		}
		_ = m.Event(id, "clicked", dbus.Variant{}, 0)
	}
	if _, err := m.EventGroup([]menuEvent{{ID: 3, Event: "clicked"}, {ID: 9, Event: "clicked"}}); err != nil {
		t.Error(err)
	}
	if all, _ := m.GetGroupProperties([]int32{1, 9}, []string{"label"}); len(all) != 1 || len(all[0].Props) != 1 {
		t.Errorf("properties %v", all)
	}
	if all, _ := m.GetGroupProperties(nil, nil); len(all) != 5 {
		t.Errorf("%d lines", len(all))
	}
}

// TestNoTray: without the program that keeps one, or where nobody draws it, there is none;
// it comes and goes with them.
func TestNoTray(t *testing.T) {
	newBus(t)
	_, h := started(t)
	h.offered(t, Offers{})
	w := keepTray(t, false)
	h.offered(t, Offers{})
	w.props.SetMust(watcherName, "IsStatusNotifierHostRegistered", true)
	if err := w.conn.Emit(watcherPath, watcherName+".StatusNotifierHostRegistered"); err != nil {
		t.Fatal(err)
	}
	h.offered(t, Offers{Tray: true})
	_ = w.conn.Close()
	h.offered(t, Offers{})
	keepTray(t, true)
	h.offered(t, Offers{Tray: true})
}

// TestTrayThatHangs: a program that keeps the tray and does not answer holds up no notes.
func TestTrayThatHangs(t *testing.T) {
	newBus(t)
	v := serve(t)
	conn, hold := onBus(t), make(chan struct{})
	t.Cleanup(func() { close(hold) })
	get := func(string, string) (dbus.Variant, *dbus.Error) {
		<-hold
		return dbus.MakeVariant(true), nil
	}
	if err := conn.ExportMethodTable(map[string]any{"Get": get}, watcherPath, "org.freedesktop.DBus.Properties"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	s, h := started(t)
	h.offered(t, Offers{Notes: true})
	s.Notify(Note{Key: 1, Title: "Tacit"})
	until(t, "the note stands", func() bool { return len(v.standing()) == 1 })
	s.Withdraw(1)
	v.none(t)
}

func TestIcon(t *testing.T) {
	for _, size := range []int{16, 22, 24, 32, 48, 64} {
		plain, marked := Icon(size, false), Icon(size, true)
		at := func(img *image.NRGBA, x, y float64) color.NRGBA {
			return img.NRGBAAt(int(x*float64(size)/24), int(y*float64(size)/24))
		}
		if at(plain, 0, 0).A > 128 || at(plain, 1.6, 12) != plate || at(plain, 12, 12).R < 0xA0 {
			t.Errorf("%d: corner %v, plate %v, stem %v", size, at(plain, 0, 0), at(plain, 1.6, 12), at(plain, 12, 12))
		}
		if at(marked, 18, 6) != signal || at(marked, 18, 12.9).A > 60 || at(marked, 4, 20) != at(plain, 4, 20) {
			t.Errorf("%d: mark %v, gap %v", size, at(marked, 18, 6), at(marked, 18, 12.9))
		}
	}
}
