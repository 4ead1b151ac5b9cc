package settings

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// KeyGroup is a part of the sheet of keys.
type KeyGroup struct {
	Title string
	Keys  []Key
}

// Key is what is pressed, in words, and what it does.
type Key struct{ Press, Does string }

// NewKeySheet returns all keys, in groups.
func NewKeySheet(groups []KeyGroup) *layout.Column {
	sheet := column()
	for i, g := range groups {
		gap := theme.Space24
		if i == 0 {
			gap = 0
		}
		sheet.Add(gap, heading(g.Title))
		for _, k := range g.Keys {
			press := line(k.Press, &theme.Small, widget.InkSecond)
			press.SetMaxLines(1)
			sheet.Add(theme.Space8, layout.NewRow().
				AddGrow(0, line(k.Does, &theme.UI, widget.InkMain)).Add(theme.Space16, press).OrBelow())
		}
	}
	return sheet
}

// NewKeyCard returns the sheet as a card.
func NewKeyCard(groups []KeyGroup, onClose func()) *widget.ScrollBox {
	return widget.NewScrollBox(layout.NewColumn(theme.CardMin).
		Add(0, layout.NewRow().
			AddGrow(0, line(lang.T("settings.keyboard"), &theme.Title, widget.InkMain)).
			Add(theme.Space8, widget.NewIconButton(theme.IconClose, lang.T("word.close"), onClose)).Outset(theme.Space4)).
		Add(theme.Space16, NewKeySheet(groups)))
}
