package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// MenuItem is one line of a menu. Dangerous ones stand last, after a separator.
type MenuItem struct {
	Label    string
	Icon     theme.IconName // or ""
	Checked  bool           // what holds now, of several to choose from
	Danger   bool
	Disabled bool
	Action   func()
}

// Menu is a list of things to do, over the window until one is chosen.
type Menu struct {
	fynewidget.BaseWidget
	items  []MenuItem
	canvas fyne.Canvas
	at     fyne.Position  // corner at the start edge, in the window
	before fyne.Focusable // what had the keyboard
	head   fyne.CanvasObject
	cursor int  // -1 for none
	keys   bool // the cursor was moved by the keyboard, and shows as focus does
	lines  []*menuLine
}

// ShowMenu opens a menu with its start corner at a point of the window; where there is
// no room it opens to the other side. It takes the keyboard until it is closed.
func ShowMenu(c fyne.Canvas, at fyne.Position, items ...MenuItem) *Menu {
	return ShowMenuUnder(c, at, nil, items...)
}

// ShowMenuUnder is ShowMenu with something else above the items, such as a row of emoji;
// it may be nil. If it can have the keyboard, Up from the first item leads to it; what it
// does not know of keys is the menu's. It has to close the menu when it is used.
func ShowMenuUnder(c fyne.Canvas, at fyne.Position, head fyne.CanvasObject, items ...MenuItem) *Menu {
	m := &Menu{canvas: c, before: c.Focused(), at: at, head: head, cursor: -1}
	for _, dangerous := range []bool{false, true} {
		for _, item := range items {
			if item.Danger == dangerous {
				m.items = append(m.items, item)
			}
		}
	}
	for i := range m.items {
		m.lines = append(m.lines, newMenuLine(m, i))
	}
	m.ExtendBaseWidget(m)
	c.Overlays().Add(m)
	m.Resize(c.Size())
	c.Focus(m)
	return m
}

// Close closes the menu without a choice and gives the keyboard back.
func (m *Menu) Close() {
	m.canvas.Overlays().Remove(m)
	if m.before != nil {
		m.canvas.Focus(m.before)
	}
}

func (m *Menu) Tapped(*fyne.PointEvent)          { m.Close() }
func (m *Menu) TappedSecondary(*fyne.PointEvent) { m.Close() }

func (m *Menu) FocusGained()   {}
func (m *Menu) FocusLost()     {}
func (m *Menu) TypedRune(rune) {}

func (m *Menu) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		m.Close()
	case fyne.KeyDown, fyne.KeyTab:
		m.step(1)
	case fyne.KeyUp:
		m.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.choose(m.cursor)
	}
}

// AcceptsTab keeps the Tab key inside the menu.
func (m *Menu) AcceptsTab() bool { return true }

func (m *Menu) step(by int) {
	n := len(m.items)
	at := m.cursor
	if f, ok := m.head.(fyne.Focusable); ok && by < 0 && at <= 0 {
		m.setCursor(-1, true)
		m.canvas.Focus(f)
		return
	}
	if at < 0 && by < 0 {
		at = n
	}
	for range n {
		at = (at + by + n) % n
		if !m.items[at].Disabled {
			m.canvas.Focus(m)
			m.setCursor(at, true)
			return
		}
	}
}

func (m *Menu) setCursor(i int, keys bool) {
	if m.cursor != i || m.keys != keys {
		m.cursor, m.keys = i, keys
		m.Refresh()
	}
}

func (m *Menu) choose(i int) {
	if i < 0 || i >= len(m.items) || m.items[i].Disabled {
		return
	}
	m.Close()
	if m.items[i].Action != nil {
		m.items[i].Action()
	}
}

const menuPadding = theme.Space4

// separator returns the index of the first dangerous item that follows others, or -1.
func (m *Menu) separator() int {
	for i, item := range m.items {
		if item.Danger && i > 0 {
			return i
		}
	}
	return -1
}

// panel returns the size of the visible part.
func (m *Menu) panel() fyne.Size {
	w, h := float32(160), float32(2*menuPadding)
	for _, l := range m.lines {
		w = max(w, l.MinSize().Width+2*menuPadding)
		h += theme.MenuItemHeight()
	}
	if m.separator() > 0 {
		h += 2*menuPadding + theme.Hair
	}
	if m.head != nil {
		head := m.head.MinSize()
		w, h = max(w, head.Width+2*menuPadding), h+head.Height+menuPadding
	}
	return fyne.NewSize(w, h)
}

// CreateRenderer implements fyne.Widget.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	plate, rule := box(theme.RadiusRow), box(0)
	objects := []fyne.CanvasObject{plate, rule}
	if m.head != nil {
		objects = append(objects, m.head)
	}
	for _, l := range m.lines {
		objects = append(objects, l)
	}
	update := func() {
		p := theme.Current()
		paint(plate, p.Surface, p.Hairline, theme.Hair)
		paint(rule, p.Hairline, transparent, 0)
		show(rule, m.separator() > 0)
		for _, l := range m.lines {
			l.Refresh()
		}
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(s fyne.Size) {
		panel := m.panel()
		left := m.at.X
		if theme.RTL() {
			left -= panel.Width
		}
		left = max(theme.Space4, min(left, s.Width-panel.Width-theme.Space4))
		top := m.at.Y
		if top+panel.Height > s.Height-theme.Space4 {
			top = max(theme.Space4, top-panel.Height)
		}
		plate.Move(fyne.NewPos(left, top))
		plate.Resize(panel)
		y := top + menuPadding
		if m.head != nil {
			size := m.head.MinSize()
			m.head.Move(fyne.NewPos(left+menuPadding, y))
			m.head.Resize(fyne.NewSize(panel.Width-2*menuPadding, size.Height))
			y += size.Height + menuPadding
		}
		for i, l := range m.lines {
			if i == m.separator() {
				rule.Move(fyne.NewPos(left, y+menuPadding))
				rule.Resize(fyne.NewSize(panel.Width, theme.Hair))
				y += 2*menuPadding + theme.Hair
			}
			l.Move(fyne.NewPos(left+menuPadding, y))
			l.Resize(fyne.NewSize(panel.Width-2*menuPadding, theme.MenuItemHeight()))
			y += theme.MenuItemHeight()
		}
	}
	return newParts(m, update, minSize, place, objects...)
}

// menuLine is one item on the panel.
type menuLine struct {
	fynewidget.BaseWidget
	of    *Menu
	index int
}

func newMenuLine(of *Menu, i int) *menuLine {
	l := &menuLine{of: of, index: i}
	l.ExtendBaseWidget(l)
	return l
}

// Label returns the word on the line.
func (l *menuLine) Label() string { return l.of.items[l.index].Label }

func (l *menuLine) Tapped(*fyne.PointEvent)        { l.of.choose(l.index) }
func (l *menuLine) MouseIn(*desktop.MouseEvent)    { l.of.setCursor(l.index, false) }
func (l *menuLine) MouseMoved(*desktop.MouseEvent) {}
func (l *menuLine) MouseOut()                      { l.of.setCursor(-1, false) }

func (l *menuLine) CreateRenderer() fyne.WidgetRenderer {
	wash, ring := box(theme.RadiusField-theme.Space2), box(theme.RadiusField-theme.Space2)
	icon, tick, word := picture(), picture(), newWords()
	item := l.of.items[l.index]
	lead := float32(0)
	for _, other := range l.of.items {
		if other.Icon != "" { // labels stand in one column
			lead = theme.IconAction + theme.Space8
		}
	}
	update := func() {
		p := theme.Current()
		ink := p.Ink
		switch {
		case item.Disabled:
			ink = p.Ink3
		case item.Danger:
			ink = p.Danger
		}
		paint(wash, p.Hover, transparent, 0)
		here := l.of.cursor == l.index && !item.Disabled
		show(wash, here)
		showRing(ring, here && l.of.keys)
		show(icon, item.Icon != "")
		if item.Icon != "" {
			mark := p.Ink2
			if item.Danger || item.Disabled {
				mark = ink
			}
			setIcon(icon, theme.Icon(item.Icon, mark))
		}
		show(tick, item.Checked)
		if item.Checked {
			setIcon(tick, theme.SmallIcon(theme.IconCheck, p.Ink2))
		}
		word.set(item.Label, theme.UI, ink)
	}
	trail := float32(0)
	if item.Checked {
		trail = theme.Space12 + theme.IconState
	}
	minSize := func() fyne.Size {
		return fyne.NewSize(word.natural()+lead+trail+2*theme.Space12, theme.MenuItemHeight())
	}
	place := func(s fyne.Size) {
		fill(wash, s, 0)
		fill(ring, s, 0)
		put(icon, theme.Space8, (s.Height-theme.IconAction)/2, theme.IconAction, theme.IconAction, s.Width)
		x := theme.Space12 + lead
		word.put(x, (s.Height-word.style.LineHeight)/2, s.Width-x-trail-theme.Space12, s.Width, alignStart)
		put(tick, s.Width-theme.Space12-theme.IconState, (s.Height-theme.IconState)/2, theme.IconState, theme.IconState, s.Width)
	}
	return newParts(l, update, minSize, place, wash, ring, icon, tick, word.raster)
}
