package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// RailItem is a place on a Rail: one letter on a disc, and the word of it.
type RailItem struct {
	Sign string // one or two letters
	Word string
}

// Rail is the narrow column at the start edge that switches between profiles.
type Rail struct {
	fynewidget.BaseWidget
	OnChosen func(i int)

	stops  []*railStop
	chosen int
}

// NewRail returns a rail with one stop marked; -1 marks none.
func NewRail(onChosen func(int), chosen int, items ...RailItem) *Rail {
	r := &Rail{OnChosen: onChosen, chosen: chosen}
	for i, item := range items {
		r.stops = append(r.stops, newRailStop(r, i, item))
	}
	r.ExtendBaseWidget(r)
	return r
}

// Rename gives a stop another sign and word.
func (r *Rail) Rename(i int, item RailItem) {
	if i >= 0 && i < len(r.stops) {
		r.stops[i].item, r.stops[i].word = item, item.Word
		r.stops[i].Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *Rail) CreateRenderer() fyne.WidgetRenderer {
	ground, rule := box(0), box(0)
	objects := []fyne.CanvasObject{ground, rule}
	for _, s := range r.stops {
		objects = append(objects, s)
	}
	update := func() {
		p := theme.Current()
		paint(ground, p.List, transparent, 0)
		paint(rule, p.Hairline, transparent, 0)
		for _, s := range r.stops {
			s.Refresh()
		}
	}
	minSize := func() fyne.Size { return fyne.NewSize(theme.RailWidth, 1) }
	place := func(s fyne.Size) {
		fill(ground, s, 0)
		put(rule, s.Width-theme.Hair, 0, theme.Hair, s.Height, s.Width)
		const step = theme.MonogramSize + theme.Space8
		y := (theme.HeaderHeight() - theme.MonogramSize) / 2
		for i, stop := range r.stops {
			put(stop, (s.Width-theme.MonogramSize)/2, y+float32(i)*step, theme.MonogramSize, theme.MonogramSize, s.Width)
		}
	}
	return newParts(r, update, minSize, place, objects...)
}

// railStop is one profile on a Rail.
type railStop struct {
	press
	of    *Rail
	index int
	item  RailItem
}

func newRailStop(of *Rail, i int, item RailItem) *railStop {
	s := &railStop{of: of, index: i, item: item}
	s.word = item.Word
	s.extend(s, func() {
		if of.OnChosen != nil {
			of.OnChosen(i)
		}
	})
	return s
}

const (
	railDisc float32 = 32
	railBar  float32 = 3 // beside the one that is open
)

// CreateRenderer implements fyne.Widget.
func (s *railStop) CreateRenderer() fyne.WidgetRenderer {
	disc, ring, bar := canvas.NewCircle(transparent), box(theme.RadiusField), box(railBar/2)
	letter := newWords()
	update := func() {
		p := theme.Current()
		open := s.of.chosen == s.index
		style := theme.TextStyle{Size: railDisc * monogramLetter, LineHeight: ceil(railDisc * monogramLetter * 1.5), Semibold: true, Family: theme.Letters()}
		ink := p.Ink2
		disc.FillColor = p.Hairline
		if open {
			disc.FillColor, ink = p.Selected, p.Ink
		}
		if s.hot() {
			ink = p.Ink
		}
		letter.set(s.item.Sign, style, ink)
		paint(bar, p.Accent, transparent, 0)
		show(bar, open)
		showRing(ring, s.ring)
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(theme.MonogramSize) }
	place := func(size fyne.Size) {
		fill(ring, size, 0)
		at := (size.Width - railDisc) / 2
		put(disc, at, at, railDisc, railDisc, size.Width)
		letter.put(at, at+(railDisc-letter.style.LineHeight)/2, railDisc, size.Width, alignCentre)
		const length = theme.Space20
		put(bar, -(theme.RailWidth-theme.MonogramSize)/2, (size.Height-length)/2, railBar, length, size.Width)
	}
	return newParts(s, update, minSize, place, disc, letter.raster, bar, ring)
}
