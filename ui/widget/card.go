package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Card is a sheet of surface with a hairline around its content.
type Card struct {
	fynewidget.BaseWidget
	content fyne.CanvasObject
}

// NewCard returns a card around content.
func NewCard(content fyne.CanvasObject) *Card {
	c := &Card{content: content}
	if b, ok := content.(*ScrollBox); ok {
		b.barOutside = true
	}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	sheet := box(theme.RadiusCard)
	update := func() {
		p := theme.Current()
		paint(sheet, p.Surface, p.Hairline, theme.Hair)
	}
	minSize := func() fyne.Size {
		const both = 2 * theme.CardPadding
		return c.content.MinSize().AddWidthHeight(both, both)
	}
	place := func(s fyne.Size) {
		fill(sheet, s, 0)
		fill(c.content, s, -theme.CardPadding)
	}
	return newParts(c, update, minSize, place, sheet, c.content)
}
