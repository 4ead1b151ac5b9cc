package desktop

import (
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	menuName = "com.canonical.dbusmenu"
	menuPath = dbus.ObjectPath("/StatusNotifierMenu")
)

// menu is the menu of the tray, of one level: number 0 is the menu, and its lines are
// numbered from 1. Its exported methods are called by whoever draws it.
type menu struct {
	chosen func(string)

	mu       sync.Mutex
	items    []Item // guarded by mu
	revision uint32 // guarded by mu
}

func newMenu(chosen func(string)) *menu { return &menu{chosen: chosen} }

// set changes the lines, and returns the number of that change.
func (m *menu) set(t Tray) (revision uint32, changed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.Equal(m.items, t.Items) {
		return m.revision, false
	}
	m.items = slices.Clone(t.Items)
	m.revision++
	return m.revision, true
}

// layoutNode has the shape (ia{sv}av).
type layoutNode struct {
	ID       int32
	Props    map[string]dbus.Variant
	Children []dbus.Variant
}

// itemProps has the shape (ia{sv}).
type itemProps struct {
	ID    int32
	Props map[string]dbus.Variant
}

var errNoItem = dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", []any{"no such line"})

// props of a line, or of the whole menu; nil where there is none. mu is held.
func (m *menu) props(id int32, names []string) map[string]dbus.Variant {
	all := map[string]dbus.Variant{}
	switch i := int(id) - 1; {
	case id == 0:
		all["children-display"] = dbus.MakeVariant("submenu")
	case i < 0 || i >= len(m.items):
		return nil
	case m.items[i].Name == "":
		all["type"] = dbus.MakeVariant("separator")
	default:
		// A low line marks the letter after it as a key, unless there are two.
		all["label"] = dbus.MakeVariant(strings.ReplaceAll(m.items[i].Label, "_", "__"))
		all["enabled"] = dbus.MakeVariant(!m.items[i].Off)
	}
	for name := range all {
		if len(names) > 0 && !slices.Contains(names, name) {
			delete(all, name)
		}
	}
	return all
}

// GetLayout returns the lines.
func (m *menu) GetLayout(parent, depth int32, names []string) (uint32, layoutNode, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	node := layoutNode{ID: parent, Props: m.props(parent, names), Children: []dbus.Variant{}}
	if node.Props == nil {
		return 0, layoutNode{}, errNoItem
	}
	if parent == 0 && depth != 0 {
		for i := range m.items {
			id := int32(i + 1)
			node.Children = append(node.Children, dbus.MakeVariant(layoutNode{id, m.props(id, names), []dbus.Variant{}}))
		}
	}
	return m.revision, node, nil
}

// GetGroupProperties returns those of several lines; none are all.
func (m *menu) GetGroupProperties(ids []int32, names []string) ([]itemProps, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(ids) == 0 {
		for i := range len(m.items) + 1 {
			ids = append(ids, int32(i))
		}
	}
	all := []itemProps{}
	for _, id := range ids {
		if p := m.props(id, names); p != nil {
			all = append(all, itemProps{id, p})
		}
	}
	return all, nil
}

// GetProperty returns one of a line.
func (m *menu) GetProperty(id int32, name string) (dbus.Variant, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.props(id, []string{name})[name]; ok {
		return v, nil
	}
	return dbus.Variant{}, errNoItem
}

// Event is something that was done to a line; a click chooses it.
func (m *menu) Event(id int32, event string, _ dbus.Variant, _ uint32) *dbus.Error {
	m.mu.Lock()
	i, name := int(id)-1, ""
	if event == "clicked" && i >= 0 && i < len(m.items) && !m.items[i].Off {
		name = m.items[i].Name
	}
	m.mu.Unlock()
	if name != "" {
		m.chosen(name)
	}
	return nil
}

// menuEvent has the shape (isvu).
type menuEvent struct {
	ID    int32
	Event string
	Data  dbus.Variant
	Time  uint32
}

// EventGroup is several; it returns the numbers that there are not.
func (m *menu) EventGroup(events []menuEvent) ([]int32, *dbus.Error) {
	for _, e := range events {
		_ = m.Event(e.ID, e.Event, e.Data, e.Time)
	}
	return []int32{}, nil
}

// AboutToShow says whether the lines have to be asked for again first: a signal tells of
// each change.
func (m *menu) AboutToShow(int32) (bool, *dbus.Error) { return false, nil }

// AboutToShowGroup is several.
func (m *menu) AboutToShowGroup([]int32) (updates, errors []int32, err *dbus.Error) {
	return []int32{}, []int32{}, nil
}
