package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Popover is a small card with a word and what it means, beside what it is about. Any key
// or press puts it away.
type Popover struct {
	fynewidget.BaseWidget
	canvas      fyne.Canvas
	before      fyne.Focusable // what had the keyboard
	at          fyne.Position  // corner at the start edge, in the window
	title, text string
}

// ShowPopover opens a card with its start corner at a point of the window; where there is
// no room it opens above.
func ShowPopover(c fyne.Canvas, at fyne.Position, title, text string) *Popover {
	p := &Popover{canvas: c, before: c.Focused(), at: at, title: title, text: text}
	p.ExtendBaseWidget(p)
	c.Overlays().Add(p)
	p.Resize(c.Size())
	c.Focus(p)
	return p
}

// Close takes the card away and gives the keyboard back.
func (p *Popover) Close() {
	p.canvas.Overlays().Remove(p)
	if p.before != nil {
		p.canvas.Focus(p.before)
	}
}

func (p *Popover) Tapped(*fyne.PointEvent)          { p.Close() }
func (p *Popover) TappedSecondary(*fyne.PointEvent) { p.Close() }
func (p *Popover) Scrolled(*fyne.ScrollEvent)       { p.Close() }

func (p *Popover) FocusGained()            {}
func (p *Popover) FocusLost()              {}
func (p *Popover) TypedRune(rune)          {}
func (p *Popover) TypedKey(*fyne.KeyEvent) { p.Close() }

// AcceptsTab keeps the Tab key: it closes the card like any other.
func (p *Popover) AcceptsTab() bool { return true }

const popoverWidth float32 = 280

// CreateRenderer implements fyne.Widget.
func (p *Popover) CreateRenderer() fyne.WidgetRenderer {
	plate, word, body := box(theme.RadiusRow), newText(0), newText(0)
	update := func() {
		c := theme.Current()
		paint(plate, c.Surface, c.Hairline, theme.Hair)
		word.set(p.title, theme.UIBold, c.Ink)
		body.set(p.text, theme.Small, c.Ink2)
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(s fyne.Size) {
		const pad = theme.Space16
		w := min(popoverWidth*theme.Scale(), s.Width-2*theme.Space8)
		room := w - 2*pad
		first := word.heightFor(room)
		h := first + theme.Space4 + body.heightFor(room) + 2*pad
		left := p.at.X
		if theme.RTL() {
			left -= w
		}
		left = max(theme.Space8, min(left, s.Width-w-theme.Space8))
		top := p.at.Y
		if top+h > s.Height-theme.Space8 {
			top = max(theme.Space8, top-h-theme.Space32)
		}
		plate.Move(fyne.NewPos(left, top))
		plate.Resize(fyne.NewSize(w, h))
		x := theme.Start(left, w, s.Width)
		word.put(x+pad, top+pad, room, s.Width, alignStart)
		body.put(x+pad, top+pad+first+theme.Space4, room, s.Width, alignStart)
	}
	return newParts(p, update, minSize, place, plate, word.raster, body.raster)
}
