package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// Tabs is a row of words of which one is chosen; where a word of it has no room they
// stand below one another. Each word is reached by Tab; the arrow
// keys choose the neighbour.
type Tabs struct {
	fynewidget.BaseWidget
	OnChosen func(i int)

	tabs   []*tab
	chosen int
}

// NewTabs returns tabs with these words, the first one chosen.
func NewTabs(onChosen func(int), labels ...string) *Tabs {
	t := &Tabs{OnChosen: onChosen}
	for i, label := range labels {
		t.tabs = append(t.tabs, newTab(t, i, label))
	}
	t.ExtendBaseWidget(t)
	return t
}

// Chosen returns the index of the chosen tab.
func (t *Tabs) Chosen() int { return t.chosen }

// Choose chooses a tab without a report.
func (t *Tabs) Choose(i int) {
	if i < 0 || i >= len(t.tabs) || i == t.chosen {
		return
	}
	t.chosen = i
	t.Refresh()
}

func (t *Tabs) choose(i int) {
	if i < 0 || i >= len(t.tabs) || i == t.chosen {
		return
	}
	t.Choose(i)
	if t.OnChosen != nil {
		t.OnChosen(i)
	}
}

// HeightFor returns the height at a width: large words wrap.
func (t *Tabs) HeightFor(width float32) float32 {
	if t.stacked(width) {
		return float32(len(t.tabs)) * t.lineHeight(width)
	}
	h := theme.MenuItemHeight()
	for _, tab := range t.tabs {
		if room := width/float32(len(t.tabs)) - 2*theme.Space8; room > 0 {
			tab.update()
			h = max(h, tab.word.heightFor(room)+theme.Space16)
		}
	}
	return h
}

// stacked reports whether the words stand below one another at a width.
func (t *Tabs) stacked(width float32) bool {
	room := width/float32(len(t.tabs)) - 2*theme.Space8
	for _, tab := range t.tabs {
		if room > 0 && text.Layout(tab.label, theme.SmallBold, text.Options{Width: room}).Broken() {
			return true
		}
	}
	return false
}

// lineHeight is that of one word of several below one another.
func (t *Tabs) lineHeight(width float32) float32 {
	h := theme.MenuItemHeight()
	for _, tab := range t.tabs {
		if room := width - 2*theme.Space8; room > 0 {
			tab.update()
			h = max(h, tab.word.heightFor(room)+theme.Space16)
		}
	}
	return h
}

// CreateRenderer implements fyne.Widget.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	track := box(theme.RadiusField)
	objects := []fyne.CanvasObject{track}
	for _, tab := range t.tabs {
		objects = append(objects, tab)
	}
	update := func() {
		paint(track, theme.Current().List, transparent, 0)
		for _, tab := range t.tabs {
			tab.Refresh()
		}
	}
	minSize := func() fyne.Size {
		w := float32(0)
		for _, tab := range t.tabs {
			w = max(w, tab.MinSize().Width)
		}
		return fyne.NewSize(w*float32(len(t.tabs)), t.HeightFor(t.Size().Width))
	}
	place := func(s fyne.Size) {
		fill(track, s, 0)
		if len(t.tabs) == 0 {
			return
		}
		if t.stacked(s.Width) {
			h := t.lineHeight(s.Width)
			for i, tab := range t.tabs {
				put(tab, 0, float32(i)*h, s.Width, h, s.Width)
			}
			return
		}
		each := s.Width / float32(len(t.tabs))
		for i, tab := range t.tabs {
			put(tab, float32(i)*each, 0, each, s.Height, s.Width)
		}
	}
	return newParts(t, update, minSize, place, objects...)
}

// tab is one word of Tabs.
type tab struct {
	press
	of    *Tabs
	index int
	label string
	word  *words
}

func newTab(of *Tabs, i int, label string) *tab {
	t := &tab{of: of, index: i, label: label, word: newText(0)}
	t.extend(t, func() { of.choose(i) })
	return t
}

// Label returns the word on the tab.
func (t *tab) Label() string { return t.label }

func (t *tab) TypedKey(e *fyne.KeyEvent) {
	step, back, on := 0, fyne.KeyLeft, fyne.KeyRight
	switch {
	case t.of.stacked(t.of.Size().Width):
		back, on = fyne.KeyUp, fyne.KeyDown
	case theme.RTL():
		back, on = on, back
	}
	switch e.Name {
	case back:
		step = -1
	case on:
		step = 1
	default:
		t.press.TypedKey(e)
		return
	}
	if i := t.index + step; i >= 0 && i < len(t.of.tabs) {
		t.of.choose(i)
		if c := canvasOf(t); c != nil {
			c.Focus(t.of.tabs[i])
		}
	}
}

// update sets the word and returns the colours of the plate.
func (t *tab) update() (fill, edge color.NRGBA) {
	p := theme.Current()
	style, ink := theme.Small, p.Ink2
	switch {
	case t.of.chosen == t.index:
		style, ink = theme.SmallBold, p.Ink
		fill, edge = p.Surface, p.Hairline
	case t.hot():
		fill, ink = p.Hover, p.Ink
	}
	t.word.set(t.label, style, ink)
	return fill, edge
}

func (t *tab) CreateRenderer() fyne.WidgetRenderer {
	plate, ring := box(theme.RadiusField-1), box(theme.RadiusField-1)
	update := func() {
		fill, edge := t.update()
		paint(plate, fill, edge, theme.Hair)
		showRing(ring, t.ring)
	}
	minSize := func() fyne.Size {
		return fyne.NewSize(t.word.natural()+2*theme.Space8, theme.MenuItemHeight())
	}
	place := func(s fyne.Size) {
		fill(plate, s, -theme.Space2)
		fill(ring, s, -theme.Space2)
		room := s.Width - 2*theme.Space8
		t.word.put(theme.Space8, (s.Height-t.word.heightFor(room))/2, room, s.Width, alignCentre)
	}
	return newParts(t, update, minSize, place, plate, ring, t.word.raster)
}
