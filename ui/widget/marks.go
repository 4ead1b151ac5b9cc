package widget

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// maxDots is the highest level of trust.
const maxDots = 3

// Dots shows a level of trust, 0 to 3, as circles filled from the start edge. The word
// for the level stands beside it where it is first met.
type Dots struct {
	fynewidget.BaseWidget
	level    int
	diameter float32
}

// NewDots returns dots of the given diameter: theme.DotRow, DotHeader or DotDetails.
func NewDots(level int, diameter float32) *Dots {
	d := &Dots{level: level, diameter: diameter}
	d.ExtendBaseWidget(d)
	return d
}

// SetLevel shows another level.
func (d *Dots) SetLevel(level int) {
	if d.level != level {
		d.level = level
		d.Refresh()
	}
}

// dotStroke is the line of a dot; filled and empty ones have the same outer size.
const dotStroke = 1.25

// CreateRenderer implements fyne.Widget.
func (d *Dots) CreateRenderer() fyne.WidgetRenderer {
	circles := make([]*canvas.Circle, maxDots)
	objects := make([]fyne.CanvasObject, maxDots)
	for i := range circles {
		circles[i] = canvas.NewCircle(transparent)
		objects[i] = circles[i]
	}
	update := func() {
		ink := theme.Current().Ink2
		for i, c := range circles {
			c.StrokeColor, c.StrokeWidth, c.FillColor = ink, dotStroke, transparent
			if i < d.level {
				c.FillColor = ink
			}
		}
	}
	minSize := func() fyne.Size {
		return fyne.NewSize(maxDots*d.diameter+(maxDots-1)*theme.DotGap, d.diameter)
	}
	place := func(s fyne.Size) {
		for i, c := range circles {
			put(c, float32(i)*(d.diameter+theme.DotGap), (s.Height-d.diameter)/2, d.diameter, d.diameter, s.Width)
		}
	}
	return newParts(d, update, minSize, place, objects...)
}

// setGlyph shows the icon of a message state in its colour, or nothing.
func setGlyph(i *canvas.Image, name theme.IconName) {
	show(i, name != "")
	if name == "" {
		return
	}
	ink := theme.Current().Ink3
	if name == theme.IconFailed {
		ink = theme.Current().Danger
	}
	setIcon(i, theme.SmallIcon(name, ink))
}

// pillParts draws the number of unread messages inside another control.
type pillParts struct {
	plate  *canvas.Rectangle
	number *words
}

func newPillParts() *pillParts { return &pillParts{box(0), newWords()} }

func (d *pillParts) set(n int) { d.show(n, false, false) }

// show draws n, or a dot where nothing was counted; quietly where nothing is announced.
func (d *pillParts) show(n int, dot, quiet bool) {
	p := theme.Current()
	style := theme.Caption
	style.Semibold = true
	ink, plate, edge := p.OnAccent, p.Accent, transparent
	if quiet {
		ink, plate, edge = p.Ink2, transparent, p.Field
	}
	number := ""
	if n > 0 {
		number = pillNumber(n)
	}
	d.number.set(number, style, ink)
	paint(d.plate, plate, edge, theme.FieldEdge)
	show(d.plate, n > 0 || dot)
	show(d.number.raster, n > 0)
}

// maxUnread is the largest number that is told exactly.
const maxUnread = 99

func pillNumber(n int) string {
	if n > maxUnread {
		return strconv.Itoa(maxUnread) + "+"
	}
	return strconv.Itoa(n)
}

// pillDot is the diameter of a pill without a number.
const pillDot = theme.Space12

func (d *pillParts) size() fyne.Size {
	if d.number.s == "" {
		return fyne.NewSquareSize(pillDot)
	}
	h := d.number.style.LineHeight + theme.Space2
	return fyne.NewSize(max(h+theme.Space4, d.number.natural()+2*theme.Space8-theme.Space2), h)
}

func (d *pillParts) put(x, y, width float32) {
	m := d.size()
	d.plate.CornerRadius = m.Height / 2
	put(d.plate, x, y, m.Width, m.Height, width)
	d.number.put(x, y+theme.Space2/2, m.Width, width, alignCentre)
}
