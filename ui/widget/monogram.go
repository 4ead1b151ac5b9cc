package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// Monogram stands for a person: the first letter of the name on a disc. It carries no
// colour of its own, so that nobody is told from another by it.
type Monogram struct {
	fynewidget.BaseWidget
	name     string
	diameter float32
}

// NewMonogram returns the monogram of name.
func NewMonogram(name string, diameter float32) *Monogram {
	m := &Monogram{name: name, diameter: diameter}
	m.ExtendBaseWidget(m)
	return m
}

// SetName shows another name's.
func (m *Monogram) SetName(name string) {
	if m.name != name {
		m.name = name
		m.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (m *Monogram) CreateRenderer() fyne.WidgetRenderer {
	d := newMonogramParts()
	update := func() { d.set(m.name, m.diameter) }
	minSize := func() fyne.Size { return fyne.NewSquareSize(m.diameter) }
	place := func(s fyne.Size) { d.put((s.Width-m.diameter)/2, (s.Height-m.diameter)/2, s.Width) }
	return newParts(m, update, minSize, place, d.disc, d.letter.raster)
}

// monogramParts draws a monogram inside another control.
type monogramParts struct {
	disc     *canvas.Circle
	letter   *words
	diameter float32
}

func newMonogramParts() *monogramParts {
	return &monogramParts{disc: canvas.NewCircle(transparent), letter: newWords()}
}

// monogramLetter is the size of the letter against the disc; the disc does not grow with
// the text size, so neither does the letter.
const monogramLetter = 0.425

func (d *monogramParts) set(name string, diameter float32) {
	p := theme.Current()
	d.diameter = diameter
	d.disc.FillColor = p.Hairline
	size := diameter * monogramLetter
	style := theme.TextStyle{Size: size, LineHeight: ceil(size * 1.5), Semibold: true, Family: theme.Letters()}
	d.letter.set(text.CutGraphemes(name, 1), style, p.Ink2)
}

func (d *monogramParts) put(x, y, width float32) {
	put(d.disc, x, y, d.diameter, d.diameter, width)
	d.letter.put(x, y+(d.diameter-d.letter.style.LineHeight)/2, d.diameter, width, alignCentre)
}
