package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Ground is the paper under a screen. The toolkit clears a window with a colour that is
// off by one part in 128, so paper of a pane and paper of the window would differ.
type Ground struct {
	fynewidget.BaseWidget
	least fyne.Size
}

// NewGround returns paper that is not smaller than least.
func NewGround(least fyne.Size) *Ground {
	g := &Ground{least: least}
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	paper := box(0)
	update := func() { paint(paper, theme.Current().Paper, transparent, 0) }
	minSize := func() fyne.Size { return g.least }
	place := func(s fyne.Size) { fill(paper, s, 0) }
	return newParts(g, update, minSize, place, paper)
}
